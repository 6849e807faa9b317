"""How far a sending has come, in numbers that add up at every moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from newsletter.dispatching.tallies import OPEN, tally_of
from newsletter.models import Delivery, Dispatch
from pages.languages import language_name

State = Delivery.State
LISTED = 200  # people shown on a page; the ledger's CSV has all
LATELY = timedelta(minutes=3)  # for the rate; workers write once a minute or oftener
NEAR = timedelta(minutes=10)  # so soon that whoever looks waits for it
LONG_MIN = 120
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
    lately: int = 0  # mails sent in the last minutes

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
        """Whether it moves by itself, or is about to."""
        return self._starts_by(self.at + NEAR) or self.dispatch.state in RUNNING

    @property
    def is_due(self) -> bool:
        """Whether its moment has come and a worker begins it."""
        return self._starts_by(self.at)

    def _starts_by(self, at: datetime) -> bool:
        moment = self.dispatch.scheduled_at
        is_waiting = self.dispatch.state == Dispatch.State.SCHEDULED
        return is_waiting and moment is not None and moment <= at

    @property
    def per_minute(self) -> int:
        """Mails a minute in the last few; 0 where nothing goes out."""
        started = self.dispatch.started_at
        if self.dispatch.state != Dispatch.State.SENDING or not started:
            return 0
        seconds = min(LATELY, self.at - started).total_seconds()
        return round(self.lately * 60 / max(seconds, 1))

    @property
    def minutes_left(self) -> int | None:
        """Until the last mail at this rate; None where that cannot be said."""
        if not self.per_minute:
            return None
        return -(-self.total.of(OPEN) // self.per_minute)

    @property
    def hours_left(self) -> int | None:
        """The same where it is too long to be told in minutes; else None."""
        minutes = self.minutes_left
        return round(minutes / 60) if minutes and minutes > LONG_MIN else None

    @property
    def state_names(self) -> list[str]:
        return [str(state.label) for state in State]


def progress_of(dispatch: Dispatch) -> Progress:
    """The counts of each language and the rate."""
    at = timezone.now()
    tally = tally_of(dispatch, since=at - LATELY)
    languages = dispatch.editions.order_by("language").values_list("pk", "language")
    lines = [
        Line(language, dict(tally.editions[pk]))
        for pk, language in languages
        if pk in tally.editions
    ]
    return Progress(dispatch, lines, at, tally.lately)


def first_in(dispatch: Dispatch, state: str) -> list[Delivery]:
    """The first people whose mail is in this state."""
    rows = dispatch.deliveries.filter(state=state).select_related("subscriber")
    return list(rows.order_by("pk")[:LISTED])
