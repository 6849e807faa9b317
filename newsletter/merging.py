"""What readers follow go over when two terms become one."""

from __future__ import annotations

from django.utils.translation import ngettext

from newsletter.models import Subscription
from topics.merging import Mover, register_mover


def connect() -> None:
    """Have follows go over."""
    register_mover(Mover(Subscription, in_words))


def in_words(number: int) -> str:
    """So many of them."""
    text = ngettext("%(number)s follow", "%(number)s follows", number)
    return text % {"number": number}
