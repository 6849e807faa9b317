"""An office as schema.org data for search engines and maps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from offices.calendars import holidays_between
from offices.hours import open_spans, weekly_hours
from offices.models import Office
from offices.schema_hours import specifications
from offices.timetables import states_holidays
from pages.structured import own_id

CLOSURES_AHEAD = dt.timedelta(days=90)


def office_node(office: Office, at: dt.datetime, language: str) -> dict[str, Any]:
    """The public facts of an office; what is empty or hidden is left out."""
    data = {
        "@type": "LocalBusiness",
        "@id": own_id(f"office-{office.pk}"),
        "name": office.wording("name", language).text,
        "description": office.wording("notes", language).text,
        "address": _address(office, language),
        "telephone": [link.removeprefix("tel:") for _t, link in office.phone_links],
        "email": office.email,
        "geo": _geo(office),
        "openingHoursSpecification": [
            *_ordinary(office, at, language),
            *_on_holidays(office, at, language),
        ],
    }
    return {name: value for name, value in data.items() if value}


def nodes_of_all(page: Any, language: str) -> list[dict[str, Any]]:
    """Every office, for the page that lists them."""
    return [_now(office, language) for office in Office.objects.shown()]


def nodes_of_country(page: Any, language: str) -> list[dict[str, Any]]:
    """The offices of a country, for its hub."""
    return [_now(each, language) for each in Office.objects.shown().in_country(page)]


def _now(office: Office, language: str) -> dict[str, Any]:
    return office_node(office, timezone.now(), language)


def _address(office: Office, language: str) -> dict[str, str]:
    parts = {
        "@type": "PostalAddress",
        "streetAddress": ", ".join(office.address_lines),
        "postalCode": office.postal_code,
        "addressLocality": office.wording("city", language).text,
        "addressCountry": office.country_code,
    }
    return {name: value for name, value in parts.items() if value}


def _geo(office: Office) -> dict[str, str]:
    if office.public_point is None:
        return {}
    latitude, longitude = office.public_point
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def _ordinary(office: Office, at: dt.datetime, language: str) -> list[dict[str, Any]]:
    return [
        specification
        for group in weekly_hours(office, at, language)
        for specification in specifications(group.days, group.spans)
    ]


def _on_holidays(
    office: Office, at: dt.datetime, language: str
) -> list[dict[str, Any]]:
    """Closures and shorter days ahead, where the hours speak of holidays."""
    place = office.place
    if not weekly_hours(office, at, language) or not states_holidays(place.hours):
        return []
    today = at.astimezone(place.zone).date()
    ahead = today + CLOSURES_AHEAD
    found = holidays_between(place.country, place.region, today, ahead, language)
    return [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": holiday.day.isoformat(),
            "validThrough": holiday.day.isoformat(),
            "opens": opens.zfill(5),
            "closes": "23:59" if closes == "24:00" else closes.zfill(5),
        }
        for holiday in found
        for opens, closes in open_spans(place, holiday.day) or [("00:00", "00:00")]
    ]
