"""The personal links of one edition's mails."""

from __future__ import annotations

from guards import tokens

from newsletter.delivery.tokens import Links
from newsletter.subscribing.paths import one_click_url, url_to


def links_in(language: str) -> Links:
    """Leave, preferences and one-click links; a token's subject is the subscription."""
    return Links(
        tokens.sign,
        {
            "unsubscribe_url": ("leave", url_to("leave", language, "{token}")),
            "preferences_url": (
                "preferences",
                url_to("preferences", language, "{token}"),
            ),
            "one_click_url": ("leave", one_click_url("{token}")),
        },
    )
