"""Which cards there should be, and their making: the database decides, Celery wakes."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, UnidentifiedImageError
from wagtail.images.models import Filter, SourceImageIOError

from front.models import HomePage, SharePicture
from front.sharing import cards
from news.models import NewsPage
from pages.languages import field, languages
from pages.models import BilingualPage, BrandSettings
from pictures.models import Picture
from topics.models import CountryPage, ProjectPage

FOLDER = "share"
DESIGN = 1  # raise it where cards look another way: all are made again
IN_ONE_GO = 100  # rows a minute; each takes a third of a second
PICTURED = (NewsPage, ProjectPage, CountryPage)
PHOTO = f"fill-{cards.WIDTH}x{cards.HEIGHT}|format-jpeg|jpegquality-92"
LOGO = f"max-{cards.LOGO_WIDTH}x{cards.LOGO_HEIGHT * 2}|format-png"
UNREADABLE = (OSError, SourceImageIOError, UnidentifiedImageError, ValueError)


# --- Asking: cheap, in the transaction that changes something


def ask(*, pages: Iterable[int], language: str) -> None:
    """Have the cards of some pages in a language made, or made again."""
    rows = [
        SharePicture(page_id=pk, language=language, asked_at=timezone.now())
        for pk in pages
    ]
    SharePicture.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["page", "language"],
        update_fields=["asked_at", "is_due"],
    )


def ask_again(rows: QuerySet[SharePicture]) -> None:
    """Have cards that there are looked at again."""
    rows.update(asked_at=timezone.now(), is_due=True)


def ask_for_pages_with(picture: Picture) -> None:
    """A picture was changed: what shows it is drawn again."""
    ask_again(SharePicture.objects.filter(page__in=_pages_with(picture)))


def forget_pages_with(picture: Picture) -> None:
    """A picture is deleted: no card may show it meanwhile; others are asked for."""
    pages = _pages_with(picture)
    rows = SharePicture.objects.filter(page__in=pages)
    asked = list(rows.values_list("language", "page"))
    forget(rows)
    for code in languages():
        ask(pages=[page for own, page in asked if own == code], language=code)


def _pages_with(picture: Picture) -> list[int]:
    return [
        pk
        for model in PICTURED
        for pk in model.objects.filter(picture=picture).values_list("pk", flat=True)
    ]


def forget(rows: QuerySet[SharePicture]) -> None:
    """Take cards away, with their files."""
    rows.delete()


def settle(*, top: str = "") -> int:
    """Give each page that anyone may read its row; take away those of the others.

    At and below a tree path; returns how many were asked for.
    """
    asked = 0
    for code in languages():
        rows = SharePicture.objects.filter(language=code, page__path__startswith=top)
        readable = BilingualPage.objects.readable_in(code).filter(path__startswith=top)
        forget(rows.exclude(page__in=readable))
        missing = readable.exclude(pk__in=rows.values("page"))
        found = list(missing.values_list("pk", flat=True))
        ask(pages=found, language=code)
        asked += len(found)
    return asked


# --- Making: by a worker


def due(most: int = IN_ONE_GO) -> list[int]:
    """Rows whose card is to be looked at, the last that were asked for first."""
    rows = SharePicture.objects.filter(is_due=True).order_by("-asked_at", "-page_id")
    return list(rows.values_list("pk", flat=True)[:most])


def make(*, pk: int) -> bool:
    """Look at one card and draw it anew if need be; whether it was drawn.

    Safe to run twice, also at once: whoever was asked before something changed gives
    way, and the row stays due for the next.
    """
    row = SharePicture.objects.filter(pk=pk, is_due=True).first()
    if row is None:
        return False
    page = _readable(row)
    if page is None:
        forget(SharePicture.objects.filter(pk=row.pk))
        return False
    brand = BrandSettings.current()
    key = _key(page, row.language, brand)
    is_made = key == row.key and row.file and default_storage.exists(row.file)
    file = row.file if is_made else _drawn(page, row.language, brand)
    _keep(row, key, file)
    return not is_made


def rebuild() -> int:
    """Have every card looked at again, by the worker; how many there are."""
    settle()
    ask_again(SharePicture.objects.all())
    return SharePicture.objects.count()


def _readable(row: SharePicture) -> Any:
    rows = BilingualPage.objects.readable_in(row.language)
    found = rows.filter(pk=row.page_id).first()
    return found.specific if found else None


def _keep(row: SharePicture, key: str, file: str) -> None:
    """Note the card, unless it was asked for again while it was drawn."""
    asked = SharePicture.objects.filter(pk=row.pk, asked_at=row.asked_at, is_due=True)
    is_kept = asked.update(key=key, file=file, is_due=False)
    unused = row.file if is_kept else file
    if unused and row.file != file:
        remove_file(unused)


def remove_file(name: str) -> None:
    """Once the database has forgotten it."""
    transaction.on_commit(lambda: default_storage.delete(name))


# --- What a card shows


def _headline(page: Any, language: str, brand: BrandSettings) -> str:
    own = field(page, "headline", language) or ""
    if isinstance(page, HomePage):
        return field(brand, "tagline", language) or own
    return own


def _key(page: Any, language: str, brand: BrandSettings) -> str:
    """Another one whenever the card would be another one."""
    shown = [
        DESIGN,
        page.pk,
        language,
        _headline(page, language, brand),
        _trace(getattr(page, "picture", None)),
        brand.name_in(language),
        brand.accent,
        _trace(brand.logo_light),
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def _trace(picture: Picture | None) -> list[Any]:
    if picture is None:
        return []
    around = ("x", "y", "width", "height")
    focus = [getattr(picture, f"focal_point_{side}") for side in around]
    return [picture.pk, picture.file.name, picture.file_hash, *focus]


def _drawn(page: Any, language: str, brand: BrandSettings) -> str:
    """Draw the card and store it; the file's name, which says what is in it."""
    mark = cards.Mark(
        brand.name_in(language) or settings.WAGTAIL_SITE_NAME,
        brand.accent or cards.ACCENT,
        _opened(brand.logo_light, LOGO),
    )
    photo = _opened(getattr(page, "picture", None), PHOTO)
    seed = f"{page.pk}"
    data = cards.draw(_headline(page, language, brand), mark, photo, seed=seed)
    name = f"{FOLDER}/{hashlib.sha256(data).hexdigest()[:24]}.jpg"
    return default_storage.save(name, ContentFile(data))


def _opened(picture: Picture | None, spec: str) -> Image.Image | None:
    """A picture cut by Wagtail around its focal point, with no rendition kept.

    None where its file is gone or broken: the card then does without.
    """
    if picture is None:
        return None
    data = io.BytesIO()
    try:
        Filter(spec=spec).run(picture, data)
        found = Image.open(data)
        found.load()
    except UNREADABLE:
        return None
    return found
