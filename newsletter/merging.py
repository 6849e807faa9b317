"""What readers follow and whom sendings are for, when two terms become one."""

from __future__ import annotations

from django.utils.translation import ngettext

from newsletter.models import Dispatch, Subscription
from topics.merging import Mover, register_mover


def connect() -> None:
    """Have follows and audiences go over."""
    register_mover(Mover(Subscription, _follows))
    register_mover(Mover(Dispatch, _sendings))


def _follows(number: int) -> str:
    text = ngettext("%(number)s follow", "%(number)s follows", number)
    return text % {"number": number}


def _sendings(number: int) -> str:
    text = ngettext("%(number)s sending", "%(number)s sendings", number)
    return text % {"number": number}
