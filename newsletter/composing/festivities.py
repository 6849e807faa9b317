"""Public holidays where an audience lives: who is off duty reads no mail."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from newsletter.dispatching.audience import Audience
from newsletter.models import Newsletter
from offices.calendars import holiday_on
from pages.languages import current_language, field, list_in_words
from topics.models import CountryPage


def holiday_note(newsletter: Newsletter, audience: Audience, at: datetime) -> str:
    """Where that day is a public holiday, in words; "" where nowhere.

    The countries are those the audience follows, or else all that have a hub. A holiday
    of one region alone is not known here.
    """
    rows = CountryPage.objects.exclude(code="").order_by("pk")
    if lives := audience.lives_in:
        rows = rows.filter(pk__in=lives)
    language, day = current_language(), at.astimezone(newsletter.hours.zone).date()
    found = []
    for country in rows:
        if holiday := holiday_on(country.code, "", day, language):
            name = field(country, "headline", language) or country.title
            found.append(f"{name} ({holiday.name})")
    if not found:
        return ""
    text = _("That day is a public holiday in %(countries)s.")
    return text % {"countries": list_in_words(found)}
