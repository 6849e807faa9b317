"""Offices on pages of any room: footer, hub, office page, structured data."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override

from offices.hours import (
    DayHours,
    NextHoliday,
    OfficeStatus,
    holiday_ahead,
    status,
    weekly_hours,
)
from offices.models import Office

register = template.Library()


@register.inclusion_tag("offices/footer.html")
def footer_offices(lang: str) -> dict[str, Any]:
    """All offices in short; one query."""
    return {"offices": Office.objects.shown(), "lang": lang}


@register.inclusion_tag("offices/offices.html")
def all_offices(lang: str) -> dict[str, Any]:
    """All offices with everything a visitor needs; one query."""
    return {"offices": Office.objects.shown(), "lang": lang}


@register.inclusion_tag("offices/offices_of.html")
def offices_of(country: Model, lang: str) -> dict[str, Any]:
    """The offices of one country hub; nothing at all where it has none."""
    return {"offices": Office.objects.shown().in_country(country), "lang": lang}


@register.simple_tag
def office_text(office: Office, field: str, lang: str) -> SafeString | str:
    """A translated field in `lang`; in another language it is marked as such."""
    wording = office.wording(field, lang)
    if not wording.is_foreign:
        return wording.text
    return format_html('<span lang="{}">{}</span>', wording.language, wording.text)


@register.simple_tag
def office_country(office: Office, lang: str) -> str:
    """The country's name as its hub calls it, in `lang` or any language."""
    country = office.country
    return getattr(country, f"headline_{lang}", "") or country.title


@register.simple_tag
def office_hub(office: Office, lang: str) -> str | None:
    """Where the country's hub is in that language; None where it is not live."""
    return office.country.url_in(lang)


@register.simple_tag
def office_status(office: Office, lang: str) -> OfficeStatus:
    """Open or closed now, in words."""
    return status(office, timezone.now(), lang)


@register.simple_tag
def office_week(office: Office, lang: str) -> list[DayHours]:
    """The ordinary week, in words."""
    return weekly_hours(office, timezone.now(), lang)


@register.simple_tag
def office_holiday(office: Office, lang: str) -> NextHoliday | None:
    """The next public holiday."""
    return holiday_ahead(office, timezone.now(), lang)


@register.simple_tag
def office_confirmed(office: Office, lang: str) -> str:
    """The date of the last confirmation, written out."""
    with override(lang):
        return date_format(office.last_confirmed_on, "DATE_FORMAT")
