"""Offices go over when two terms become one."""

from __future__ import annotations

from django.utils.translation import ngettext

from offices.models import Office
from topics.merging import Mover, register_mover


def connect() -> None:
    """Have offices go over."""
    register_mover(Mover(Office, in_words))


def in_words(number: int) -> str:
    """So many of them."""
    text = ngettext("%(number)s office", "%(number)s offices", number)
    return text % {"number": number}
