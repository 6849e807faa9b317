"""What a worker's start and end, and a new connection, mean for sendings."""

from __future__ import annotations

from typing import Any

from newsletter.dispatching import running, stopping
from newsletter.dispatching.tasks import rekick_dispatches


def on_worker_ready(**kwargs: Any) -> None:
    """Take up at once what a dead worker left."""
    stopping.forget_stop()
    _recover()
    rekick_dispatches.delay()


def on_worker_process_init(**kwargs: Any) -> None:
    """A process that replaces a killed one takes up what that one left."""
    _recover()


class _BitOr:
    """SQLite's missing aggregate, which PostgreSQL calls the same."""

    def __init__(self) -> None:
        self._bits = 0

    def step(self, value: int | None) -> None:
        self._bits |= value or 0

    def finalize(self) -> int:
        return self._bits


def on_connection_created(connection: Any, **kwargs: Any) -> None:
    """Let SQLite add up what each person follows."""
    if connection.vendor == "sqlite":
        connection.connection.create_aggregate("BIT_OR", 1, _BitOr)


def _recover() -> None:
    """Read the journals of this machine.

    A task may run on another one, which would find nothing and call every mail of ours
    uncertain once its lease has ended. Processes that are forked from now on inherit no
    connection: two would talk on one.
    """
    running.recover_here()
    running.forget_connections()


def on_worker_shutting_down(**kwargs: Any) -> None:
    """Let sendings give back what they have not begun."""
    stopping.note_stop()


def on_worker_shutdown(**kwargs: Any) -> None:
    """The sendings have ended."""
    stopping.forget_stop()
