"""When a page was published and changed, as feeds and search engines are told."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from pages.languages import field


def published_at(page: Any, language: str) -> datetime | None:
    """When it first came out in a language; aware, None where it never did.

    A story dated otherwise than the day it was put on the site (an older one that was
    brought along) came out on its date.
    """
    first = field(page, "first_published_at", language)
    day = getattr(page, "date", None)
    if first is None or day is None or timezone.localdate(first) <= day:
        return first
    return timezone.make_aware(datetime.combine(day, time()))


def modified_at(page: Any, language: str) -> datetime | None:
    """When its words last changed in a language; a small change is none."""
    return field(page, "updated_at", language) or published_at(page, language)
