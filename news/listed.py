"""Which story stands in which list, and how many stand in each.

Written when a story is published, taken down, moved, restricted or deleted, so that a
list is read from its index, be it the first page of it or the last, long or short.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Value
from django.db.models.functions import ExtractYear

from news.models import ListCount, Listed, NewsPage
from pages.actions import wait_for_others
from pages.languages import languages, other_languages
from topics.searching import mark_of

ALL = 0
BATCH = 200
# story, language, project, country, day
Row = tuple[int, str, int, int, date]
COLUMNS = ("story_id", "language", "project", "country", "day")
# language, project, country, year
Key = tuple[str, int, int, int]
KEY = ("language", "project", "country", "year")


def lacking(language: str, other: str) -> str:
    """The name of the list of what one language has and another lacks."""
    return f"{language}-{other}"


def settle(stories: Iterable[int]) -> None:
    """Put stories, by number, in the lists where they should stand, and no other."""
    for some in _batches(sorted(stories)):
        _replace(some, _wanted(some))


def settle_below(top: str) -> None:
    """The same for every story at and below a tree path."""
    below = NewsPage.objects.filter(path__startswith=top)
    settle(below.values_list("pk", flat=True))


def strike(story: int) -> None:
    """Take a story that is about to be deleted from all lists."""
    wait_for_others()
    _replace([story], set())


@transaction.atomic
def rebuild() -> int:
    """Write all of it again; returns how many places there are."""
    wait_for_others()
    Listed.objects.all().delete()
    ListCount.objects.all().delete()
    ids = NewsPage.objects.order_by("pk").values_list("pk", flat=True)
    for some in _batches(list(ids)):
        _insert(_wanted(some))
    years = Listed.objects.annotate(year=ExtractYear("day"))
    everything = Listed.objects.annotate(year=Value(ALL))
    for rows in (years, everything):
        totals = rows.values(*KEY).order_by().annotate(number=Count("pk"))
        ListCount.objects.bulk_create(
            (ListCount(total=each.pop("number"), **each) for each in totals.iterator()),
            batch_size=BATCH,
        )
    return Listed.objects.count()


def marks_of(stories: Collection[int]) -> dict[int, set[str]]:
    """What search knows stories by beside their words: their projects and countries."""
    projects, countries = _terms("projects", stories), _terms("countries", stories)
    return {
        pk: {mark_of(term) for term in {*projects[pk], *countries[pk]}}
        for pk in stories
    }


def _batches(ids: list[int]) -> Iterator[list[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def _wanted(stories: Collection[int]) -> set[Row]:
    """The places that stories should have."""
    live = {
        code: dict(
            NewsPage.objects.readable_in(code)
            .filter(pk__in=stories)
            .values_list("pk", "date")
        )
        for code in languages()
    }
    projects, countries = _terms("projects", stories), _terms("countries", stories)
    return {
        (pk, name, project, country, day)
        for code, days in live.items()
        for pk, day in days.items()
        for name in _lists(code, pk, live)
        for project, country in product([ALL, *projects[pk]], [ALL, *countries[pk]])
    }


def _lists(code: str, pk: int, live: dict[str, dict[int, date]]) -> list[str]:
    """The language in which a story is live, and the lists of what others lack."""
    without = [other for other in other_languages(code) if pk not in live[other]]
    return [code, *(lacking(code, other) for other in without)]


def _terms(name: str, stories: Collection[int]) -> dict[int, list[int]]:
    """The projects or countries of stories, by story."""
    column = NewsPage._meta.get_field(name)
    pairs = column.remote_field.through.objects.filter(newspage__in=stories)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, term in pairs.values_list("newspage", column.m2m_reverse_field_name()):
        found[pk].append(term)
    return found


@transaction.atomic
def _replace(stories: Collection[int], wanted: set[Row]) -> None:
    standing = {
        tuple(row): pk
        for pk, *row in Listed.objects.filter(story__in=stories).values_list(
            "pk", *COLUMNS
        )
    }
    gone, new = standing.keys() - wanted, wanted - standing.keys()
    for some in _batches([standing[row] for row in gone]):
        Listed.objects.filter(pk__in=some).delete()
    _insert(new)
    change: Counter[Key] = Counter()
    change.update(key for row in new for key in _keys(row))
    change.subtract(key for row in gone for key in _keys(row))
    _count({key: number for key, number in change.items() if number})


def _insert(rows: Iterable[Row]) -> None:
    named = (Listed(**dict(zip(COLUMNS, row, strict=True))) for row in sorted(rows))
    Listed.objects.bulk_create(named, batch_size=BATCH)


def _keys(row: Row) -> list[Key]:
    """The counts in which a place is counted: of its year, and of all."""
    _story, language, project, country, day = row
    return [(language, project, country, year) for year in (ALL, day.year)]


def _count(change: dict[Key, int]) -> None:
    """Add to the counts, or take away."""
    known = _known_counts(change)
    missing = sorted(key for key in change if key not in known)
    if missing:
        rows = [ListCount(**dict(zip(KEY, key, strict=True))) for key in missing]
        ListCount.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        known = _known_counts(change)
    by_number: dict[int, list[int]] = defaultdict(list)
    for key, number in change.items():
        by_number[number].append(known[key])
    for number, pks in sorted(by_number.items()):
        for some in _batches(pks):
            rows = ListCount.objects.filter(pk__in=some)
            rows.update(total=F("total") + number)


def _known_counts(keys: Collection[Key]) -> dict[Any, int]:
    """The rows of some counts, and of others that share parts of their keys."""
    if not keys:
        return {}
    parts = zip(KEY, map(set, zip(*keys, strict=True)), strict=True)
    rows = ListCount.objects.filter(**{f"{name}__in": part for name, part in parts})
    return {tuple(key): pk for pk, *key in rows.values_list("pk", *KEY)}
