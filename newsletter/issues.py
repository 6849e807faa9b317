"""The issues of a newsletter on the site: its archive, its feed, its latest."""

from __future__ import annotations

from django.db.models import QuerySet

from newsletter.models import IssuePage, NewsletterPage


def issues_in(page: NewsletterPage, language: str) -> QuerySet[IssuePage]:
    """Those that anyone may read in this language, the latest first."""
    rows = IssuePage.objects.child_of(page).readable_in(language)
    return rows.order_by(f"-first_published_at_{language}", "-pk")
