"""Which addresses of a file have come by before, kept on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from types import TracebackType

AT_ONCE = 500  # values of one question; SQLite's old limit is 999


class Seen:
    """Addresses by their hash, in a file that nobody else sees and that goes by itself.

    A million of them in a set would take 150 MB. 64 of a hash's bits are kept: that two
    of a million are the same is a chance of one in 37 million.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # SQLite's own temporary file
        self._database.execute("CREATE TABLE seen (digest INTEGER PRIMARY KEY)")

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def known_of(self, digests: Iterable[str]) -> set[str]:
        """Those that came by before; from now on all of them have."""
        short = {_short(digest): digest for digest in digests}
        numbers, known = list(short), set()
        for start in range(0, len(numbers), AT_ONCE):
            some = numbers[start : start + AT_ONCE]
            places = ",".join("?" * len(some))
            rows = self._database.execute(
                f"SELECT digest FROM seen WHERE digest IN ({places})",  # noqa: S608
                some,
            )
            known |= {short[number] for (number,) in rows}
        self._database.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?)", [(number,) for number in numbers]
        )
        return known


def _short(digest: str) -> int:
    """The first 64 bits, as SQLite counts them."""
    return int(digest[:16], 16) - 2**63
