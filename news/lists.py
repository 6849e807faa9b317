"""Lists of stories in one language, each without repeats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from news.models import NewsPage
from pages.languages import languages, name_in_words
from pages.models import BilingualPage
from topics.models import ProjectPage

RELATED = 3


def stories(language: str) -> QuerySet[NewsPage]:
    """Every story that anyone can read in this language, the newest first."""
    return (
        NewsPage.objects.readable_in(language)
        .order_by("-date", "-pk")
        .defer_streamfields()
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )


def with_kickers(chosen: list[NewsPage], language: str) -> list[NewsPage]:
    """The same stories; each knows its first project by name, as `kicker`."""
    rows = NewsPage.projects.through.objects.filter(
        newspage__in=[story.pk for story in chosen],
        projectpage__in=ProjectPage.objects.readable_in(language),
    )
    name = f"projectpage__headline_{language}"
    kickers = dict(rows.order_by("-pk").values_list("newspage", name))
    for story in chosen:
        story.kicker = kickers.get(story.pk, "")
    return chosen


def after(rows: QuerySet[NewsPage], mark: tuple[date, int]) -> QuerySet[NewsPage]:
    """The stories that follow the one at `mark` (its date and number).

    By key and not by offset, so that the last page costs what the first one does.
    """
    on, number = mark
    return rows.filter(date__lte=on).exclude(date=on, pk__gte=number)


def related(page: NewsPage, language: str) -> dict[str, list[NewsPage]]:
    """News, project news and country news under a story; none stands twice.

    Each has one at least, wherever there are stories enough.
    """
    everything = stories(language).exclude(pk=page.pk).prefetch_related(None)
    candidates = {
        "projects": _sharing(everything, "projects", page),
        "countries": _sharing(everything, "countries", page),
        "latest": everything,
    }
    enough = RELATED * len(candidates)
    lists = _share({name: list(rows[:enough]) for name, rows in candidates.items()})
    shown = [story for chosen in lists.values() for story in chosen]
    prefetch_related_objects(shown, "picture__renditions")
    with_kickers(shown, language)
    return lists


def _share(candidates: dict[str, list[NewsPage]]) -> dict[str, list[NewsPage]]:
    """What each list shows of its candidates, in their order and none twice.

    First each takes one, whoever has the fewest before the others: a small site would
    otherwise spend all on the first list. The rest goes to the lists in turn.
    """
    taken: dict[int, str] = {}
    for name in sorted(candidates, key=lambda name: len(candidates[name])):
        _take(name, candidates[name], 1, taken)
    for name, rows in candidates.items():
        _take(name, rows, RELATED, taken)
    return {
        name: [story for story in rows if taken.get(story.pk) == name]
        for name, rows in candidates.items()
    }


def _take(name: str, rows: list[NewsPage], most: int, taken: dict[int, str]) -> None:
    """Claim the first free stories for a list until it has as many as it may."""
    free = [story.pk for story in rows if story.pk not in taken]
    has = sum(owner == name for owner in taken.values())
    taken |= dict.fromkeys(free[: most - has], name)


def chips(page: NewsPage, language: str) -> list[dict[str, Any]]:
    """A story's projects and countries as links, those that anyone may read.

    One whose hub is only in another language leads there and says so.
    """
    kept = page.__dict__.setdefault("_chips", {})  # the head asks, then the story
    if language not in kept:
        kept[language] = _chips(page, language)
    return kept[language]


def _chips(page: NewsPage, language: str) -> list[dict[str, Any]]:
    order = sorted(languages(), key=lambda code: code != language)
    terms = [(kind, term) for kind, group in page.terms.items() for term in group]
    rows = BilingualPage.objects.public().filter(pk__in=[term.pk for _, term in terms])
    public = set(rows.values_list("pk", flat=True))
    found = (_chip(kind, term, order) for kind, term in terms if term.pk in public)
    return [chip for chip in found if chip]


def years(rows: QuerySet[NewsPage]) -> list[int]:
    """The years that have stories, the latest first."""
    return [day.year for day in rows.dates("date", "year", order="DESC")]


def _sharing(rows: QuerySet[NewsPage], name: str, page: NewsPage) -> QuerySet[NewsPage]:
    terms = page.terms[name]
    return rows.filter(**{f"{name}__in": terms}).distinct() if terms else rows.none()


def _chip(kind: str, term: Any, order: Iterable[str]) -> dict[str, Any] | None:
    code = next((code for code in order if term.is_live_in(code)), None)
    if code is None:
        return None
    return {
        "kind": kind,
        "code": code,
        "language": name_in_words(code),
        "headline": getattr(term, f"headline_{code}"),
        "url": term.url_in(code),
    }
