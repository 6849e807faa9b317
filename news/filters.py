"""What narrows a list of stories: project, country and year, as an address names them.

`?project=agua-para-todos&country=pe&year=2024`: a project by its address in the
language, a country by its code. The lists of stories and search share them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from news.listed import ALL
from news.models import ListCount
from topics.models import CountryPage, ProjectPage

NAMES = ("project", "country", "year")
LABELS: dict[str, Promise] = {
    "project": _("Project"),
    "country": _("Country"),
    "year": _("Year"),
}
YEARS = range(1000, 10_000)


@dataclass(frozen=True)
class Choice:
    """One thing to choose: its number, its word in an address, and its name."""

    number: int
    value: str
    name: str
    total: int = 0


@dataclass(frozen=True)
class Chip:
    """A choice that was made (`key=value` in the address), and the address without."""

    key: str
    value: str
    label: Promise
    name: str
    query: str


@dataclass(frozen=True)
class Select:
    """A filter as a form shows it."""

    name: str
    label: Promise
    choices: list[Choice]
    chosen: Choice | None


@dataclass
class Filters:
    """The filters of a list in a language, and what is chosen.

    `fixed` is what the list is about and nobody chooses: the project or country of a
    hub, by number. `is_known` is false where an address names what there is not.
    """

    language: str
    fixed: dict[str, int]
    known: dict[str, list[Choice]]
    chosen: dict[str, Choice] = field(default_factory=dict)
    is_known: bool = True

    def number(self, name: str) -> int:
        """The project, country or year in force; 0 for all."""
        choice = self.chosen.get(name)
        return choice.number if choice else self.fixed.get(name, ALL)

    @property
    def year(self) -> int | None:
        """The year in force, if any."""
        return self.number("year") or None

    @property
    def terms(self) -> dict[str, int]:
        """The project and country in force, as `news.lists.listed` takes them."""
        return {name: self.number(name) for name in ("project", "country")}

    def query(self, but: str = "", **more: Any) -> str:
        """The address of this choice, in one order, less a filter and with `more`."""
        kept = {n: c.value for n, c in self.chosen.items() if n != but}
        parts = {name: kept[name] for name in NAMES if name in kept} | more
        return f"?{urlencode(parts)}" if parts else ""

    def chips(self, **more: Any) -> list[Chip]:
        """What is chosen, each with the way to do without."""
        made = [(name, self.chosen[name]) for name in NAMES if name in self.chosen]
        return [
            Chip(name, c.value, LABELS[name], c.name, self.query(name, **more) or "?")
            for name, c in made
        ]

    def counts(self) -> Counts:
        """How many stories there are with this choice, and with each other one."""
        return Counts(self)


class Counts:
    """Stored counts round a choice: one query, however many stories there are."""

    def __init__(self, filters: Filters):
        self.filters = filters
        self.now = {name: filters.number(name) for name in NAMES}
        rows = _around(self.now, filters.language).values_list(*NAMES, "total")
        self.totals = {tuple(key): total for *key, total in rows}

    @property
    def total(self) -> int:
        """How many stories the list has."""
        return self.totals.get(tuple(self.now.values()), 0)

    def of(self, name: str, number: int) -> int:
        """How many it would have with another project, country or year."""
        return self.totals.get(tuple({**self.now, name: number}.values()), 0)

    def years(self) -> list[Choice]:
        """The years that have stories, the latest first."""
        known = sorted({key[2] for key in self.totals} - {ALL}, reverse=True)
        found = ((year, self.of("year", year)) for year in known)
        return [Choice(y, str(y), str(y), total) for y, total in found if total]

    def selects(self) -> list[Select]:
        """The filters with what can be chosen; none that leads to an empty list."""
        found = []
        for name in NAMES:
            chosen = self.filters.chosen.get(name)
            some = self.years() if name == "year" else self._terms(name)
            if chosen and chosen.number not in {choice.number for choice in some}:
                some = [chosen, *some]
            is_choice = len(some) > 1 or chosen
            if name not in self.filters.fixed and is_choice:
                found.append(Select(name, LABELS[name], some, chosen))
        return found

    def _terms(self, name: str) -> list[Choice]:
        known = self.filters.known.get(name, [])
        counted = (
            Choice(c.number, c.value, c.name, self.of(name, c.number)) for c in known
        )
        return [choice for choice in counted if choice.total]


def filters(
    query: QueryDict, language: str, fixed: dict[str, int] | None = None
) -> Filters:
    """The filters that an address asks for; what makes no sense is left out."""
    given = fixed or {}
    known = {name: some for name, some in _known(language).items() if name not in given}
    found = Filters(language, given, known)
    for name in NAMES:
        text = query.get(name, "")
        if not text or name in given:
            continue
        some = _year(text) if name == "year" else known[name]
        choice = next((c for c in some if c.value == text), None)
        if choice:
            found.chosen[name] = choice
        else:
            found.is_known = False
    return found


def _known(language: str) -> dict[str, list[Choice]]:
    """Projects and countries that can be read in a language, by name."""
    return {
        "project": _choices(ProjectPage, f"slug_{language}", language),
        "country": _choices(CountryPage, "code", language),
    }


def _choices(model: Any, value: str, language: str) -> list[Choice]:
    name = f"headline_{language}"
    rows = model.objects.readable_in(language).order_by(name)
    return [
        Choice(number, text.lower(), headline)
        for number, text, headline in rows.values_list("pk", value, name)
    ]


def _year(text: str) -> Iterable[Choice]:
    is_year = text.isascii() and text.isdecimal() and len(text) == 4
    if is_year and int(text) in YEARS:
        yield Choice(int(text), text, text)


def _around(now: dict[str, int], language: str) -> QuerySet[ListCount]:
    """The counts that differ from a choice in one of its three at most."""
    around = Q()
    for name in NAMES:
        around |= Q(**{n: now[n] for n in NAMES if n != name})
    return ListCount.objects.filter(around, language=language, total__gt=0)
