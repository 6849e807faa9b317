"""Redis may be away: what only makes things quicker or fairer goes on without it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
# A reader waits for it, so one short try.
QUICK: dict[str, Any] = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "retry": Retry(NoBackoff(), 0),
}


@contextmanager
def unless_away() -> Iterator[None]:
    """Leave the block where Redis does not answer, and say so in the log."""
    try:
        yield
    except RedisError as error:
        logger.warning("Going on without Redis: %s", error)
