"""Lists of stories in one language, each without repeats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from news.models import NewsPage

RELATED = 3


def stories(language: str) -> QuerySet[NewsPage]:
    """Every story that can be read in this language, the newest first."""
    live = {"live": True, f"live_{language}": True}
    return (
        NewsPage.objects.filter(**live)
        .order_by("-date", "-pk")
        .defer_streamfields()
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )


def after(rows: QuerySet[NewsPage], mark: tuple[date, int]) -> QuerySet[NewsPage]:
    """The stories that follow the one at `mark` (its date and number).

    By key and not by offset, so that the last page costs what the first one does.
    """
    on, number = mark
    return rows.filter(date__lte=on).exclude(date=on, pk__gte=number)


def related(page: NewsPage, language: str) -> dict[str, list[NewsPage]]:
    """News, project news and country news under a story; none stands twice."""
    everything = stories(language).exclude(pk=page.pk)
    terms = {
        "projects": [term.pk for term in page.projects.all()],
        "countries": [term.pk for term in page.countries.all()],
    }
    seen: list[int] = []
    lists = {"latest": _take(everything, seen)}
    for name, numbers in terms.items():
        rows = everything.filter(**{f"{name}__in": numbers}).distinct()
        lists[name] = _take(rows, seen) if numbers else []
    return lists


def years(language: str) -> list[int]:
    """The years that have stories, the latest first."""
    dates = stories(language).dates("date", "year", order="DESC")
    return [day.year for day in dates]


def _take(rows: QuerySet[NewsPage], seen: list[int]) -> list[NewsPage]:
    chosen = list(rows.exclude(pk__in=seen)[:RELATED])
    seen += [story.pk for story in chosen]
    return chosen


def live_terms(terms: Iterable[Any], language: str) -> list[Any]:
    """Those projects or countries whose hub can be read in this language."""
    return [term for term in terms if term.live and getattr(term, f"live_{language}")]
