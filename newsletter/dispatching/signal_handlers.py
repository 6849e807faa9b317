"""What a Celery worker's start and end mean for sendings."""

from __future__ import annotations

from typing import Any

from newsletter.dispatching import running, stopping
from newsletter.dispatching.tasks import rekick_dispatches


def on_worker_ready(**kwargs: Any) -> None:
    """Take up at once what a dead worker left.

    The journals of this machine are read here: the task may run on another one, which
    would find nothing and call every mail of ours uncertain once its lease has ended.
    """
    stopping.forget_stop()
    running.recover_here()
    rekick_dispatches.delay()


def on_worker_shutting_down(**kwargs: Any) -> None:
    """Let sendings give back what they have not begun."""
    stopping.note_stop()


def on_worker_shutdown(**kwargs: Any) -> None:
    """The sendings have ended."""
    stopping.forget_stop()
