"""An issue read in one language: its own words, its stories and its pictures.

The mail, its text part and the web page are all made from this, so they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, time_format

from newsletter.composing import pictures, richtext, stories
from newsletter.composing.pictures import MailPicture, in_language
from newsletter.composing.problems import Code, Problem
from newsletter.composing.stories import CODES, StoryItem
from newsletter.delivery.message import header_text
from newsletter.models import IssuePage, Newsletter
from offices.models import Office
from pages.absolute import absolute
from pages.models import BilingualPage

LONGEST_LINE = 250  # as an edition keeps it; a headline may be longer
LINKING = {"button", "event"}
WORDLESS = {"divider", "heading", "picture"}


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
    title: str = ""
    text: str = ""
    words: Words = Words()
    url: str = ""
    picture: MailPicture | None = None
    attribution: str = ""
    lines: tuple[str, ...] = ()  # when and where, one each


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
    def has_lead(self) -> bool:
        """Whether one story stands out, so that the others are smaller."""
        return any(story.is_lead for story in self.stories)

    @property
    def is_empty(self) -> bool:
        """Nothing to say: no story, no text; a divider or a heading says nothing."""
        return not (self.stories or self.says_more_than_stories)

    @property
    def says_more_than_stories(self) -> bool:
        """Whether it has text or anything else of its own."""
        return bool(self.intro or self._kinds - {"divider", "heading"})

    @property
    def has_words(self) -> bool:
        """Whether it says anything to who sees no pictures."""
        return bool(self.stories or self.intro or self._kinds - WORDLESS)

    @property
    def pictures(self) -> list[MailPicture]:
        """Those it shows, each once."""
        shown = [thing.picture for thing in (*self.stories, *self.blocks)]
        return [*dict.fromkeys(filter(None, shown))]

    @property
    def _kinds(self) -> set[str]:
        return {block.kind for block in self.blocks}


def newsletter_of(issue: IssuePage) -> Newsletter:
    """The newsletter an issue belongs to, also before it is first saved."""
    return issue.get_parent().specific.newsletter


def compose(
    issue: IssuePage, language: str, *, before: datetime | None = None
) -> Composition:
    """Read the issue in one language; the number of queries does not grow with it.

    An issue that was not sent leaves out what others sent, or sent `before` a moment.
    """
    with translation.override(language):
        newsletter = newsletter_of(issue)
        picks = stories.picked_stories(issue)
        raw = _raw_blocks(issue, language)
        wanted = {stories.picture_id(*pair) for pair in picks} | set(_picture_ids(raw))
        wanted.discard(None)
        loaded = pictures.load(wanted, language)
        intro = in_language(issue, "intro", language)
        linked = _linked_pages(intro, raw)
        urls = page_urls(linked, language)
        chosen = stories.choose(issue, picks, language, newsletter, loaded, before)
        reader = _Reader(newsletter, language, urls, loaded, _offices(raw))
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
                *_link_problems(linked - set(urls), language),
                *_past_events(raw, newsletter, language),
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
    text = richtext.without_slots(header_text(in_language(issue, name, language)))
    return text[:LONGEST_LINE]


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
        elif block["type"] in LINKING and (page := block["value"].get("page")):
            ids.add(page)
    return ids


def _offices(raw: Iterable[dict[str, Any]]) -> dict[int, Office]:
    """Those that are spoken of and shown on the site, in one query if any."""
    ids = {b["value"].get("office") for b in raw if b["type"] == "office"}
    return Office.objects.shown().in_bulk(ids - {None}) if ids else {}


def _past_events(
    raw: Iterable[dict[str, Any]], newsletter: Newsletter, language: str
) -> Iterator[Problem]:
    today = timezone.localdate(timezone=newsletter.hours.zone)
    for block in raw:
        if block["type"] == "event" and _day(block["value"]["date"]) < today:
            details = {"event": block["value"]["title"]}
            yield Problem(Code.EVENT_PAST, language, details)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _hour(value: Any) -> str:
    if not value:
        return ""
    hour = value if isinstance(value, time) else time.fromisoformat(value)
    return time_format(hour, "TIME_FORMAT")


@dataclass(frozen=True)
class _Reader:
    """Turns stored blocks into items; a block with nothing in it becomes None."""

    newsletter: Newsletter
    language: str
    urls: dict[int, str]
    loaded: Mapping[int, MailPicture]
    offices: Mapping[int, Office]

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

    def office(self, value: dict[str, Any]) -> BlockItem | None:
        office, notice = self.offices.get(value.get("office") or 0), value.get("notice")
        if office is None or not notice:
            return None
        name, city = (office.wording(n, self.language).text for n in ("name", "city"))
        where = ", ".join([*office.address_lines, *filter(None, [city])])
        phones = " · ".join(text for text, _link in office.phone_links)
        lines = tuple(_plain(line) for line in (where, phones) if line)
        return BlockItem("office", title=_plain(name), text=_plain(notice), lines=lines)

    def event(self, value: dict[str, Any]) -> BlockItem | None:
        title, place = _plain(value.get("title")), _plain(value.get("place"))
        if not title:
            return None
        return BlockItem(
            "event",
            title=title,
            text=_plain(value.get("text")),
            url=self.urls.get(value.get("page") or 0) or value.get("url") or "",
            lines=(self._when(value), *filter(None, [place])),
        )

    def _when(self, value: dict[str, Any]) -> str:
        day = _day(value["date"])
        words = f"{date_format(day, 'l')} {date_format(day, 'DATE_FORMAT')}"
        hours = "–".join(filter(None, [_hour(value.get(n)) for n in ("start", "end")]))
        zone = self.newsletter.hours.zone.key
        return f"{words}, {hours} ({zone})" if hours else words

    def divider(self, _value: None) -> BlockItem:
        return BlockItem("divider")


def _plain(text: str | None) -> str:
    return richtext.without_slots((text or "").strip())


def _link_problems(missing: set[int], language: str) -> Iterator[Problem]:
    """Links to pages that nobody can read; they are left out of the mail."""
    titles = BilingualPage.objects.in_bulk(missing) if missing else {}
    for pk in sorted(missing):
        details = {"page": titles[pk].title if pk in titles else ""}
        yield Problem(Code.LINK_TO_DRAFT, language, details, about=str(pk))


def _picture_problems(items, blocks, wanted, loaded, language) -> Iterator[Problem]:
    if wanted - set(loaded):
        yield Problem(Code.PICTURE_MISSING, language)
    shown = [thing.picture for thing in (*items, *blocks) if thing.picture]
    for picture in dict.fromkeys(shown):
        if not (picture.alt or picture.is_decoration):
            yield Problem(
                Code.PICTURE_WITHOUT_ALT, language, {"picture": picture.title}
            )
