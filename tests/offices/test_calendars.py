"""Public holidays by country and region, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from offices.calendars import holiday_on, next_holiday

# From each country's own law, not from the library.
IS_HOLIDAY = [
    ("PE", "", "2026-07-28", True),  # Independence
    ("PE", "", "2026-08-06", True),  # Junín, since 2022
    ("PE", "", "2026-12-09", True),  # Ayacucho, since 2022
    ("PE", "", "2026-07-27", False),
    ("CO", "", "2026-07-20", True),  # Independence
    ("CO", "", "2026-06-29", True),  # Saint Peter and Saint Paul, a Monday already
    ("CO", "", "2026-08-17", True),  # Assumption, moved to Monday by law 51 of 1983
    ("CO", "", "2026-08-15", False),
    ("MX", "", "2026-09-16", True),  # Independence
    ("MX", "", "2026-11-16", True),  # Revolution, third Monday of November
    ("MX", "", "2026-11-20", False),
    ("MX", "", "2024-10-01", True),  # change of president, since 2024 in October
    ("EC", "", "2026-08-10", True),  # First Cry of Independence
    ("EC", "", "2026-11-02", True),  # All Souls
    ("EC", "", "2026-07-28", False),
    ("UY", "", "2026-08-25", True),  # Independence
    ("UY", "", "2026-07-18", True),  # Constitution
    ("UY", "", "2026-12-08", False),
    ("CL", "", "2026-09-18", True),  # Fiestas Patrias
    ("CL", "", "2026-06-07", False),
    ("CL", "CL-AP", "2026-06-07", True),  # Morro de Arica, that region only
    ("CL", "AP", "2026-06-07", True),
    ("CL", "Arica y Parinacota", "2026-06-07", True),
    ("CL", "CL-RM", "2026-06-07", False),
    ("CL", "CL-NB", "2026-08-20", True),  # O'Higgins, Ñuble only
    ("SV", "", "2026-09-15", True),
    ("ZZ", "", "2026-01-01", False),
]


@pytest.mark.parametrize(("country", "region", "day", "expected"), IS_HOLIDAY)
def test_a_country_and_region_have_their_own_holidays(country, region, day, expected):
    found = holiday_on(country, region, dt.date.fromisoformat(day), "es")
    assert (found is not None) is expected


@pytest.mark.parametrize(
    ("country", "language", "name"),
    [
        ("PE", "es", "Navidad del Señor"),
        ("PE", "en", "Christmas Day"),
        ("CL", "es", "Navidad"),
        ("CL", "en", "Christmas Day"),
        ("UY", "es", "Día de la Familia"),
        ("UY", "en", "Family Day"),
    ],
)
def test_holidays_are_named_in_the_language_asked_for(country, language, name):
    assert holiday_on(country, "", dt.date(2026, 12, 25), language).name == name


def test_the_next_holiday_is_later_than_today_and_crosses_the_year():
    christmas = next_holiday("UY", "", dt.date(2026, 12, 24), "en")
    new_year = next_holiday("UY", "", dt.date(2026, 12, 25), "en")
    assert christmas.day == dt.date(2026, 12, 25)
    assert new_year.day == dt.date(2027, 1, 1)
