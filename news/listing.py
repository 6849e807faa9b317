"""A page of stories with filters in its address; no script, no offset."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from news.lists import after, stories, years
from news.models import NewsPage

PAGE_SIZE = 12
MARK = "after"


@dataclass(frozen=True)
class Listing:
    """One screen of stories, the years to choose from, and the way on."""

    stories: list[NewsPage]
    years: list[int]
    year: int | None
    next_query: str
    is_first: bool


def listing(query: QueryDict, language: str, **terms: Any) -> Listing:
    """The stories that a query asks for; what makes no sense in it is left out.

    `terms` narrow it: `projects=` or `countries=` a hub.
    """
    rows = stories(language).filter(**terms)
    year = _year(query.get("year", ""))
    if year:
        rows = rows.filter(date__year=year)
    mark = _mark(query.get(MARK, ""))
    shown = list((after(rows, mark) if mark else rows)[: PAGE_SIZE + 1])
    return Listing(
        stories=shown[:PAGE_SIZE],
        years=years(language) if not terms else _years_of(stories(language), terms),
        year=year,
        next_query=_next(shown, year),
        is_first=mark is None,
    )


def _years_of(rows: QuerySet[NewsPage], terms: dict) -> list[int]:
    dates = rows.filter(**terms).dates("date", "year", order="DESC")
    return [day.year for day in dates]


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) == 4 and text > "1000" else None


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
