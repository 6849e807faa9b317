"""A store in memory and a mail server that remembers, for tests and rehearsals."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.delivery.journal import Lease, Verdicts
from newsletter.delivery.message import Wire
from newsletter.delivery.outcomes import SENT, Kind, Outcome
from newsletter.delivery.sender import Claim, Recipient, Sign
from newsletter.delivery.transport import (
    ConnectionLostError,
    Mail,
    Mails,
    RelayRefusedError,
)


@dataclass
class MemoryChunk:
    """A chunk's ledger: who waits, who is claimed, and what became of the rest."""

    waiting: dict[int, Recipient]
    claimed: dict[int, Recipient] = field(default_factory=dict)
    finished: dict[int, Outcome] = field(default_factory=dict)
    worker: str = ""
    epoch: int = 0


class MemoryStore:
    """Chunks of recipients in memory, under the rules of `Store`."""

    def __init__(
        self, wire: Wire, signs: Mapping[str, Sign], recipients: list[list[str]]
    ) -> None:
        self._wire = wire
        self._signs = signs
        self.wanted = True
        self.chunks: list[MemoryChunk] = []
        number = 0
        for addresses in recipients:
            people = [
                Recipient(number + place, address, number + place)
                for place, address in enumerate(addresses, 1)
            ]
            number += len(people)
            self.chunks.append(MemoryChunk({each.subscriber: each for each in people}))

    def claim(self, worker: str) -> Claim | None:
        """As `Store.claim`."""
        for number, chunk in enumerate(self.chunks):
            if chunk.waiting and not chunk.worker:
                chunk.worker, chunk.epoch = worker, chunk.epoch + 1
                chunk.claimed, chunk.waiting = chunk.waiting, {}
                return self._claim_of(number, chunk)
        return None

    def _claim_of(self, number: int, chunk: MemoryChunk) -> Claim:
        return Claim(
            lease=(number, chunk.epoch),
            dispatch=1,
            wire=self._wire,
            mail_from="news@pregon.example",
            signs=self._signs,
            recipients=tuple(chunk.claimed.values()),
        )

    def close(
        self, lease: Lease, worker: str, verdicts: Verdicts, *, rest_is_known: bool
    ) -> None:
        """As `Store.close`."""
        chunk = self.chunks[lease[0]]
        if (chunk.worker, chunk.epoch) != (worker, lease[1]):
            return
        for subscriber, recipient in chunk.claimed.items():
            if subscriber in verdicts:
                chunk.finished[subscriber] = verdicts[subscriber]
            elif rest_is_known:
                chunk.waiting[subscriber] = recipient
            else:
                chunk.finished[subscriber] = Outcome(Kind.UNCERTAIN)
        chunk.claimed, chunk.worker = {}, ""

    def leases_of(self, worker: str) -> list[Lease]:
        """As `Store.leases_of`."""
        return [
            (number, chunk.epoch)
            for number, chunk in enumerate(self.chunks)
            if chunk.worker == worker
        ]

    def is_wanted(self) -> bool:
        """As `Store.is_wanted`."""
        return self.wanted

    def ledger(self) -> dict[int, Kind]:
        """Subscriber → what became of them, over all chunks."""
        return {
            subscriber: outcome.kind
            for chunk in self.chunks
            for subscriber, outcome in chunk.finished.items()
        }


class RecordingTransport:
    """Keeps every accepted mail; `script` decides otherwise for single addresses.

    A script value is an outcome to give, or an exception to raise before hand-over.
    `sessions` is how many connections it takes in all.
    """

    def __init__(
        self,
        script: Mapping[str, list[Outcome | Exception]] | None = None,
        sessions: int = 100,
        on_accept: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.accepted: list[tuple[str, bytes]] = []
        self._script = {to: list(steps) for to, steps in (script or {}).items()}
        self._left = sessions
        self._on_accept = on_accept

    @property
    def recipients(self) -> list[str]:
        """Every address a mail was accepted for, once per mail."""
        return [to for to, _data in self.accepted]

    def carry(self, mails: Mails, connections: int) -> str:
        """As `Transport.carry`, with one connection at a time."""
        is_open, refused = False, 0
        while (wait_s := mails.wait_s()) is not None:
            if not is_open and not self._left:
                return "421 too many connections"
            if (mail := mails.take()) is None:
                time.sleep(min(wait_s, 0.1))
                continue
            self._left -= not is_open
            is_open = True
            try:
                self._deliver(mails, mail)
            except ConnectionLostError as error:
                is_open = False
                mails.give_back(mail, str(error))
            except RelayRefusedError as error:
                mails.give_back(mail)
                refused += 1
                if refused >= connections:
                    return str(error)
        return ""

    def _deliver(self, mails: Mails, mail: Mail) -> None:
        steps = self._script.get(mail.to)
        step = steps.pop(0) if steps else SENT
        if isinstance(step, Exception):
            raise step
        if step.stage not in {"MAIL", "RCPT", "DATA"}:
            mails.handing_over(mail)
            if step.kind in {Kind.SENT, Kind.UNCERTAIN}:
                self.accepted.append((mail.to, mail.data))
                self._on_accept(len(self.accepted))
        mails.settle(mail, step)
