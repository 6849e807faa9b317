"""The queue: what is missing or behind in a language, the most urgent first.

Higher rooms say here what they know: `register_filter` offers a choice (project,
country), `register_deadlines` tells when something is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Q, QuerySet, Value, When
from wagtail.models import get_page_models

from pages.languages import languages, other_languages
from pages.models import BilingualPage, ScheduledPublication
from pages.models.columns import State
from translations.texts import WAITING, Text


@dataclass(frozen=True)
class Deadline:
    """When a translation is needed, and by what; `label` in the active language."""

    at: datetime
    label: str
    url: str = ""


@dataclass(frozen=True)
class DeskFilter:
    """A choice above the queue: `choices(language)` as (value, label), and what it
    means for pages."""

    name: str
    label: Any
    choices: Callable[[str], list[tuple[str, str]]]
    meaning: Callable[[str], Q]


Deadlines = Callable[[str], Mapping[int, Deadline]]
_filters: list[DeskFilter] = []
_deadlines: list[Deadlines] = []


def register_filter(desk_filter: DeskFilter) -> None:
    """Offer a choice above the queue."""
    _filters.append(desk_filter)


def register_deadlines(deadlines: Deadlines) -> None:
    """Have `deadlines(language)` tell which pages are needed when, by page id."""
    _deadlines.append(deadlines)


def filters() -> list[DeskFilter]:
    """The choices that rooms have registered."""
    return list(_filters)


def deadlines(language: str) -> dict[int, Deadline]:
    """The earliest deadline of each page that has one."""
    found = _scheduled(language)
    for source in _deadlines:
        for page_id, deadline in source(language).items():
            if page_id not in found or deadline.at < found[page_id].at:
                found[page_id] = deadline
    return found


def _scheduled(language: str) -> dict[int, Deadline]:
    """Pages that are to be published in the language themselves."""
    rows = ScheduledPublication.objects.filter(
        done_at=None, kind=ScheduledPublication.Kind.PUBLISH
    ).order_by("-at")
    wanted = rows.values_list("page_id", "at", "languages")
    return {
        page_id: Deadline(at, str(ScheduledPublication._meta.verbose_name))
        for page_id, at, codes in wanted
        if language in codes
    }


def waiting(language: str) -> QuerySet[BilingualPage]:
    """Pages whose original has words that the language lacks or that are behind."""
    begun = Q()
    for code in languages():
        begun &= ~Q(original_language=code, **{f"state_{code}": State.MISSING})
    rows = BilingualPage.objects.filter(begun, depth__gt=1)
    rows = rows.exclude(original_language=language)
    return rows.filter(**{f"state_{language}__in": WAITING})


def queue(
    language: str, due: Mapping[int, Deadline], meanings: list[Q]
) -> QuerySet[BilingualPage]:
    """What waits: the nearest deadline, then what readers see, then the oldest."""
    rows = waiting(language).filter(*meanings)
    when = [When(pk=page_id, then=Value(d.at)) for page_id, d in due.items()]
    date = DateTimeField()
    rows = rows.annotate(
        due=Case(*when, default=Value(None, date), output_field=date)
        if when
        else Value(None, date)
    )
    rows = rows.order_by(
        F("due").asc(nulls_last=True), "-live", F(f"since_{language}").asc(), "pk"
    )
    return rows.only(*_shown(language))


def _shown(language: str) -> list[str]:
    """The columns that the queue shows: a database sorts narrow rows faster."""
    own = [f"{name}_{language}" for name in ("state", "since", "words", "progress")]
    headlines = [f"headline_{code}" for code in languages()]
    return ["depth", "content_type", "original_language", *headlines, *own]


def standing(found: list[Text]) -> dict[str, dict[str, int]]:
    """How many pages and texts are in which state, by language; originals left out."""
    counted = {code: {state.value: 0 for state in State} for code in languages()}
    columns = ["original_language", *(f"state_{code}" for code in languages())]
    rows = BilingualPage.objects.filter(depth__gt=1).order_by()
    for row in rows.values(*columns).annotate(number=Count("pk")):
        for code in other_languages(row["original_language"]):
            counted[code][row[f"state_{code}"]] += row["number"]
    for text in found:
        for code in languages():
            if text.is_translated_into(code):
                counted[code][text.standing(code).state] += 1
    return counted


def page_types() -> list[type[BilingualPage]]:
    """The page types an editor can make."""
    models = [m for m in get_page_models() if issubclass(m, BilingualPage)]
    return [model for model in models if model.is_creatable]
