"""A newsletter's readers now and over time, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsletter.numbers.concealing import Sum
from newsletter.numbers.counting import UNDECIDED
from newsletter.numbers.figures import TITLES, tells_of_few
from newsletter.numbers.grids import TOGETHER, Given, Grid, grid
from newsletter.numbers.growth import Month
from newsletter.numbers.keeping import ReaderNumbers
from newsletter.subscribing.forms import TOPICS
from newsletter.subscribing.names import strip_accents, topic_names
from pages.languages import current_language, language_name, languages

MOVES = ("gained", "lost", "total")


def growth(numbers: ReaderNumbers) -> Grid:
    """A line per month, the latest first: who came, who left, how many there were."""
    months = numbers.months
    groups = [*languages(), TOGETHER]
    names = [*map(language_name, languages()), _("Together")]
    moves = {
        "gained": pgettext("readers", "gained"),
        "lost": pgettext("readers", "lost"),
        "total": pgettext("readers", "in all"),
    }
    columns = {
        f"{move}-{code}": f"{name}: {word}"
        for code, name in zip(groups, names, strict=True)
        for move, word in moves.items()
    }
    whole = {
        f"{move}-{TOGETHER}": [f"{move}-{code}" for code in languages()]
        for move in MOVES
    }
    given = [
        Given(str(each.first_day), date_format(each.first_day, "F Y"), _moved(each))
        for each in reversed(months)
    ]
    about = _(
        "Gained: confirmed, added or imported. Lost: unsubscribed. In all: at the end"
        " of the month, reckoned back from today."
    )
    totals = [f"total-{code}" for code in groups]
    return grid(
        "growth",
        _("Growth"),
        about,
        columns,
        given,
        whole=whole,
        sums=_over_time(months, groups),
        spared=totals,
    )


def _moved(month: Month) -> dict[str, int]:
    numbers = {}
    for move in MOVES:
        counts = getattr(month, move)
        numbers |= {f"{move}-{code}": counts[code] for code in languages()}
        numbers[f"{move}-{TOGETHER}"] = sum(counts[code] for code in languages())
    return numbers


def _over_time(months: list[Month], groups: Iterable[str]) -> list[Sum]:
    """Each month begins with what the one before ended with."""
    days = [str(each.first_day) for each in months]
    return [
        Sum(
            [(before, f"total-{code}"), (day, f"gained-{code}")],
            [(day, f"total-{code}"), (day, f"lost-{code}")],
        )
        for before, day in zip(days, days[1:], strict=False)
        for code in groups
    ]


def by_term(numbers: ReaderNumbers, name: str) -> Grid:
    """A line per country or project that readers follow now, by language."""
    names = topic_names(TOPICS[name], current_language())
    gone = _("a topic that is gone")
    given = [
        Given(term, names.get(term) or gone, _with_all(own))
        for term, own in numbers.followers[name].items()
    ]
    given.sort(key=lambda each: strip_accents(each.label))
    undecided = _with_all(numbers.undecided)
    everybody = _with_all(numbers.months[-1].total) if numbers.months else {}
    if not tells_of_few(everybody, undecided):
        given.append(Given(UNDECIDED, _("Nothing in particular"), undecided))
    columns = {code: language_name(code) for code in languages()}
    columns[TOGETHER] = _("Together")
    about = _("What readers follow today. Who follows several counts in each.")
    whole = {TOGETHER: languages()}
    return grid(name, TITLES[name], about, columns, given, whole=whole)


def _with_all(numbers: Counter[str]) -> dict[str, int]:
    return {**numbers, TOGETHER: sum(numbers.values())}
