"""What the privacy page says of newsletters."""

from __future__ import annotations

from newsletter.models import Newsletter
from newsletter.subscribing.links import CONFIRM_WITHIN
from newsletter.subscribing.names import name_in
from pages import privacy


def connect() -> None:
    """Take part in the privacy page."""
    section = privacy.Section(20, "newsletter/privacy/section.html", facts)
    privacy.register(section)


def facts(language: str) -> privacy.Facts | None:
    """Which newsletters there are and what they count; None where there is none."""
    active = list(Newsletter.objects.active())
    if not active:
        return None
    return {
        "names": [name_in(newsletter, language) for newsletter in active],
        "days": CONFIRM_WITHIN.days,
        "counts_clicks": any(newsletter.counts_clicks for newsletter in active),
    }
