"""What readers follow and whom sendings are for, when two terms become one."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import ngettext

from newsletter.models import Dispatch, SavedFilter, Subscription
from topics.merging import Mover, register_mover
from topics.models import ProjectPage, TermPage
from topics.uses import register_use


class CriteriaMover(Mover):
    """Moves what points to a term, and criteria that name it."""

    def count(self, term: TermPage) -> int:
        """As `Mover.count`."""
        return super().count(term) + naming(self.model, term).count()

    def move(self, merged: TermPage, kept: TermPage) -> None:
        """As `Mover.move`."""
        super().move(merged, kept)
        for row in naming(self.model, merged):
            row.criteria[_criterion(kept)] = str(kept.pk)
            row.save(update_fields=["criteria"])


def naming(model: type[models.Model], term: models.Model) -> QuerySet[Any]:
    """What has criteria that name a term."""
    named = {f"criteria__{_criterion(term)}": str(term.pk)}
    return model._default_manager.filter(**named)


def _saved(term: models.Model) -> int:
    return naming(SavedFilter, term).count()


def _planned(term: models.Model) -> int:
    """Sendings whose audience is still to be found."""
    rows = naming(Dispatch, term).filter(frozen_at=None)
    return rows.exclude(state=Dispatch.State.CANCELLED).count()


def _criterion(term: models.Model) -> str:
    return "project" if isinstance(term, ProjectPage) else "country"


def connect() -> None:
    """Have follows and audiences go over."""
    register_mover(Mover(Subscription, _follows))
    register_mover(CriteriaMover(Dispatch, _sendings))
    register_mover(CriteriaMover(SavedFilter, _filters))
    register_use(SavedFilter, _saved)
    register_use(Dispatch, _planned)


def _follows(number: int) -> str:
    text = ngettext("%(number)s follow", "%(number)s follows", number)
    return text % {"number": number}


def _sendings(number: int) -> str:
    text = ngettext("%(number)s sending", "%(number)s sendings", number)
    return text % {"number": number}


def _filters(number: int) -> str:
    text = ngettext("%(number)s saved filter", "%(number)s saved filters", number)
    return text % {"number": number}
