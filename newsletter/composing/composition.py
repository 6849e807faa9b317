"""An issue read in one language: its own words, its stories and its pictures.

The mail, its text part and the web page are all made from this, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation

from newsletter.composing import pictures, richtext, stories
from newsletter.composing.pictures import MailPicture, absolute, in_language
from newsletter.composing.problems import Code, Problem
from newsletter.composing.stories import CODES, StoryItem
from newsletter.delivery.message import header_text
from newsletter.models import IssuePage, Newsletter
from pages.models import BilingualPage


@dataclass(frozen=True)
class Words:
    """Rich text as it is shown and as it is written."""

    html: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class BlockItem:
    """One block of an issue; `kind` names the template, the rest is what it needs."""

    kind: str
    text: str = ""
    words: Words = Words()
    url: str = ""
    picture: MailPicture | None = None
    attribution: str = ""


@dataclass(frozen=True)
class Composition:
    """All that one language of an issue says."""

    newsletter: Newsletter
    language: str
    headline: str
    subject: str
    preheader: str
    intro: Words
    stories: list[StoryItem]
    blocks: list[BlockItem]
    problems: list[Problem]

    @property
    def newsletter_name(self) -> str:
        return in_language(self.newsletter, "name", self.language)

    @property
    def is_empty(self) -> bool:
        """Nothing to say: no story, no text; a divider or a heading says nothing."""
        says = (block.kind not in {"divider", "heading"} for block in self.blocks)
        return not (self.stories or self.intro or any(says))


def newsletter_of(issue: IssuePage) -> Newsletter:
    """The newsletter an issue belongs to, also before it is first saved."""
    return issue.get_parent().specific.newsletter


def compose(issue: IssuePage, language: str) -> Composition:
    """Read the issue in one language; the number of queries does not grow with it."""
    with translation.override(language):
        newsletter = newsletter_of(issue)
        picks = stories.picked_stories(issue)
        raw = _raw_blocks(issue, language)
        wanted = {page.picture_id for _pick, page in picks} | set(_picture_ids(raw))
        wanted.discard(None)
        loaded = pictures.load(wanted, language)
        intro = in_language(issue, "intro", language)
        urls = page_urls(_linked_pages(intro, raw), language)
        chosen = stories.choose(picks, language, newsletter.fallback_rule, loaded)
        reader = _Reader(urls, loaded)
        blocks = [item for block in raw if (item := reader.item(block))]
        return Composition(
            newsletter=newsletter,
            language=language,
            headline=_line(issue, "headline", language),
            subject=_line(issue, "subject", language)
            or _line(issue, "headline", language),
            preheader=_line(issue, "preheader", language),
            intro=_words(intro, urls),
            stories=chosen.items,
            blocks=blocks,
            problems=[
                *chosen.problems,
                *_picture_problems(chosen.items, blocks, wanted, loaded, language),
            ],
        )


def page_urls(ids: set[int], language: str) -> dict[int, str]:
    """Absolute addresses of pages: in the language, else in one where they are live."""
    found = {}
    for page in BilingualPage.objects.filter(pk__in=ids):
        urls = (page.url_in(code) for code in (language, *CODES))
        if url := next(filter(None, urls), None):
            found[page.pk] = absolute(url)
    return found


def _line(issue: IssuePage, name: str, language: str) -> str:
    return richtext.without_slots(header_text(in_language(issue, name, language)))


def _words(source: str, urls: dict[int, str]) -> Words:
    if richtext.is_blank(source):
        return Words()
    return Words(richtext.to_html(source, urls), richtext.to_text(source, urls))


def _raw_blocks(issue: IssuePage, language: str) -> list[dict[str, Any]]:
    value = getattr(issue, f"body_{language}") or []
    return [dict(block) for block in getattr(value, "raw_data", value)]


def _picture_ids(raw: Iterable[dict[str, Any]]) -> Iterator[int | None]:
    for block in raw:
        if block["type"] == "picture":
            yield block["value"].get("picture")


def _linked_pages(intro: str, raw: Iterable[dict[str, Any]]) -> set[int]:
    ids = richtext.page_ids(intro)
    for block in raw:
        if block["type"] == "paragraph":
            ids |= richtext.page_ids(block["value"])
        elif block["type"] == "button" and (page := block["value"].get("page")):
            ids.add(page)
    return ids


@dataclass(frozen=True)
class _Reader:
    """Turns stored blocks into items; a block with nothing in it becomes None."""

    urls: dict[int, str]
    loaded: Mapping[int, MailPicture]

    def item(self, block: dict[str, Any]) -> BlockItem | None:
        return getattr(self, block["type"])(block["value"])

    def heading(self, value: str) -> BlockItem | None:
        return BlockItem("heading", text=_plain(value)) if value else None

    def paragraph(self, value: str) -> BlockItem | None:
        words = _words(value, self.urls)
        return BlockItem("paragraph", words=words) if words else None

    def picture(self, value: dict[str, Any]) -> BlockItem | None:
        picture = self.loaded.get(value.get("picture") or 0)
        if picture is None:
            return None
        own = {name: _plain(value.get(name)) for name in ("alt", "caption")}
        filled = {name: text for name, text in own.items() if text}
        return BlockItem("picture", picture=replace(picture, **filled))

    def button(self, value: dict[str, Any]) -> BlockItem | None:
        url = self.urls.get(value.get("page") or 0) or value.get("url")
        text = _plain(value.get("text"))
        return BlockItem("button", text=text, url=url) if url and text else None

    def quote(self, value: dict[str, Any]) -> BlockItem | None:
        quote, said_by = _plain(value.get("quote")), _plain(value.get("attribution"))
        return BlockItem("quote", text=quote, attribution=said_by) if quote else None

    def divider(self, _value: None) -> BlockItem:
        return BlockItem("divider")


def _plain(text: str | None) -> str:
    return richtext.without_slots((text or "").strip())


def _picture_problems(items, blocks, wanted, loaded, language) -> Iterator[Problem]:
    if wanted - set(loaded):
        yield Problem(Code.PICTURE_MISSING, language)
    shown = [thing.picture for thing in (*items, *blocks) if thing.picture]
    for picture in dict.fromkeys(shown):
        if not (picture.alt or picture.is_decoration):
            yield Problem(
                Code.PICTURE_WITHOUT_ALT, language, {"picture": picture.title}
            )
