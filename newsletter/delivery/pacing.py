"""How fast we may send: limits that every worker keeps together.

A limit is a token bucket, a rate with a burst, and may allow only so many an hour. One
mail takes one token of every limit. Buckets are kept where all workers see them
(`buckets.py`); a worker takes a handful at a time and gives back what it did not use.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

HOLD_S = 0.1  # how long a worker may keep a token before it uses it
HANDFUL = 100  # tokens at once where only the hour limits
MANY = sys.maxsize
SLOT_S = 60  # an hour is counted in slots of a minute
SLOTS = 61  # these hold an hour, wherever in the first of them it began


class BucketsError(Exception):
    """The buckets cannot be reached, so nothing may be sent."""


@dataclass(frozen=True)
class Limit:
    """At most `burst` mails at once, then `per_minute`; at most `per_hour` in any hour.

    0 is no limit, and a burst of 0 is what goes in a second. `key` names the bucket.
    """

    key: str
    per_minute: int = 0
    burst: int = 0
    per_hour: int = 0

    @property
    def is_set(self) -> bool:
        """Whether it limits anything."""
        return bool(self.per_minute or self.per_hour)

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.per_minute / 60

    @property
    def handful(self) -> int:
        """How many tokens to take at once: those of `HOLD_S` if the burst has room."""
        if not self.per_minute:
            return HANDFUL
        few = math.ceil(self.per_second * HOLD_S)
        return few if 2 * few <= self._burst else 1

    @property
    def depth(self) -> int:
        """How many tokens are saved up: the burst without what workers may hold."""
        return self._burst - (self.handful if self.handful > 1 else 0)

    @property
    def _burst(self) -> int:
        return self.burst or max(1, int(self.per_second))


@dataclass(frozen=True)
class Grant:
    """Tokens to use now; where there are none, seconds until it is worth asking."""

    tokens: int
    wait_s: float = 0.0


class Buckets(Protocol):
    """Where the buckets are kept, for all workers."""

    def take(self, limits: Sequence[Limit], want: int, unused: int) -> Grant:
        """Up to `want` tokens of all these limits at once; `unused` ones come back.

        Raises `BucketsError`.
        """


class Bucket:
    """One limit's tokens at the moment `now`, in seconds of its keeper's clock."""

    def __init__(
        self, limit: Limit, at: float, tokens: float, sent: Mapping[int, int]
    ) -> None:
        self.limit = limit
        self._at = at
        self._tokens = tokens
        self._sent = Counter(sent)  # slot → tokens taken

    @classmethod
    def full(cls, limit: Limit, at: float) -> Bucket:
        """Nothing was taken for an hour."""
        return cls(limit, at, limit.depth, {})

    @classmethod
    def used_up(cls, limit: Limit, at: float) -> Bucket:
        """Nobody knows what was taken, so everything was, just now."""
        return cls(limit, at, 0, {_slot(at): limit.per_hour})

    @classmethod
    def from_data(cls, limit: Limit, data: Any) -> Bucket:
        """As `data` gave it. Raises `ValueError` for anything else."""
        try:
            sent = {int(slot): int(taken) for slot, taken in data["sent"].items()}
            return cls(limit, float(data["at"]), float(data["tokens"]), sent)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not a bucket") from error

    @property
    def data(self) -> dict[str, Any]:
        """What is kept, fit for JSON."""
        return {"at": self._at, "tokens": self._tokens, "sent": self._sent}

    @property
    def at(self) -> float:
        """The moment for which this is right."""
        return self._at

    def move_to(self, now: float) -> None:
        """Add what the time since has brought.

        A clock that was set back brings nothing, and what was taken at a time to come
        counts as taken now: it waits an hour, never for the clock to catch up.
        """
        since_s = max(0.0, now - self._at)
        refilled = self._tokens + since_s * self.limit.per_second
        self._at = now
        self._tokens = min(self.limit.depth, refilled)
        this, sent = _slot(now), self._sent
        self._sent = Counter()
        for slot, taken in sent.items():
            if slot > this - SLOTS:
                self._sent[min(slot, this)] += taken

    @property
    def free(self) -> int:
        """Tokens that may be taken now."""
        tokens = math.floor(self._tokens + 1e-6) if self.limit.per_minute else MANY
        return max(0, min(tokens, self._free_this_hour()))

    def wait_s(self, want: int) -> float:
        """Seconds until up to `want` tokens are worth asking for."""
        wait_s = 0.0
        if self.limit.per_minute:
            missing = min(want, self.limit.depth) - self._tokens
            wait_s = max(wait_s, missing / self.limit.per_second)
        if self._free_this_hour() <= 0:
            is_over_at = (min(self._sent, default=0) + SLOTS) * SLOT_S - HOLD_S
            wait_s = max(wait_s, is_over_at - self._at)
        return wait_s

    def take(self, tokens: int) -> None:
        """Take so many."""
        self._tokens -= tokens
        if tokens:
            self._sent[_slot(self._at)] += tokens

    def give_back(self, tokens: int) -> None:
        """Put back what was not used; the oldest slots forget first, which is safe."""
        self._tokens = min(self.limit.depth, self._tokens + tokens)
        for slot in sorted(self._sent):
            back = min(tokens, self._sent[slot])
            self._sent[slot] -= back
            tokens -= back
        self._sent = +self._sent

    def _free_this_hour(self) -> int:
        per_hour = self.limit.per_hour
        return per_hour - self._sent.total() if per_hour else MANY


def take_from(buckets: Sequence[Bucket], now: float, want: int, unused: int) -> Grant:
    """Take as many as each of them has, the same from all."""
    for bucket in buckets:
        bucket.move_to(now)
        bucket.give_back(unused)
    tokens = min(want, *(bucket.free for bucket in buckets))
    for bucket in buckets:
        bucket.take(tokens)
    if tokens or not want:
        return Grant(tokens)
    return Grant(0, max(bucket.wait_s(want) for bucket in buckets))


def _slot(now: float) -> int:
    """Where a token taken now counts: it is used by the end of `HOLD_S`."""
    return int((now + HOLD_S) // SLOT_S)


class Pacer:
    """What one run may send now; without limits it never asks anybody.

    `trouble` says why nothing may be sent any more, once the buckets are out of reach.
    """

    def __init__(self, limits: Sequence[Limit], buckets: Buckets) -> None:
        self._limits = [limit for limit in limits if limit.is_set]
        self._buckets = buckets
        self._held = 0
        self._held_until = 0.0
        self._not_before = 0.0
        self.trouble = ""

    def take(self) -> bool:
        """Whether a mail may go now; if so, it counts."""
        if not self._limits:
            return True
        now = time.monotonic()
        if self.trouble or (not self._held and now < self._not_before):
            return False
        if not self._held or now >= self._held_until:
            self._ask(now)
        if not self._held:
            return False
        self._held -= 1
        return True

    def give_back(self) -> None:
        """A mail that was allowed certainly did not go."""
        self._held += bool(self._limits)

    def wait_s(self) -> float:
        """Seconds until the next mail may go, as far as we know."""
        return max(0.0, self._not_before - time.monotonic()) if not self._held else 0.0

    def close(self) -> None:
        """Give back what was not used; where that fails it is lost, which is safe."""
        if self._held and not self.trouble:
            self._grant(want=0)

    def _ask(self, now: float) -> None:
        handful = min(limit.handful for limit in self._limits)
        grant = self._grant(handful)
        self._held = grant.tokens
        self._held_until = now + (HOLD_S if handful > 1 else 0)
        self._not_before = now + grant.wait_s

    def _grant(self, want: int) -> Grant:
        unused, self._held = self._held, 0
        try:
            return self._buckets.take(self._limits, want, unused)
        except BucketsError as error:
            self.trouble = str(error)
            return Grant(0)
