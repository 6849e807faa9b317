"""Opening hours, evaluated: when a place is open, with public holidays put in.

The evaluator's own holiday calendar is wrong or old for half our countries, so it is
never told a country: `PH` is taken out of the text and explicit dates are put in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import (
    OpeningHours,
    ParserError,  # its stubs forget this one
)

from offices.calendars import holidays_between
from offices.errors import HoursError

MAX_LENGTH = 500
MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:\s*-\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))?"
_DAY_LIST = re.compile(rf"^((?:PH|{_DAY})(?:\s*,\s*(?:PH|{_DAY}))*)\s+(\S.*)$", re.S)
_OUTSIDE_QUOTES = r"(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"
_RULE_END = re.compile(rf";{_OUTSIDE_QUOTES}")
_HOLIDAY_AFTER_COMMA = re.compile(r"(\d{2}|off|closed)\s*,\s*(?=PH\b)")
_HOLIDAY_WORD = re.compile(rf"\b(PH|SH)\b{_OUTSIDE_QUOTES}")


class State(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Place:
    """All that opening hours depend on."""

    hours: str
    time_zone: str
    country: str = ""
    region: str = ""

    @property
    def zone(self) -> ZoneInfo:
        """The clock on the office's wall."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True)
class Stretch:
    """A time without change, in office time; `end` is not part of it."""

    start: dt.datetime
    end: dt.datetime
    state: State


@dataclass(frozen=True)
class Rules:
    """Opening hours in two halves: ordinary days and public holidays."""

    ordinary: str
    on_holidays: tuple[str, ...]


def check_hours(hours: str) -> None:
    """Return if we can evaluate these hours; raises `HoursError` if not."""
    if len(hours) > MAX_LENGTH:
        raise HoursError("too_long")
    rules = split_rules(hours)
    _parse(rules.ordinary, "UTC")
    for rule in rules.on_holidays:
        _parse(f"2026 Jan 01 {rule}", "UTC")


def split_rules(hours: str) -> Rules:
    """Take the public holidays out of `hours`; raises `HoursError` where we cannot."""
    ordinary: list[str] = []
    on_holidays: list[str] = []
    text = _HOLIDAY_AFTER_COMMA.sub(r"\1; ", hours.strip())
    for rule in filter(None, map(str.strip, _RULE_END.split(text))):
        _sort_rule(rule, ordinary, on_holidays)
    return Rules("; ".join(ordinary), tuple(on_holidays))


def canonical(hours: str) -> str:
    """The same hours in one spelling, for comparing; raises `HoursError`."""
    rules = split_rules(hours)
    on_holidays = sorted(str(_parse(rule, "UTC")) for rule in rules.on_holidays)
    return "; ".join([str(_parse(rules.ordinary, "UTC")), *on_holidays])


def states_holidays(hours: str) -> bool:
    """Whether the hours say what happens on public holidays."""
    return bool(split_rules(hours).on_holidays)


def stretches(
    place: Place, start: dt.datetime, end: dt.datetime, *, ordinary: bool = False
) -> Iterator[Stretch]:
    """What happens from `start` to `end`; `ordinary` leaves public holidays out.

    Neighbours in the same state are joined. Raises `HoursError`.
    """
    zone = place.zone
    table = _timetable(place, start.astimezone(zone).year, ordinary)
    current: Stretch | None = None
    for begin, finish, state, _comment in table.intervals(
        start.astimezone(zone), end.astimezone(zone)
    ):
        following = Stretch(begin, finish, State(str(state)))
        if current and current.state == following.state:
            current = Stretch(current.start, finish, current.state)
            continue
        if current:
            yield current
        current = following
    if current:
        yield current


@lru_cache(maxsize=1024)
def _timetable(place: Place, year: int, ordinary: bool) -> OpeningHours:
    rules = split_rules(place.hours)
    parts = [rules.ordinary or "off"]
    if not ordinary and rules.on_holidays:
        dates = _dates(place, year)
        parts += [f"{dates} {rule}" for rule in rules.on_holidays if dates]
    return _parse("; ".join(parts), place.time_zone)


def _dates(place: Place, year: int) -> str:
    """Every holiday from the year before to the year after, as the syntax wants it."""
    found = holidays_between(
        place.country,
        place.region,
        dt.date(year - 1, 1, 1),
        dt.date(year + 1, 12, 31),
        "en",
    )
    days = (holiday.day for holiday in found)
    return ",".join(f"{d.year} {MONTHS[d.month - 1]} {d.day:02d}" for d in days)


def _sort_rule(rule: str, ordinary: list[str], on_holidays: list[str]) -> None:
    match = _DAY_LIST.match(rule)
    if match and "PH" in match[1]:
        days = [day.strip() for day in match[1].split(",") if day.strip() != "PH"]
        on_holidays.append(match[2])
        rule = f"{','.join(days)} {match[2]}" if days else ""
    if word := _HOLIDAY_WORD.search(rule):
        raise HoursError("holiday_rule", word[1])
    if rule:
        ordinary.append(rule)


def _parse(hours: str, time_zone: str) -> OpeningHours:
    try:
        return OpeningHours(
            hours or "off",
            timezone=ZoneInfo(time_zone),
            auto_country=False,
            auto_timezone=False,
        )
    except ParserError as error:
        raise HoursError("syntax", _near(hours, str(error))) from error


def _near(hours: str, message: str) -> str:
    """The text from the word on where the parser stopped, cut short."""
    column = re.search(r"--> \d+:(\d+)", message)
    stopped = int(column[1]) - 1 if column else 0
    start = max(hours.rfind(end, 0, stopped) for end in " ;,") + 1
    return hours[start : start + 20] or hours[-20:]
