"""What every measure of `make bench-people` needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from bench.report import Report


class Clock:
    """How long something took."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Forget the time until now."""
        self.began, self.seconds = time.perf_counter(), 0.0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What is done in here does not count."""
        began = time.perf_counter()
        yield
        self.began += time.perf_counter() - began

    def stop(self) -> None:
        """It is done."""
        self.seconds = time.perf_counter() - self.began


@contextmanager
def timed(report: Report, what: str, number: int) -> Iterator[Clock]:
    """Report how long the block took, and how many it did a second."""
    clock = Clock()
    yield clock
    clock.stop()
    report.add(what, number, clock.seconds, "s")
    report.add("the same, a second", number, number / clock.seconds, "rows")


def settle() -> None:
    """Have PostgreSQL write what it has to, so that each measure pays for itself."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def peak_mb() -> float:
    """The most memory this process has held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
