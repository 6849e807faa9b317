"""How fast we may send."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pacer:
    """Spreads mails evenly at a rate; shared by all connections of one run.

    There is no burst: after a pause the next mail is due at once, and the one after it
    a full interval later. A rate of 0 never waits.
    """

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval_s = 60 / per_minute if per_minute else 0.0
        self._clock = clock
        self._next = clock()
        self._lock = threading.Lock()

    def wait(self, stop: threading.Event) -> bool:
        """Block until a mail may go; False when `stop` was set meanwhile."""
        if not self._interval_s:
            return not stop.is_set()
        with self._lock:
            due = max(self._next, self._clock())
            self._next = due + self._interval_s
        return not stop.wait(max(0.0, due - self._clock()))
