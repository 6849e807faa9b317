"""A page of stories with filters in its address; no script, no offset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from news.feed_documents import ATOM_TYPE, JSON_TYPE, Filling
from news.fillings import fill_stories
from news.lists import after, stories, with_kickers, years
from news.models import NewsPage
from pages.languages import name_in_words, other_languages
from pages.models import BilingualPage

PAGE_SIZE = 12
MARK = "after"
# Where the feed of a list is, below it, by content type.
FEEDS = {ATOM_TYPE: "feed/", JSON_TYPE: "feed.json"}
# What a hub narrows its list by; an index shows everything.
TERMS = {"topics.projectpage": "projects", "topics.countrypage": "countries"}


@dataclass(frozen=True)
class Listing:
    """One screen of stories, the years to choose from, and the way on."""

    stories: list[NewsPage]
    years: list[int]
    year: int | None
    next_query: str
    is_first: bool
    feed: str
    elsewhere: list[dict[str, Any]]


def terms_of(page: BilingualPage) -> dict[str, int]:
    """What narrows the stories listed on a page: its own project or country."""
    name = TERMS.get(page._meta.label_lower)
    return {name: page.pk} if name else {}


def listing(page: BilingualPage, query: QueryDict, language: str) -> Listing:
    """The stories on an index or hub; what makes no sense in the query is left out."""
    everything = _stories_of(page, language)
    year = _year(query.get("year", ""))
    rows = everything.filter(date__year=year) if year else everything
    mark = _mark(query.get(MARK, ""))
    shown = list((after(rows, mark) if mark else rows)[: PAGE_SIZE + 1])
    chosen = shown[:PAGE_SIZE]
    if "projects" not in terms_of(page):  # its own name on every story says nothing
        chosen = with_kickers(chosen, language)
    return Listing(
        stories=chosen,
        years=years(everything),
        year=year,
        next_query=_next(shown, year),
        is_first=mark is None,
        feed=feed_of(page, language),
        elsewhere=[] if mark or year else _elsewhere(page, language),
    )


@dataclass(frozen=True)
class Fed:
    """What the feed of a kind of list holds: its pages, and the field that sums one up.

    `pages(list, language)` gives those that anyone may read in it, the newest first;
    `fill(pages, language)` what each holds, by its number.
    """

    pages: Callable[[Any, str], QuerySet[Any]]
    summary: str
    fill: Callable[[list[Any], str], dict[int, Filling]]
    most: int = 30


def _stories_of(page: BilingualPage, language: str) -> QuerySet[NewsPage]:
    return stories(language).filter(**terms_of(page))


def _whole_stories(page: BilingualPage, language: str) -> QuerySet[NewsPage]:
    return _stories_of(page, language).defer(None)


_fed = {
    name: Fed(_whole_stories, "lead", fill_stories)
    for name in ("news.newsindexpage", *TERMS)
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


def _elsewhere(page: BilingualPage, language: str) -> list[dict[str, Any]]:
    """How many stories each other language has that this one lacks."""
    found = []
    for code in other_languages(language):
        rows = stories(code).filter(**terms_of(page), **{f"live_{language}": False})
        total, url = rows.count(), page.url_in(code)
        if total and url:
            names = {"code": code, "language": name_in_words(code)}
            found.append({**names, "total": total, "url": url})
    return found


def _year(text: str) -> int | None:
    is_year = text.isascii() and text.isdecimal() and len(text) == 4 and text > "1000"
    return int(text) if is_year else None


def _mark(text: str) -> tuple[date, int] | None:
    day, _, number = text.partition("_")
    try:
        found = date.fromisoformat(day), int(number)
    except ValueError:
        return None
    return found if 0 < found[1] < 2**31 else None


def _next(shown: list[NewsPage], year: int | None) -> str:
    if len(shown) <= PAGE_SIZE:
        return ""
    last = shown[PAGE_SIZE - 1]
    query = {"year": year} if year else {}
    return "?" + urlencode({**query, MARK: f"{last.date.isoformat()}_{last.pk}"})
