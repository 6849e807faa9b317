"""What an editor may type into an office, with errors that say what to do."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from offices.errors import HoursError
from offices.timetables import MAX_LENGTH, check_hours

HOURS_MESSAGES = {
    "syntax": _(
        "We cannot read these opening hours from “%(near)s” on. Write English day "
        "abbreviations and 24-hour times, like: Mo-Fr 09:00-18:00; PH off"
    ),
    "holiday_rule": _(
        "“%(near)s” cannot be used like that. Put public holidays in a rule of their "
        "own, like: Mo-Fr 09:00-18:00; PH off. School holidays (SH) need dates."
    ),
    "too_long": _("Opening hours may have at most %(limit)d characters."),
}


def validate_hours(value: str) -> None:
    """Refuse opening hours that cannot be evaluated."""
    try:
        check_hours(value)
    except HoursError as error:
        raise ValidationError(
            HOURS_MESSAGES[error.reason],
            code=error.reason,
            params={"near": error.near, "limit": MAX_LENGTH},
        ) from error


def normalise_phones(value: str, country: str) -> str:
    """One phone a line, each as it is dialled from abroad; refuses what is no phone."""
    lines = filter(None, map(str.strip, value.replace("\r", "").split("\n")))
    return "\n".join(_normalise_phone(line, country) for line in lines)


def phone_link(value: str, country: str) -> str:
    """The `tel:` address of a phone line, or nothing where it is none."""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, str]]:
    """The places of the world that have a clock of their own."""
    names = (name for name in available_timezones() if "/" in name)
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    places = sorted(name for name in names if name.startswith((*areas, "Pacific/")))
    return [(name, name.replace("_", " ")) for name in places]


def _normalise_phone(line: str, country: str) -> str:
    try:
        number = phonenumbers.parse(line, country or None)
    except phonenumbers.NumberParseException as error:
        raise _phone_error(line) from error
    if not phonenumbers.is_valid_number(number):
        raise _phone_error(line)
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )


def _phone_error(line: str) -> ValidationError:
    return ValidationError(
        _(
            "“%(phone)s” is not a phone number we know. Write one per line, "
            "with the country code: +51 1 234 5678"
        ),
        code="phone",
        params={"phone": line[:60]},
    )
