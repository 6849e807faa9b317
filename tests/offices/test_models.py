"""What an office may hold."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from offices.models import Office
from tests.offices.factories import make_country

pytestmark = pytest.mark.django_db


def office(**values) -> Office:
    values = {"name_es": "Oficina", "time_zone": "America/Lima", **values}
    return Office(country=make_country(), **values)


def errors(**values) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused, translation.override("en"):
        office(**values).full_clean()
    return refused.value.message_dict


@pytest.mark.parametrize(
    "hours",
    [
        "",
        "24/7",
        "Mo-Fr 09:00-18:00; PH off",
        "Mo-Fr 09:00-13:00,14:00-18:00; Sa 10:00-12:00; PH 10:00-12:00",
        'Mo-Fr 09:00-18:00 "con cita"',
        "Mo-Fr,PH 09:00-18:00",
        "Jan-Mar Mo-Fr 08:00-15:00",
    ],
)
def test_opening_hours_we_understand_are_kept(hours):
    office(opening_hours=hours).full_clean()


@pytest.mark.parametrize(
    ("hours", "near"),
    [
        ("Mo 25:00", "25:00"),
        ("Lu-Vi 09:00-18:00", "Lu-Vi"),
        ("Mo-Fr 9-18", "9-18"),
        ("from 9 to 6", "from 9"),
        ("Mo-Fr 09:00-18:00; SH off", "SH"),
        ("Dec PH off", "PH"),
        ("Mo-Fr 09:00-18:00; PH sometimes", "sometimes"),
    ],
)
def test_opening_hours_we_do_not_understand_are_refused_at_the_spot(hours, near):
    [message] = errors(opening_hours=hours)["opening_hours"]
    assert near in message
    assert "PH off" in message


def test_opening_hours_too_long_are_refused():
    assert "opening_hours" in errors(opening_hours="Mo 09:00-18:00; " * 40)


def test_phones_are_kept_as_dialled_from_abroad():
    found = office(phones="01 4280000\r\n+56 2 2345 6789\n\n")
    found.full_clean()
    assert found.phones == "+51 1 4280000\n+56 2 2345 6789"
    assert [link for _text, link in found.phone_links] == [
        "tel:+51-1-4280000",
        "tel:+56-2-2345-6789",
    ]


@pytest.mark.parametrize("phones", ["call us", "+51 12", "+51 1 4280000\nnope"])
def test_what_is_no_phone_is_refused(phones):
    [message] = errors(phones=phones)["phones"]
    assert "is not a phone number we know" in message


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_es": "", "name_en": " "}, "name_es"),
        ({"latitude": "-12.05"}, "longitude"),
        ({"latitude": "91", "longitude": "0"}, "latitude"),
        ({"latitude": "0", "longitude": "-181"}, "longitude"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"email": "nobody"}, "email"),
        ({"source_url": "file:///etc/passwd"}, "source_url"),
    ],
)
def test_what_makes_no_sense_is_refused(values, field):
    assert list(errors(**values)) == [field]


def test_a_name_in_either_language_is_enough():
    office(name_es="", name_en="Office").full_clean()


@pytest.mark.parametrize("active", ["es", "en"])
def test_the_name_does_not_depend_on_the_active_language(active):
    with translation.override(active):
        assert str(office(name_en="Office")) == "Oficina"
