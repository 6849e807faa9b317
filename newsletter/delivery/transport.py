"""The seam between the loop that decides what is sent and whatever carries it.

A `Transport` pulls `Mail` from `Mails` and reports on each: to add a way of sending is
to write one class with one method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from newsletter.delivery.outcomes import Outcome


class TransportError(Exception):
    """The server, not one recipient, is the trouble; nothing was handed over."""


class ConnectionLostError(TransportError):
    """The connection went away before the mail was handed over; it was not sent."""


class RelayRefusedError(TransportError):
    """The server refuses us: no connection, no login, or our sender address."""


@dataclass(slots=True)
class Mail:
    """One mail in wire form with its envelope; `tag` is the giver's own.

    `pieces` make up the content when joined, which is done once, with what follows it.
    """

    sender: str
    to: str
    pieces: Sequence[bytes]
    tag: Any = None

    @property
    def data(self) -> bytes:
        """The content."""
        return b"".join(self.pieces)


class Mails(Protocol):
    """Where a transport gets its mails, and whom it tells what became of them."""

    def take(self) -> Mail | None:
        """The next mail; None where there is none just now."""

    def wait_s(self) -> float | None:
        """Seconds until `take` is worth calling again; None once it is over."""

    def handing_over(self, mail: Mail) -> None:
        """Its content leaves now: without an answer it is uncertain."""

    def settle(self, mail: Mail, outcome: Outcome) -> None:
        """What became of it. Every mail taken is settled or given back."""

    def give_back(self, mail: Mail, why: str = "") -> None:
        """It certainly did not go; `why` names a lost connection, which it may share
        the blame for."""


class Transport(Protocol):
    """Carries mails."""

    def carry(self, mails: Mails, connections: int) -> str:
        """Carry mails until it is over; returns why that was too early, or ""."""


class Few:
    """Some mails to be carried at once, with nobody waiting: `outcomes` by place."""

    def __init__(self, mails: Iterable[Mail]) -> None:
        self._waiting = list(mails)
        self.lost = ""
        self.outcomes: list[Outcome] = []

    def take(self) -> Mail | None:
        """As `Mails.take`."""
        return self._waiting.pop(0) if self._waiting else None

    def wait_s(self) -> float | None:
        """As `Mails.wait_s`."""
        return 0 if self._waiting else None

    def handing_over(self, mail: Mail) -> None:
        """As `Mails.handing_over`."""

    def settle(self, mail: Mail, outcome: Outcome) -> None:
        """As `Mails.settle`."""
        self.outcomes.append(outcome)

    def give_back(self, mail: Mail, why: str = "") -> None:
        """As `Mails.give_back`; such a mail is not tried again."""
        self.lost = self.lost or why


def carry_few(transport: Transport, mails: Iterable[Mail]) -> list[Outcome]:
    """Carry some mails over one connection. Raises `TransportError`."""
    few = Few(mails)
    if trouble := transport.carry(few, 1) or few.lost:
        raise TransportError(trouble)
    return few.outcomes
