"""How fast we may send."""

from __future__ import annotations

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

    def take(self) -> bool:
        """Whether a mail may go now; if so, it counts."""
        if not self._interval_s:
            return True
        now = self._clock()
        if now < self._next:
            return False
        is_idle = now - self._next >= self._interval_s
        self._next = (now if is_idle else self._next) + self._interval_s
        return True

    def wait_s(self) -> float:
        """Seconds until the next mail may go."""
        return max(0.0, self._next - self._clock()) if self._interval_s else 0.0
