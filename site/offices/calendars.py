"""Public holidays of a country and region, in a named language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import holidays

HORIZON_DAYS = 366


@dataclass(frozen=True)
class Holiday:
    """One public holiday, named in the language it was asked for."""

    day: dt.date
    name: str


def holidays_between(
    country: str, region: str, first: dt.date, last: dt.date, language: str
) -> list[Holiday]:
    """The holidays from `first` to `last`, both included, in order."""
    found = [
        Holiday(day, name)
        for year in range(first.year, last.year + 1)
        for day, name in _year(country, region, year, language)
    ]
    return [holiday for holiday in found if first <= holiday.day <= last]


def holiday_on(
    country: str, region: str, day: dt.date, language: str
) -> Holiday | None:
    """The holiday on that day, if it is one."""
    return next(iter(holidays_between(country, region, day, day, language)), None)


def next_holiday(
    country: str, region: str, after: dt.date, language: str
) -> Holiday | None:
    """The first holiday later than `after`, at most a year away."""
    first, last = after + dt.timedelta(days=1), after + dt.timedelta(days=HORIZON_DAYS)
    return next(iter(holidays_between(country, region, first, last, language)), None)


def is_known(country: str) -> bool:
    """Whether we have a calendar for the country at all."""
    return country in holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=512)
def _year(
    country: str, region: str, year: int, language: str
) -> tuple[tuple[dt.date, str], ...]:
    if not is_known(country):
        return ()
    calendar = holidays.country_holidays(
        country,
        subdiv=_subdivision(country, region),
        years=year,
        language=_calendar_language(country, language),
    )
    return tuple(sorted(calendar.items()))


def _subdivision(country: str, region: str) -> str | None:
    """The region as the calendar calls it; None where it makes no difference.

    People write `CL-AP`, `AP` or `Arica y Parinacota`; all three are the same.
    """
    kind = getattr(holidays, country)
    code = region.removeprefix(f"{country}-").strip()
    code = getattr(kind, "subdivisions_aliases", {}).get(code, code)
    return code if code in kind.subdivisions else None


def _calendar_language(country: str, language: str) -> str | None:
    """The calendar's spelling of a language: `en` is kept there as `en_US`."""
    known = getattr(holidays, country).supported_languages
    fitting = (name for name in known if name.partition("_")[0] == language)
    return next(fitting, None)
