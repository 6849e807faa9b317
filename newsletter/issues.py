"""The issues of a newsletter on the site: its archive, its feed, its latest."""

from __future__ import annotations

from django.db.models import QuerySet

from newsletter.models import IssuePage, NewsletterPage
from pages.models import SearchEntry
from pages.searching import search

MOST_FOUND = 50


def issues_in(page: NewsletterPage, language: str) -> QuerySet[IssuePage]:
    """Those that anyone may read in this language, the latest first."""
    rows = IssuePage.objects.child_of(page).readable_in(language)
    return rows.order_by(f"-first_published_at_{language}", "-pk")


def issues_found(page: NewsletterPage, language: str, query: str) -> list[SearchEntry]:
    """Where these words stand in them, the best first."""
    own = list(issues_in(page, language).values_list("pk", flat=True))
    found = search(query=query, language=language, pages=own)
    return list(found.select_related("page")[:MOST_FOUND]) if own else []
