"""How fast and when mails may leave, by the rules of the newsletter and the relay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from redis import Redis

from guards.redis import QUICK
from newsletter.delivery.buckets import FileBuckets, RedisBuckets
from newsletter.delivery.pacing import Buckets, Pacer
from newsletter.dispatching.transports import limit_of
from newsletter.models import Dispatch, Newsletter


def pacer_for(newsletter: Newsletter, folder: Path) -> Pacer:
    """Keeps the newsletter's limit and the relay's, together with all other workers.

    They meet in Redis where there is one, else in `folder`.
    """
    buckets: Buckets = FileBuckets(folder)
    if settings.REDIS_URL:
        buckets = RedisBuckets(Redis.from_url(settings.REDIS_URL, **QUICK))
    return Pacer([newsletter.limit, limit_of(newsletter)], buckets)


def is_open(dispatch: Dispatch, at: datetime) -> bool:
    """Whether it is within the newsletter's sending hours."""
    return dispatch.newsletter.hours.is_open(at)


def opens_at(dispatch: Dispatch, at: datetime) -> datetime | None:
    """The moment a dispatch waits for its newsletter's hours to open, if it does."""
    state = Dispatch.State
    if dispatch.state == state.SCHEDULED and dispatch.scheduled_at:
        at = max(at, dispatch.scheduled_at)
    elif dispatch.state not in {state.READY, state.SENDING}:
        return None
    opens = dispatch.newsletter.hours.opens_at(at)
    return opens if opens > at else None


def rests_until(dispatch: Dispatch, at: datetime) -> datetime | None:
    """The moment a dispatch waits for because its limit is used up, if it is."""
    is_sending = dispatch.state == Dispatch.State.SENDING
    until = dispatch.rests_until if is_sending else None
    return until if until and until > at else None


def goes_on_at(dispatch: Dispatch, at: datetime) -> datetime | None:
    """The moment the next mail may leave, where that is not now."""
    return opens_at(dispatch, at) or rests_until(dispatch, at)


def note_rest(dispatch: Dispatch, rest_s: float, *, at: datetime) -> None:
    """Keep until when the limits let nothing more go; 0 where they do."""
    until = at + timedelta(seconds=rest_s) if rest_s else None
    if until or dispatch.rests_until:
        rows = Dispatch.objects.filter(pk=dispatch.pk)
        rows.update(rests_until=until, moved_at=at)
