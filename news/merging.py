"""Stories go over when two terms become one."""

from __future__ import annotations

from django.utils.translation import ngettext

from news.models import NewsPage
from topics.merging import Mover, register_mover


def connect() -> None:
    """Have stories go over."""
    register_mover(Mover(NewsPage, in_words))


def in_words(number: int) -> str:
    """So many of them."""
    text = ngettext("%(number)s story", "%(number)s stories", number)
    return text % {"number": number}
