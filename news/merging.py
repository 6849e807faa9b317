"""Stories go over when two terms become one."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import ngettext

from news import listed
from news.models import NewsPage
from pages import searching
from topics.merging import Mover, register_mover
from topics.models import TermPage


@dataclass(frozen=True)
class StoryMover(Mover):
    """Also puts the stories in the lists of the term that is kept."""

    def move(self, merged: TermPage, kept: TermPage) -> None:
        """Point them all to the kept term, and have lists and search know."""
        ids = {
            pk
            for name in ("projects", "countries")
            for pk in NewsPage.objects.filter(**{name: merged.pk}).values_list(
                "pk", flat=True
            )
        }
        super().move(merged, kept)
        listed.settle(ids)
        searching.mark_anew(label=NewsPage._meta.label_lower, ids=ids)


def connect() -> None:
    """Have stories go over."""
    register_mover(StoryMover(NewsPage, in_words))


def in_words(number: int) -> str:
    """So many of them."""
    text = ngettext("%(number)s story", "%(number)s stories", number)
    return text % {"number": number}
