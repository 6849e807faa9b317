"""Open or closed in office time, and how it is said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from offices.hours import holiday_ahead, next_change, status, weekly_hours, zone_city
from offices.timetables import Place, State

LIMA = ("America/Lima", "PE", "")
BOGOTA = ("America/Bogota", "CO", "")
MEXICO = ("America/Mexico_City", "MX", "")
QUITO = ("America/Guayaquil", "EC", "")
MONTEVIDEO = ("America/Montevideo", "UY", "")
SANTIAGO = ("America/Santiago", "CL", "CL-RM")
ARICA = ("America/Santiago", "CL", "CL-AP")

WORKDAYS = "Mo-Fr 09:00-18:00; PH off"
SIESTA = "Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-12:00; PH off"


@dataclass(frozen=True)
class Fake:
    """Anything with a place has hours."""

    place: Place


def fake(hours: str, where: tuple[str, str, str] = LIMA) -> Fake:
    return Fake(Place(hours, *where))


def moment(text: str, zone: str = "UTC") -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


TRUTH = [
    # hours, where, local time, open?
    (WORKDAYS, LIMA, "2026-11-23 09:00", True),
    (WORKDAYS, LIMA, "2026-11-23 08:59", False),
    (WORKDAYS, LIMA, "2026-11-23 18:00", False),
    (WORKDAYS, LIMA, "2026-11-22 12:00", False),  # Sunday
    (WORKDAYS, LIMA, "2026-12-08 12:00", False),  # Immaculate Conception
    (WORKDAYS, LIMA, "2026-12-09 12:00", False),  # Ayacucho: not in the old calendars
    (WORKDAYS, BOGOTA, "2026-08-17 12:00", False),  # moved Monday
    (WORKDAYS, BOGOTA, "2026-08-18 12:00", True),
    (WORKDAYS, MEXICO, "2026-11-16 12:00", False),  # third Monday
    (WORKDAYS, MEXICO, "2026-11-20 12:00", True),
    (WORKDAYS, QUITO, "2026-08-10 12:00", False),
    (WORKDAYS, QUITO, "2026-07-28 12:00", True),  # Peru's holiday, not Ecuador's
    (WORKDAYS, MONTEVIDEO, "2026-08-25 12:00", False),
    (WORKDAYS, MONTEVIDEO, "2026-12-08 12:00", True),
    (WORKDAYS, SANTIAGO, "2026-09-18 12:00", False),
    ("Mo-Su 09:00-18:00; PH off", SANTIAGO, "2026-06-07 12:00", True),
    ("Mo-Su 09:00-18:00; PH off", ARICA, "2026-06-07 12:00", False),
    ("Mo-Su 09:00-18:00", ARICA, "2026-06-07 12:00", True),  # unstated: may differ
    ("PH off; Mo-Fr 09:00-18:00", LIMA, "2026-12-08 12:00", False),
    ("Mo-Fr 09:00-18:00, PH off", LIMA, "2026-12-08 12:00", False),
    ("Mo-Fr 09:00-18:00; PH 10:00-12:00", LIMA, "2026-12-08 11:00", True),
    ("Mo-Fr 09:00-18:00; PH 10:00-12:00", LIMA, "2026-12-08 13:00", False),
    ("Mo-Fr,PH 09:00-18:00", LIMA, "2026-11-01 12:00", True),  # a Sunday, All Saints
    (SIESTA, LIMA, "2026-11-23 13:30", False),
    (SIESTA, LIMA, "2026-11-23 14:00", True),
    ("24/7", LIMA, "2026-11-22 03:00", True),
    ("Mo-Su 20:00-02:00", LIMA, "2026-11-23 01:00", True),
    ("Mo-Fr 09:00-18:00; Dec 24-31 off", LIMA, "2026-12-28 12:00", False),
]


@pytest.mark.parametrize(("hours", "where", "local", "is_open"), TRUTH)
def test_truth_table(hours, where, local, is_open):
    found = status(fake(hours, where), moment(local, where[0]), "es")
    assert found.is_open is is_open


def test_the_moment_is_read_in_office_time_whatever_zone_it_comes_in():
    at = moment("2026-11-23 14:30")  # 9:30 in Lima, 11:30 in Montevideo
    assert status(fake(WORKDAYS, LIMA), at, "en").is_open
    assert status(fake(WORKDAYS, MONTEVIDEO), at, "en").is_open
    early = moment("2026-11-23 12:30")  # 7:30 in Lima, 9:30 in Montevideo
    assert not status(fake(WORKDAYS, LIMA), early, "en").is_open
    assert status(fake(WORKDAYS, MONTEVIDEO), early, "en").is_open


def test_clocks_that_change_are_followed():
    # Chile leaves summer time on 5 April 2026: 9:00 is 12:00 UTC before, 13:00 after.
    before, after = moment("2026-04-02 12:30"), moment("2026-04-06 12:30")
    assert status(fake(WORKDAYS, SANTIAGO), before, "en").is_open
    found = status(fake(WORKDAYS, SANTIAGO), after, "en")
    assert not found.is_open
    assert found.changes_at == moment("2026-04-06 13:00")


def test_an_hour_that_does_not_exist_opens_when_the_clock_has_jumped():
    # In Chile 6 September 2026 starts at 1:00.
    found = status(
        fake("Su 00:30-10:00", SANTIAGO), moment("2026-09-05 12:00", SANTIAGO[0]), "en"
    )
    assert found.changes_at == moment("2026-09-06 04:00")


WORDS = [
    (SIESTA, SANTIAGO, "2026-11-23 15:00", "Open now, closes at 18:00 (Santiago time)"),
    (SIESTA, SANTIAGO, "2026-11-23 10:00", "Open now, closes at 13:00 (Santiago time)"),
    (SIESTA, SANTIAGO, "2026-11-23 07:00", "Closed, opens at 9:00 (Santiago time)"),
    (
        SIESTA,
        SANTIAGO,
        "2026-11-23 19:00",
        "Closed, opens tomorrow at 9:00 (Santiago time)",
    ),
    (
        SIESTA,
        SANTIAGO,
        "2026-11-21 19:00",
        "Closed, opens on Monday at 9:00 (Santiago time)",
    ),
    (WORKDAYS, SANTIAGO, "2026-09-18 12:00", "Closed today: Independence Day"),
    (
        WORKDAYS,
        MEXICO,
        "2026-11-23 10:00",
        "Open now, closes at 18:00 (Mexico City time)",
    ),
    ("24/7", LIMA, "2026-11-23 10:00", "Open now, day and night"),
    ("off", LIMA, "2026-11-23 10:00", "Closed"),
    (
        "Mo-Tu 00:00-24:00",
        LIMA,
        "2026-11-23 10:00",
        "Open now, closes tomorrow at 24:00 (Lima time)",
    ),
    (
        "Mo-Su 20:00-02:00",
        LIMA,
        "2026-11-23 23:00",
        "Open now, closes at 2:00 (Lima time)",
    ),
    ("Mo-Fr unknown", LIMA, "2026-11-23 10:00", "Hours not certain, please ask first"),
    ("", LIMA, "2026-11-23 10:00", ""),
    ("Mo 25:00", LIMA, "2026-11-23 10:00", ""),
]


@pytest.mark.parametrize(("hours", "where", "local", "words"), WORDS)
@pytest.mark.parametrize("active", ["es", "en", None])
def test_words_in_english_whatever_language_is_active(
    hours, where, local, words, active
):
    with translation.override(active):
        found = status(fake(hours, where), moment(local, where[0]), "en")
    assert found.words == words


@pytest.mark.parametrize(
    ("local", "words", "detail"),
    [
        ("2026-11-23 15:00", r"^Abiert[oa].* 18:00 \(.*Santiago de Chile\)$", "^$"),
        ("2026-11-23 19:00", r"^Cerrad[oa].* mañana.* 9:00 \(", "^$"),
        ("2026-11-21 19:00", r"^Cerrad[oa].* el lunes.* 9:00 \(", "^$"),
        ("2026-09-18 12:00", r"^Cerrad[oa] hoy: Día de la Independencia$", "el lunes"),
    ],
)
def test_words_in_spanish(local, words, detail):
    found = status(fake(WORKDAYS, SANTIAGO), moment(local, SANTIAGO[0]), "es")
    assert re.search(words, found.words)
    assert re.search(detail, found.detail)


def test_a_holiday_closes_in_its_own_words_and_says_when_it_opens():
    found = status(
        fake(WORKDAYS, SANTIAGO), moment("2026-09-18 12:00", SANTIAGO[0]), "es"
    )
    assert found.words.endswith(": Día de la Independencia")
    assert found.state is State.CLOSED
    assert "9:00 (hora de Santiago de Chile" in found.detail
    assert found.changes_at == moment("2026-09-21 12:00")


def test_hours_that_do_not_speak_of_holidays_may_differ():
    place = fake("Mo-Fr 09:00-18:00")
    today = status(place, moment("2026-12-08 12:00", LIMA[0]), "en")
    assert today.is_open
    assert today.detail == (
        "Today is a public holiday (Immaculate Conception): hours may differ."
    )
    tomorrow = status(place, moment("2026-12-07 20:00", LIMA[0]), "en")
    assert tomorrow.detail.startswith("That day is a public holiday (Immaculate")


def test_the_week_is_told_in_the_readers_words():
    week = weekly_hours(fake(SIESTA), moment("2026-11-23 12:00"), "en")
    assert [(day.label, day.words) for day in week] == [
        ("Monday to Friday", "9:00–13:00, 14:00–18:00"),
        ("Saturday", "10:00–12:00"),
        ("Sunday", "closed"),
    ]


def test_the_ordinary_week_is_shown_in_a_week_with_a_holiday():
    week = weekly_hours(fake(WORKDAYS), moment("2026-12-08 12:00"), "es")
    assert [day.days for day in week] == [(0, 1, 2, 3, 4), (5, 6)]
    assert week[0].label.startswith("Lunes ")
    assert week[0].label.endswith(" viernes")


@pytest.mark.parametrize(
    ("hours", "language", "name", "said"),
    [
        (WORKDAYS, "en", "Immaculate Conception", "closed"),
        (WORKDAYS, "es", "Inmaculada Concepción", None),
        ("Mo-Fr 09:00-18:00", "en", "Immaculate Conception", "hours may differ"),
        (
            "Mo-Fr 09:00-18:00; PH 10:00-12:00",
            "en",
            "Immaculate Conception",
            "10:00–12:00",
        ),
    ],
)
def test_the_next_holiday_has_a_name_and_says_what_it_does(hours, language, name, said):
    found = holiday_ahead(fake(hours), moment("2026-11-23 12:00"), language)
    assert found.day == dt.date(2026, 12, 8)
    assert found.words.startswith(name)
    assert found.words.startswith(found.name)
    assert said in (None, found.hours)


def test_a_country_without_a_calendar_has_no_next_holiday():
    place = fake(WORKDAYS, ("America/Lima", "ZZ", ""))
    assert holiday_ahead(place, moment("2026-11-23 12:00"), "en") is None
    assert status(place, moment("2026-11-23 15:00"), "en").is_open


@pytest.mark.parametrize(
    ("zone", "spanish", "english"),
    [
        ("America/Mexico_City", "Ciudad de México", "Mexico City"),
        ("America/Bogota", "Bogotá", "Bogota"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"),
    ],
)
def test_time_zones_are_named_after_their_city(zone, spanish, english):
    assert (zone_city(zone, "es"), zone_city(zone, "en")) == (spanish, english)


def test_words_are_true_until_the_first_change_or_midnight():
    offices = [fake(WORKDAYS, LIMA), fake(WORKDAYS, MONTEVIDEO)]
    noon = next_change(offices, moment("2026-11-23 15:00"))
    assert noon == moment("2026-11-23 21:00")  # 18:00 in Montevideo
    night = next_change(offices, moment("2026-11-24 01:00"))
    assert night == moment("2026-11-24 03:00")  # midnight there: "tomorrow" ends
    assert next_change([], noon) is None
