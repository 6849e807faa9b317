"""When a newsletter may be sent: on some days of the week, between two hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
DAY = timedelta(days=1)
WEEK = 7


@dataclass(frozen=True)
class Hours:
    """Open on `days` (Monday is 0; none is all) from `opens` until `closes` in `zone`.

    Without hours a day is open from midnight to midnight. Hours that end before they
    begin go over midnight and belong to the day they begin on. An hour that the clocks
    skip is where they go on; one that comes twice is the first.
    """

    zone: ZoneInfo
    days: frozenset[int] = frozenset()
    opens: time | None = None
    closes: time | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether mails may go at this moment."""
        return self.opens_at(at) == at

    def opens_at(self, at: datetime) -> datetime:
        """`at` itself where it is open then, else the next moment it opens, in UTC."""
        if self.opens is None and not self.days:
            return at
        spans = self._spans(at.astimezone(self.zone).date())
        return next(max(at, opens) for opens, closes in spans if at < closes)

    def _spans(self, today: date) -> Iterator[tuple[datetime, datetime]]:
        """From the one that may have begun yesterday, as long as a week has days."""
        for number in range(-1, WEEK + 2):
            day = today + number * DAY
            if day.weekday() in (self.days or EVERY_DAY):
                yield self._span(day)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        opens, closes = self.opens or time.min, self.closes or time.min
        last = day if opens < closes else day + DAY
        return self._moment(day, opens), self._moment(last, closes)

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)
