"""Opening hours in words: open now or not, the ordinary week, the next holiday.

Pure functions: the moment and the language are given, the active language is not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from itertools import groupby
from typing import Protocol, TypeVar

from babel.dates import get_timezone_location
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from offices.calendars import Holiday, holiday_on, next_holiday
from offices.errors import HoursError
from offices.timetables import Place, State, Stretch, states_holidays, stretches

LOOK_AHEAD = dt.timedelta(days=366)
DAY = dt.timedelta(days=1)
Result = TypeVar("Result")


class HasPlace(Protocol):
    """Anything with opening hours: an office, or a fake of one."""

    @property
    def place(self) -> Place: ...


@dataclass(frozen=True)
class OfficeStatus:
    """Open or not at one moment; `words` is empty where no hours are known."""

    state: State
    words: str = ""
    detail: str = ""
    changes_at: dt.datetime | None = None
    holiday: str = ""

    @property
    def is_open(self) -> bool:
        """For styling; the words say it to people."""
        return self.state is State.OPEN


@dataclass(frozen=True)
class DayHours:
    """Days of the week with the same hours; `spans` is empty when closed."""

    label: str
    words: str
    days: tuple[int, ...]
    spans: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NextHoliday:
    """The next public holiday, its name and what happens to the hours."""

    day: dt.date
    name: str
    hours: str
    words: str


def in_its_language(
    function: Callable[..., Result],
) -> Callable[[HasPlace, dt.datetime, str], Result]:
    """Run a function of (office, at, language) with that language switched on."""

    @wraps(function)
    def switched(office: HasPlace, at: dt.datetime, language: str) -> Result:
        with translation.override(language):
            return function(office, at, language)

    return switched


@in_its_language
def status(office: HasPlace, at: dt.datetime, language: str) -> OfficeStatus:
    """Whether the office is open at `at`, and until or from when, in words."""
    place = office.place
    try:
        now, later = _now_and_next(place, at)
    except HoursError:
        return OfficeStatus(State.UNKNOWN)
    if now is None:
        return OfficeStatus(State.UNKNOWN)
    local = at.astimezone(place.zone)
    holiday = holiday_on(place.country, place.region, local.date(), language)
    words, detail = _words(place, local, now, later, holiday, language)
    return OfficeStatus(
        state=now.state,
        words=words,
        detail=detail,
        changes_at=later.start if later else None,
        holiday=holiday.name if holiday else "",
    )


@in_its_language
def weekly_hours(office: HasPlace, at: dt.datetime, language: str) -> list[DayHours]:
    """The ordinary week around `at`, Monday first, equal neighbours joined."""
    place = office.place
    if not place.hours:
        return []
    monday = at.astimezone(place.zone).date()
    monday -= dt.timedelta(days=monday.weekday())
    try:
        week = [_spans(place, monday + DAY * number) for number in range(7)]
    except HoursError:
        return []
    groups = groupby(range(7), key=lambda number: week[number])
    return [_day_hours(monday, tuple(days), spans) for spans, days in groups]


@in_its_language
def holiday_ahead(
    office: HasPlace, at: dt.datetime, language: str
) -> NextHoliday | None:
    """The next public holiday after today, or None without a calendar."""
    place = office.place
    today = at.astimezone(place.zone).date()
    holiday = next_holiday(place.country, place.region, today, language)
    if holiday is None:
        return None
    words = _("%(name)s, %(date)s") % {
        "name": holiday.name,
        "date": date_format(holiday.day, "DATE_FORMAT"),
    }
    return NextHoliday(holiday.day, holiday.name, _holiday_hours(place, holiday), words)


def zone_city(time_zone: str, language: str) -> str:
    """The city a time zone is named after: `Ciudad de México`, `Mexico City`."""
    return get_timezone_location(
        Place("", time_zone).zone, locale=language, return_city=True
    ).rpartition("/")[2]


def clock(moment: dt.datetime, *, closing: bool = False) -> str:
    """`9:00`, `18:30`; midnight is `24:00` at the end of a day."""
    if closing and (moment.hour, moment.minute) == (0, 0):
        return "24:00"
    return f"{moment.hour}:{moment.minute:02d}"


def _now_and_next(
    place: Place, at: dt.datetime
) -> tuple[Stretch | None, Stretch | None]:
    if not place.hours:
        return None, None
    found = stretches(place, at, at + LOOK_AHEAD)
    return next(found, None), next(found, None)


def _words(
    place: Place,
    local: dt.datetime,
    now: Stretch,
    later: Stretch | None,
    holiday: Holiday | None,
    language: str,
) -> tuple[str, str]:
    """The status and, where there is more to say, a second sentence."""
    city = zone_city(place.time_zone, language)
    may_differ = _may_differ(place, local, later, holiday, language)
    if now.state is State.UNKNOWN:
        return _("Hours not certain, please ask first"), may_differ
    if now.state is State.OPEN:
        return _open_words(local, later, city), may_differ
    if later is None:
        return pgettext("office", "Closed"), ""
    if holiday and not may_differ and not _is_open_on(place, local.date()):
        words = _("Closed today: %(holiday)s") % {"holiday": holiday.name}
        return words, _opens_words(local, later.start, city)
    return _closed_words(local, later.start, city), may_differ


def _may_differ(
    place: Place,
    local: dt.datetime,
    later: Stretch | None,
    holiday: Holiday | None,
    language: str,
) -> str:
    """A warning where a holiday matters and the hours do not speak of holidays."""
    if states_holidays(place.hours):
        return ""
    if holiday:
        return _("Today is a public holiday (%(holiday)s): hours may differ.") % {
            "holiday": holiday.name
        }
    if later is None or later.state is not State.OPEN:
        return ""
    ahead = holiday_on(place.country, place.region, later.start.date(), language)
    if ahead is None:
        return ""
    return _("That day is a public holiday (%(holiday)s): hours may differ.") % {
        "holiday": ahead.name
    }


def _open_words(local: dt.datetime, later: Stretch | None, city: str) -> str:
    if later is None:
        return _("Open now, day and night")
    values = {"time": clock(later.start, closing=True), "city": city}
    last_day = (later.start - dt.timedelta(minutes=1)).date()
    if last_day == local.date() or later.start - local < DAY / 2:
        # Translators: city names a time zone, as in "Santiago time"
        return _("Open now, closes at %(time)s (%(city)s time)") % values
    values["day"] = _day_words(local.date(), last_day)
    # Translators: day is "on Monday" or "on 4 January 2027"
    return _("Open now, closes %(day)s at %(time)s (%(city)s time)") % values


def _closed_words(local: dt.datetime, opens: dt.datetime, city: str) -> str:
    values = {"time": clock(opens), "city": city}
    if opens.date() == local.date():
        return _("Closed, opens at %(time)s (%(city)s time)") % values
    values["day"] = _day_words(local.date(), opens.date())
    # Translators: day is "tomorrow", "on Monday" or "on 4 January 2027"
    return _("Closed, opens %(day)s at %(time)s (%(city)s time)") % values


def _opens_words(local: dt.datetime, opens: dt.datetime, city: str) -> str:
    values = {"time": clock(opens), "city": city}
    values["day"] = _day_words(local.date(), opens.date())
    # Translators: day is "tomorrow", "on Monday" or "on 4 January 2027"
    return _("Opens %(day)s at %(time)s (%(city)s time)") % values


def _day_words(today: dt.date, day: dt.date) -> str:
    if day == today + DAY:
        return _("tomorrow")
    if day - today < DAY * 7:
        # Translators: weekday, as in "opens on Monday at 9:00"
        return _("on %(weekday)s") % {"weekday": date_format(day, "l")}
    # Translators: date, as in "opens on 4 January 2027 at 9:00"
    return pgettext("date", "on %(date)s") % {"date": date_format(day, "DATE_FORMAT")}


def open_spans(place: Place, day: dt.date) -> tuple[tuple[str, str], ...]:
    """When it is open on that very day, holidays heeded, as clock times."""
    return _spans(place, day, ordinary=False)


def next_change(offices: Iterable[HasPlace], at: dt.datetime) -> dt.datetime | None:
    """When the first status word of any of them stops being true.

    That is at the latest the next midnight at one of the offices ("tomorrow").
    """
    moments = []
    for office in offices:
        zone = office.place.zone
        midnight = dt.datetime.combine(
            at.astimezone(zone).date() + DAY, dt.time(), zone
        )
        changes_at = status(office, at, settings.LANGUAGE_CODE).changes_at
        moments.append(min(midnight, changes_at or midnight))
    return min(moments, default=None)


def _is_open_on(place: Place, day: dt.date) -> bool:
    return bool(_spans(place, day, ordinary=False))


def _spans(
    place: Place, day: dt.date, *, ordinary: bool = True
) -> tuple[tuple[str, str], ...]:
    """The open spans of one day, as clock times; `ordinary` forgets holidays."""
    start = dt.datetime.combine(day, dt.time(), place.zone)
    end = dt.datetime.combine(day + DAY, dt.time(), place.zone)
    return tuple(
        (clock(part.start), clock(part.end, closing=True))
        for part in stretches(place, start, end, ordinary=ordinary)
        if part.state is State.OPEN
    )


def _day_hours(
    monday: dt.date, days: tuple[int, ...], spans: tuple[tuple[str, str], ...]
) -> DayHours:
    label = _days_label([date_format(monday + DAY * day, "l") for day in days])
    return DayHours(label, _span_words(spans), days, spans)


def _span_words(spans: tuple[tuple[str, str], ...]) -> str:
    if spans == (("0:00", "24:00"),):
        return _("open day and night")
    words = ", ".join(f"{opens}–{closes}" for opens, closes in spans)
    return words or pgettext("hours", "closed")


def _days_label(names: list[str]) -> str:
    if len(names) == 1:
        return capfirst(names[0])
    values = {"first": names[0], "last": names[-1]}
    if len(names) == 2:
        # Translators: two days of the week
        return capfirst(_("%(first)s and %(last)s") % values)
    # Translators: a range of days of the week, both included
    return capfirst(_("%(first)s to %(last)s") % values)


def _holiday_hours(place: Place, holiday: Holiday) -> str:
    """What the hours say about that holiday."""
    try:
        stated = states_holidays(place.hours)
        spans = _spans(place, holiday.day, ordinary=False)
    except HoursError:
        stated, spans = False, ()
    if not stated:
        return _("hours may differ")
    return _span_words(spans)
