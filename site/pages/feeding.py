"""Bodies of pages as feeds carry them: plain HTML, absolute addresses, no script.

Blocks are read as they are stored, and what all bodies of a feed name is looked up
together: the number of queries does not grow with the stories.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import nh3
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from pages.absolute import absolute
from pages.languages import field
from pages.models import BilingualPage
from pictures.choosing import largest_made
from pictures.models import File, Picture

TAGS = {
    "a", "b", "blockquote", "br", "cite", "em", "figcaption", "figure", "h2", "h3",
    "h4", "hr", "i", "img", "li", "ol", "p", "small", "strong", "sub", "sup", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}}
SCHEMES = {"http", "https", "mailto", "tel"}
OWN_LINK = re.compile(r"<a\b[^>]*\blinktype=\"(page|document)\"[^>]*>")
OWN_ID = re.compile(r"\bid=\"(\d{1,9})\"")
WITHOUT_WAY = "<span>"  # not among TAGS: the words stay
Block = Mapping[str, Any]


def sanitised(html: str) -> str:
    """Only what shows words and pictures, every address absolute."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        attribute_filter=lambda _tag, name, value: (
            absolute(value) if name in {"href", "src"} else value
        ),
    )


def bodies_as_html(pages: list[Any], language: str) -> dict[int, str]:
    """Lead picture and body of each page in one language, by the page's number."""
    raw = {page.pk: list(_raw(page, language)) for page in pages}
    lead = {page.pk: getattr(page, "picture_id", None) for page in pages}
    named = _Named.by(raw.values(), set(lead.values()) - {None}, language)
    with translation.override(language):
        return {
            page.pk: sanitised(
                "".join(
                    [
                        named.figure(lead[page.pk]),
                        *(named.html(block, page) for block in raw[page.pk]),
                    ]
                )
            )
            for page in pages
        }


def pictures_of(page: Any, language: str) -> list[tuple[Picture, Mapping[str, Any]]]:
    """The lead picture and those of the body, each once, in their order.

    Each with the block round it, whose caption and credit win over its own.
    """
    shown: dict[int, Mapping[str, Any]] = {}
    if lead := getattr(page, "picture_id", None):
        shown[lead] = {}
    for block in _raw(page, language):
        for value in _picture_values(block):
            shown.setdefault(value["picture"], value)
    rows = Picture.objects.prefetch_related("renditions").in_bulk(shown)
    return [(rows[pk], own) for pk, own in shown.items() if pk in rows]


def _raw(page: Any, language: str) -> Iterator[Block]:
    value = getattr(page, f"body_{language}", None) or []
    return iter(getattr(value, "raw_data", value))


def _picture_values(block: Block) -> list[Mapping[str, Any]]:
    """What a block says of each of its pictures, those that were chosen."""
    value, kind = block["value"], block["type"]
    each = [item["value"] for item in value] if kind == "gallery" else [value]
    wanted = kind in {"picture", "gallery"}
    return [one for one in each if wanted and one.get("picture")]


def _picture_ids(block: Block) -> list[int]:
    return [value["picture"] for value in _picture_values(block)]


def _linked(raw: Iterable[list[Block]], kind: str) -> set[int]:
    """Pages or documents that rich text links to."""
    texts = [b["value"] for body in raw for b in body if b["type"] == "paragraph"]
    tags = (found for text in texts for found in OWN_LINK.finditer(text or ""))
    ids = (OWN_ID.search(tag[0]) for tag in tags if tag[1] == kind)
    return {int(found[1]) for found in ids if found}


def _values(raw: Iterable[list[Block]], kind: str) -> list[Any]:
    return [b["value"] for body in raw for b in body if b["type"] == kind]


@dataclass(frozen=True)
class _Named:
    """What the bodies name, loaded; and each kind of block as HTML."""

    language: str
    pictures: Mapping[int, Picture]
    files: Mapping[int, File]
    pages: Mapping[int, BilingualPage]

    @classmethod
    def by(
        cls, bodies: Iterable[list[Block]], pictures: set[int], language: str
    ) -> _Named:
        raw = list(bodies)
        pictures |= {pk for body in raw for b in body for pk in _picture_ids(b)}
        files = _linked(raw, "document")
        files |= {value.get("file") for value in _values(raw, "document")} - {None}
        pages = _linked(raw, "page") | {*_values(raw, "related_story")} - {None}
        readable = BilingualPage.objects.readable_in(language)
        return cls(
            language,
            Picture.objects.prefetch_related("renditions").in_bulk(pictures),
            File.objects.in_bulk(files),
            readable.in_bulk(pages),
        )

    def html(self, block: Block, page: Any) -> str:
        """A block; one that this module does not know as its own template has it."""
        write = getattr(self, f"write_{block['type']}", None)
        return write(block["value"]) if write else self._rendered(block, page)

    def _rendered(self, block: Block, page: Any) -> str:
        stream = getattr(page, f"body_{self.language}")
        found = (each for each in stream if each.id == block.get("id"))
        return next((each.render() for each in found), "")

    def write_heading(self, value: str) -> SafeString:
        return format_html("<h2>{}</h2>", value)

    def write_paragraph(self, value: str) -> str:
        return OWN_LINK.sub(self._link, value or "")

    def _link(self, tag: re.Match[str]) -> str:
        found = OWN_ID.search(tag[0])
        pk = int(found[1]) if found else 0
        url = self._page_url(pk) if tag[1] == "page" else self._file_url(pk)
        return format_html('<a href="{}">', url) if url else WITHOUT_WAY

    def _page_url(self, pk: int | None) -> str:
        page = self.pages.get(pk or 0)
        return (page.url_in(self.language) or "") if page else ""

    def _file_url(self, pk: int | None) -> str:
        return self.files[pk].url if pk in self.files else ""

    def write_picture(self, value: Mapping[str, Any]) -> SafeString:
        is_silent = value.get("alt_decision") == "decorative"
        own = {"alt": "" if is_silent else value.get("alt")}
        if is_silent:
            own["silent"] = "1"
        own |= {name: value.get(name) for name in ("caption", "credit")}
        return self.figure(value.get("picture"), own)

    def write_gallery(self, value: list[Mapping[str, Any]]) -> SafeString:
        figures = ((self.write_picture(item["value"]),) for item in value)
        return format_html_join("", "{}", figures)

    def figure(
        self, pk: int | None, own: Mapping[str, str | None] | None = None
    ) -> SafeString:
        """A picture with its caption; nothing where no size of it has been made."""
        picture, words = self.pictures.get(pk or 0), own or {}
        made = largest_made(picture)
        if picture is None or made is None:
            return mark_safe("")
        silent = bool(words.get("silent"))
        alt = "" if silent else words.get("alt") or picture.alt_in(self.language)
        caption = words.get("caption") or picture.caption_in(self.language)
        credit = words.get("credit") or picture.credit
        notes = [format_html("{}", part) for part in (caption,) if part]
        notes += [format_html("<small>{}</small>", credit)] if credit else []
        under = format_html_join(" ", "{}", ((note,) for note in notes))
        return format_html(
            '<figure><img src="{}" alt="{}" width="{}" height="{}">{}</figure>',
            absolute(made.url),
            alt,
            made.width,
            made.height,
            format_html("<figcaption>{}</figcaption>", under) if notes else "",
        )

    def write_pull_quote(self, value: Mapping[str, Any]) -> SafeString:
        said = value.get("attribution")
        whose = format_html("<p><cite>{}</cite></p>", said) if said else ""
        return format_html(
            "<blockquote><p>{}</p>{}</blockquote>", value.get("text", ""), whose
        )

    def write_document(self, value: Mapping[str, Any]) -> SafeString:
        file = self.files.get(value.get("file") or 0)
        if file is None:
            return mark_safe("")
        version = file.version_in(self.language)
        return format_html(
            '<p><a href="{}">{}</a> <small>{}, {}</small></p>',
            version.url,
            value.get("label") or file.label_in(self.language),
            version.kind,
            filesizeformat(version.size),
        )

    def write_embed(self, value: Mapping[str, Any]) -> SafeString:
        return format_html(
            '<p><a href="{}">{}</a></p>',
            value.get("url", ""),
            value.get("title") or value.get("url", ""),
        )

    def write_related_story(self, value: int | None) -> SafeString:
        url = self._page_url(value)
        if not url or value is None:
            return mark_safe("")
        headline = field(self.pages[value], "headline", self.language)
        return format_html(
            '<p>{} <a href="{}">{}</a></p>', gettext("Read also"), url, headline
        )
