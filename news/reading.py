"""What a story's head says of it besides its date: how long it is, when it changed."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from news.models import NewsPage
from pages.languages import field
from pages.words import plain

# How fast adults read silently: Brysbaert 2019, for English and for Spanish.
WORDS_PER_MINUTE = {"es": 278, "en": 238}
USUAL_SPEED = 240
# What is not read as text: numbers of pictures and files, addresses, choices.
UNREAD = {"picture", "file", "url", "alt_decision", "alt", "credit"}
UNREAD_BLOCKS = {"embed", "document", "related_story"}
SOON = timedelta(days=1)


def minutes(page: NewsPage, language: str) -> int:
    """Minutes that reading the body takes, from what is stored; 0 for no text."""
    body = field(page, "body", language)
    rows = body.raw_data if body else ()
    texts = (_text(row["value"]) for row in rows if row["type"] not in UNREAD_BLOCKS)
    words = sum(len(text.split()) for text in texts)
    return math.ceil(words / WORDS_PER_MINUTE.get(language, USUAL_SPEED))


def updated_at(page: NewsPage, language: str) -> datetime | None:
    """When its words last changed, where that is a day and more after publication."""
    updated = field(page, "updated_at", language)
    first = field(page, "first_published_at", language)
    return updated if updated and first and updated - first > SOON else None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        read = (part for name, part in value.items() if name not in UNREAD)
        return " ".join(map(_text, read))
    return plain(value) if isinstance(value, str) else ""
