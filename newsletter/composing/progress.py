"""How far a sending has come, in numbers that add up at every moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from newsletter.models import Delivery, Dispatch
from pages.languages import language_name

State = Delivery.State
OPEN = (State.WAITING, State.CLAIMED, State.RETRY)
IN_DOUBT = (State.UNCERTAIN, State.FAILED)
LISTED = 200  # people in doubt shown on the page; the command lists all
RUNNING = (Dispatch.State.READY, Dispatch.State.SENDING, Dispatch.State.PAUSED)


@dataclass(frozen=True)
class Line:
    """The counts of one language, or of all."""

    language: str
    counts: dict[str, int]

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def audience(self) -> int:
        return sum(self.counts.values())

    @property
    def numbers(self) -> list[int]:
        """One number per state, in the order of `STATES`."""
        return [self.counts.get(state, 0) for state in STATES]

    def of(self, states: Iterable[str]) -> int:
        return sum(self.counts.get(state, 0) for state in states)


STATES = [state.value for state in State]


@dataclass(frozen=True)
class Progress:
    """A sending at one moment."""

    dispatch: Dispatch
    lines: list[Line]
    at: datetime

    @property
    def total(self) -> Line:
        sums = {
            state: sum(line.counts.get(state, 0) for line in self.lines)
            for state in STATES
        }
        return Line("", sums)

    @property
    def done(self) -> int:
        return self.total.audience - self.total.of(OPEN)

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total.audience if self.total.audience else 0

    @property
    def is_running(self) -> bool:
        return self.dispatch.state in RUNNING

    @property
    def per_minute(self) -> int:
        """Mails a minute since the start; 0 before anything is known."""
        started = self.dispatch.started_at
        if not (started and self.done):
            return 0
        seconds = ((self.dispatch.finished_at or self.at) - started).total_seconds()
        return round(self.done * 60 / max(seconds, 1))

    @property
    def minutes_left(self) -> int | None:
        """Until the last mail at the rate so far; None where that cannot be said."""
        if self.dispatch.state != Dispatch.State.SENDING or not self.per_minute:
            return None
        return -(-self.total.of(OPEN) // self.per_minute)

    @property
    def state_names(self) -> list[str]:
        return [str(state.label) for state in State]


def progress_of(dispatch: Dispatch) -> Progress:
    """The counts of each language, in one query."""
    rows = Delivery.objects.filter(dispatch=dispatch).with_standing().order_by()
    found: dict[str, dict[str, int]] = {}
    for language, state, number in rows.values_list(
        "edition__language", "standing"
    ).annotate(n=Count("pk")):
        found.setdefault(language, {})[state] = number
    lines = [Line(language, counts) for language, counts in sorted(found.items())]
    return Progress(dispatch, lines, timezone.now())


def in_doubt(dispatch: Dispatch) -> list[Delivery]:
    """The first people whose mail failed or may not have arrived."""
    rows = dispatch.deliveries.filter(state__in=IN_DOUBT)
    return list(rows.select_related("subscriber").order_by("state", "pk")[:LISTED])
