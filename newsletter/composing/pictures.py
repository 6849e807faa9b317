"""Pictures as mails need them: JPEG, measured, with absolute addresses and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.files.storage import default_storage
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from pages.absolute import absolute
from pages.languages import field

WIDTH = 600  # pixels, the mail's sheet
SHOWN_WIDTH = 544  # the sheet without its padding, see mail/shell.mjml
_JPEG = "format-jpeg|jpegquality-78|bgcolor-ffffff"
SMALL_WIDTH = 168  # beside a story's words
FILTERS = tuple(f"width-{w}|{_JPEG}" for w in (WIDTH, 2 * WIDTH, 2 * SMALL_WIDTH))


@dataclass(frozen=True)
class MailPicture:
    """One picture in one language; `sharp_url` is for screens of double density.

    `small_url` is for beside a text, sharp enough for any screen.
    """

    url: str
    sharp_url: str
    small_url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    title: str = ""
    is_decoration: bool = False
    file: str = ""  # the plain one's name in the storage

    @property
    def mail_size(self) -> tuple[int, int]:
        """Width and height in a mail: Outlook obeys these and no style sheet."""
        return self._within(SHOWN_WIDTH)

    @property
    def small_size(self) -> tuple[int, int]:
        """The same beside a story's words."""
        return self._within(SMALL_WIDTH)

    def _within(self, most: int) -> tuple[int, int]:
        width = min(self.width, most)
        return width, round(self.height * width / self.width)

    @property
    def note(self) -> str:
        """What stands under the picture: the caption, then the credit."""
        return " · ".join(part for part in (self.caption, self.credit) if part)


def in_language(thing: object, name: str, language: str) -> str:
    """A translated field's text in exactly this language, or ""."""
    return field(thing, name, language) or ""


def load(ids: Iterable[int], language: str) -> Mapping[int, MailPicture]:
    """The pictures by id, in a fixed number of queries; missing files are left out."""
    rows = get_image_model().objects.filter(pk__in=set(ids))
    loaded = {}
    for row in rows.prefetch_renditions(*FILTERS):
        try:
            renditions = row.get_renditions(*FILTERS)
        except (SourceImageIOError, InvalidFilterSpecError, OSError):
            continue
        loaded[row.pk] = _described(row, renditions, language)
    return loaded


def weight(picture: MailPicture) -> int:
    """Bytes that a reader's program fetches for it; 0 where nobody knows."""
    try:
        return default_storage.size(picture.file)
    except OSError:
        return 0


def _described(row, renditions, language: str) -> MailPicture:
    plain, sharp, small = (renditions[spec] for spec in FILTERS)
    return MailPicture(
        url=absolute(plain.url),
        sharp_url=absolute(sharp.url) if sharp.width > plain.width else "",
        small_url=absolute(small.url),
        width=plain.width,
        height=plain.height,
        alt=row.alt_in(language),
        caption=row.caption_in(language),
        credit=row.credit,
        title=row.title,
        is_decoration=row.is_decoration,
        file=plain.file.name,
    )
