"""Waiting for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

PATIENCE_S = 120


def wait_until(
    condition: Callable[[], bool],
    what: str,
    every_s: float = 0.02,
    explain: Callable[[], str] = str,
    patience_s: float = PATIENCE_S,
) -> None:
    """Fail once patience is at an end, with what `explain` knows by then."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() >= deadline:
            pytest.fail(f"waited {patience_s} s in vain: {what}\n{explain()}")
        time.sleep(every_s)
