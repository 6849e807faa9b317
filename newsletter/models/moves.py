"""The one way a state changes: by a table of legal moves, guarded in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from newsletter.errors import IllegalMoveError


class Moving(models.Model):
    """A row whose `state` follows `MOVES` (from → to) and changes only by `move_to`."""

    MOVES: Mapping[str, frozenset[str]] = {}

    class Meta:
        abstract = True

    def move_to(self, state: str, **values: Any) -> None:
        """Change the state and write `values` with it, in one guarded update.

        Raises `IllegalMoveError` where the table forbids the move, also when another
        process has moved the row since it was read.
        """
        sources = [old for old, targets in self.MOVES.items() if state in targets]
        rows = type(self)._default_manager.filter(pk=self.pk, state__in=sources)
        if not rows.update(state=state, **values):
            self.refresh_from_db(fields=["state"])
            raise IllegalMoveError(f"{self.state} → {state}")
        for name, value in {"state": state, **values}.items():
            setattr(self, name, value)
