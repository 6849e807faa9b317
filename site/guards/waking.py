"""Wake a worker, and go on where no broker listens: the database remembers the work.

Whoever calls this has written down what is to be done; beat comes round to what was
left lying. So a broker that is down delays the work and breaks nothing.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def wake_on_commit(task: str, *arguments: Any) -> None:
    """Queue a task, by its name, once the transaction is committed; never raises."""
    # Robust: what is committed must not look as if it had failed.
    transaction.on_commit(partial(_wake, task, arguments), robust=True)


def _wake(task: str, arguments: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(task, arguments)
    except (OperationalError, OSError):
        logger.warning("No broker: %s%s waits for the next round", task, arguments)
