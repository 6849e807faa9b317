"""How often a link was opened: in Redis for a minute, then with the link's row.

Without Redis, and while it is away, each click is one small update: on the embedded
default there are few. A count is never worth an error to a reader.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F
from redis import Redis

from guards.redis import QUICK, unless_away
from newsletter.models import MailLink

KEY = "newsletter:clicks"
logger = logging.getLogger(__name__)


def count_click(link: MailLink) -> None:
    """One more; whoever opened it is not asked."""
    if settings.REDIS_URL:
        with unless_away():
            _redis(settings.REDIS_URL).hincrby(KEY, str(link.pk), 1)
            return
    _add({link.pk: 1})


def flush() -> None:
    """Write what waits in Redis; called by beat.

    What is taken out and cannot be written is lost, which is better than counted twice.
    """
    if settings.REDIS_URL:
        with unless_away():
            _add(_taken())


def _taken() -> dict[int, int]:
    waiting = _redis(settings.REDIS_URL).pipeline(transaction=True)
    waiting.hgetall(KEY)
    waiting.delete(KEY)
    found: dict[Any, Any] = waiting.execute()[0]
    return {int(pk): int(clicks) for pk, clicks in found.items()}


def _add(clicks: dict[int, int]) -> None:
    try:
        with transaction.atomic():
            for pk, number in sorted(clicks.items()):
                rows = MailLink.objects.filter(pk=pk)
                rows.update(clicks=F("clicks") + number)
    except DatabaseError as error:
        logger.warning("Clicks were not counted: %s", error)


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, **QUICK)
