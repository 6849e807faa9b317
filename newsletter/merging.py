"""What readers follow and whom sendings are for, when two terms become one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from newsletter.models import Dispatch, SavedFilter, Subscription
from topics.merging import Mover, register_mover
from topics.models import ProjectPage, TermPage


class CriteriaMover(Mover):
    """Moves what points to a term, and criteria that name it."""

    def count(self, term: TermPage) -> int:
        """As `Mover.count`."""
        return super().count(term) + self._naming(term).count()

    def move(self, merged: TermPage, kept: TermPage) -> None:
        """As `Mover.move`."""
        super().move(merged, kept)
        for row in self._naming(merged):
            row.criteria[_criterion(kept)] = str(kept.pk)
            row.save(update_fields=["criteria"])

    def _naming(self, term: TermPage) -> QuerySet[Any]:
        named = {f"criteria__{_criterion(term)}": str(term.pk)}
        return self.model._default_manager.filter(**named)


def _criterion(term: TermPage) -> str:
    return "project" if isinstance(term, ProjectPage) else "country"


def connect() -> None:
    """Have follows and audiences go over."""
    register_mover(Mover(Subscription, _follows))
    register_mover(CriteriaMover(Dispatch, _sendings))
    register_mover(CriteriaMover(SavedFilter, _filters))


def _follows(number: int) -> str:
    text = ngettext("%(number)s follow", "%(number)s follows", number)
    return text % {"number": number}


def _sendings(number: int) -> str:
    text = ngettext("%(number)s sending", "%(number)s sendings", number)
    return text % {"number": number}


def _filters(number: int) -> str:
    text = ngettext("%(number)s saved filter", "%(number)s saved filters", number)
    return text % {"number": number}
