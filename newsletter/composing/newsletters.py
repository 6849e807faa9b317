"""What is asked about a newsletter as a whole."""

from __future__ import annotations

from newsletter.models import Dispatch, Newsletter, NewsletterPage, Subscription


def is_in_use(newsletter: Newsletter) -> bool:
    """Whether a page, a reader or a sending belongs to it; then it must stay."""
    return any(
        model.objects.filter(newsletter=newsletter).exists()
        for model in (NewsletterPage, Subscription, Dispatch)
    )
