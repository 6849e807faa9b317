"""The personal links of one edition's mails."""

from __future__ import annotations

from guards import tokens
from newsletter.delivery.tokens import Links
from newsletter.subscribing.links import paths_in_mails


def links_in(language: str) -> Links:
    """Leave, preferences and one-click links, in the words of one language."""
    return Links(tokens.signer, paths_in_mails(language))
