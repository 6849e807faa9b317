"""A page of stories with filters in its address; no script, no offset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from news.feed_documents import ATOM_TYPE, JSON_TYPE, Filling
from news.fillings import fill_stories
from news.filters import Chip, Filters, Select, filters
from news.listed import ALL, lacking
from news.lists import Mark, after, before, listed, marks, shown, stories, with_kickers
from news.models import ListCount, NewsPage
from pages.languages import name_in_words, other_languages
from pages.models import BilingualPage

PAGE_SIZE = 12
MOST_FED = 30
# Where the feed of a list is, below it, by content type.
FEEDS = {ATOM_TYPE: "feed/", JSON_TYPE: "feed.json"}
AFTER, BEFORE = "after", "before"
# What a hub narrows its list by; an index shows everything.
FIXED = {"topics.projectpage": "project", "topics.countrypage": "country"}


@dataclass(frozen=True)
class Listing:
    """One screen of stories, what narrows it, and the ways on."""

    stories: list[NewsPage]
    total: int
    selects: list[Select]
    chips: list[Chip]
    # The addresses of the screens round this one, and of this one; "" for none.
    newer: str
    older: str
    query: str
    newest: str
    is_first: bool
    is_known: bool
    feed: str
    elsewhere: list[dict[str, Any]]

    @property
    def is_whole(self) -> bool:
        """Whether it is the list's own page: not narrowed, and not further down."""
        return not self.query


def fixed_of(page: BilingualPage) -> dict[str, int]:
    """What narrows the stories listed on a page: its own project or country."""
    name = FIXED.get(page._meta.label_lower)
    return {name: page.pk} if name else {}


def listing(page: BilingualPage, query: QueryDict, language: str) -> Listing:
    """The stories on an index or hub; what makes no sense in the query is left out."""
    fixed = fixed_of(page)
    chosen = filters(query, language, fixed)
    screen = _screen(chosen, query)
    found = shown([pk for _day, pk in screen.places], language)
    if "project" not in fixed:  # its own name on every story says nothing
        found = with_kickers(found, language)
    counts = chosen.counts()
    is_whole = not (screen.way or chosen.chosen)
    return Listing(
        stories=found,
        total=counts.total,
        selects=counts.selects(),
        chips=chosen.chips(),
        newer=screen.newer,
        older=screen.older,
        query=chosen.query(**screen.way),
        newest=chosen.query() or "?",
        is_first=not screen.way,
        is_known=chosen.is_known,
        feed=feed_of(page, language),
        elsewhere=_elsewhere(page, chosen) if is_whole else [],
    )


@dataclass(frozen=True)
class _Screen:
    """The places of one screen, how an address names it, and its neighbours."""

    places: list[Mark]
    way: dict[str, str]
    newer: str
    older: str


def _screen(chosen: Filters, query: QueryDict) -> _Screen:
    """The screen asked for; the first one where there is not a screen before a mark."""
    rows = listed(chosen.language, **chosen.terms, year=chosen.year)
    if mark := _mark(query.get(AFTER, "")):
        places, is_more = _cut(marks(after(rows, mark), PAGE_SIZE + 1))
        return _between(chosen, rows, places, {AFTER: _written(mark)}, is_more)
    if mark := _mark(query.get(BEFORE, "")):
        places = marks(before(rows, mark), PAGE_SIZE + 1)
        if len(places) > PAGE_SIZE:
            places = places[PAGE_SIZE - 1 :: -1]
            return _between(chosen, rows, places, {BEFORE: _written(mark)}, True)
    places, is_more = _cut(marks(rows, PAGE_SIZE + 1))
    return _between(chosen, rows, places, {}, is_more)


def _between(
    chosen: Filters,
    rows: QuerySet[Any],
    places: list[Mark],
    way: dict[str, str],
    is_more: bool,
) -> _Screen:
    """A screen with the addresses of the newer and the older one."""
    newer = older = ""
    if way and places and before(rows, places[0]).exists():
        newer = chosen.query(**{BEFORE: _written(places[0])})
    if places and is_more:
        older = chosen.query(**{AFTER: _written(places[-1])})
    return _Screen(places, way, newer, older)


def _cut(places: list[Mark]) -> tuple[list[Mark], bool]:
    return places[:PAGE_SIZE], len(places) > PAGE_SIZE


@dataclass(frozen=True)
class Fed:
    """What the feed of a kind of list holds: its pages, and the field that sums one up.

    `pages(list, language)` gives those that anyone may read in it, the newest first and
    no more than a feed should hold; `fill(pages, language)` what each holds, by number.
    """

    pages: Callable[[Any, str], Sequence[Any]]
    summary: str
    fill: Callable[[list[Any], str], dict[int, Filling]]


def _fed_stories(page: BilingualPage, language: str) -> QuerySet[NewsPage]:
    places = listed(language, **fixed_of(page)).values("story")[:MOST_FED]
    return stories(language).defer(None).filter(pk__in=places)


_fed = {
    name: Fed(_fed_stories, "lead", fill_stories)
    for name in ("news.newsindexpage", *FIXED)
}


def register_feed(name: str, fed: Fed) -> None:
    """Give the lists of a higher room's model, by its label, a feed as well."""
    _fed[name] = fed


def fed_by(page: BilingualPage) -> Fed | None:
    """What the feed of this list holds; None where it has none."""
    return _fed.get(page._meta.label_lower)


def feed_of(page: BilingualPage, language: str, kind: str = ATOM_TYPE) -> str:
    """The feed of a list in a language; empty where it has none."""
    url = page.url_in(language) if page.pk else None
    return f"{url}{FEEDS[kind]}" if url and fed_by(page) else ""


def _elsewhere(page: BilingualPage, chosen: Filters) -> list[dict[str, Any]]:
    """How many stories each other language has that this one lacks."""
    here, found = chosen.language, []
    names = {lacking(code, here): code for code in other_languages(here)}
    rows = ListCount.objects.filter(language__in=names, year=ALL, **chosen.terms)
    for name, total in rows.filter(total__gt=0).values_list("language", "total"):
        code = names[name]
        if url := page.url_in(code):
            words = {"code": code, "language": name_in_words(code)}
            found.append({**words, "total": total, "url": url})
    return found


def _mark(text: str) -> Mark | None:
    day, _, number = text.partition("_")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def _written(mark: Mark) -> str:
    return f"{mark[0].isoformat()}_{mark[1]}"
