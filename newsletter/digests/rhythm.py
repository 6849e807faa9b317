"""When a digest's turn comes."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from newsletter.models import Digest, Frequency

STORY_EVERY = timedelta(minutes=15)


def next_moment(digest: Digest, after: datetime) -> datetime:
    """The first of its moments later than `after`, in UTC.

    An hour that the clocks skip counts as the one they jump to, and of one that comes
    twice the first is meant (PEP 495).
    """
    if digest.frequency == Frequency.STORY:
        return after + STORY_EVERY
    zone = digest.newsletter.hours.zone
    for day in _days(digest, after.astimezone(zone).date()):
        moment = datetime.combine(day, digest.hour, zone).astimezone(UTC)
        if moment > after:
            return moment
    raise AssertionError("there is always another day")


def _days(digest: Digest, today: date) -> Iterator[date]:
    if digest.frequency == Frequency.WEEKLY:
        first = today + timedelta((digest.weekday - today.weekday()) % 7)
        yield first
        yield first + timedelta(7)
    else:
        this, following = today.replace(day=1), today.replace(day=28) + timedelta(4)
        for month in (this, following.replace(day=1)):
            last = monthrange(month.year, month.month)[1]
            yield month.replace(day=min(digest.month_day, last))
