"""The personal links of mails: where they lead, and what signs their tokens."""

from __future__ import annotations

from guards import tokens
from newsletter.delivery.message import Link
from newsletter.delivery.sender import Sign
from newsletter.subscribing.links import LEAVE, PREFERENCES, paths_in_mails


def links_in(language: str) -> dict[str, Link]:
    """Leave, preferences and one-click links, in the words of one language."""
    return {
        name: Link(purpose, *address.split("{token}", 1))
        for name, (purpose, address) in paths_in_mails(language).items()
    }


def signers() -> dict[str, Sign]:
    """What signs each kind of link, now."""
    return {purpose: tokens.signer(purpose) for purpose in (LEAVE, PREFERENCES)}
