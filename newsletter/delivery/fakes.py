"""A store in memory and a mail server that remembers, for tests and rehearsals."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from newsletter.delivery.journal import Lease, Verdicts
from newsletter.delivery.message import Wire
from newsletter.delivery.outcomes import SENT, Kind, Outcome
from newsletter.delivery.sender import Claim, Recipient
from newsletter.delivery.smtp import RelayRefusedError
from newsletter.delivery.tokens import Links


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

    def __init__(self, wire: Wire, links: Links, recipients: list[list[str]]) -> None:
        self._wire = wire
        self._links = links
        self.wanted = True
        self.chunks: list[MemoryChunk] = []
        number = 0
        for addresses in recipients:
            people = [
                Recipient(number + place, address, str(number + place))
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
            links=self._links,
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
        self._lock = threading.Lock()

    @property
    def recipients(self) -> list[str]:
        """Every address a mail was accepted for, once per mail."""
        return [to for to, _data in self.accepted]

    def connect(self) -> RecordingSession:
        """As `Transport.connect`; refuses once the allowed sessions are used up."""
        with self._lock:
            self._left -= 1
            if self._left < 0:
                raise RelayRefusedError("421 too many connections")
        return RecordingSession(self)

    def step(self, to: str) -> Outcome | Exception:
        """What the script says for this address now."""
        steps = self._script.get(to)
        return steps.pop(0) if steps else SENT

    def accept(self, to: str, data: bytes) -> None:
        """Remember one mail."""
        with self._lock:
            self.accepted.append((to, data))
            self._on_accept(len(self.accepted))


class RecordingSession:
    """One connection of a `RecordingTransport`."""

    def __init__(self, transport: RecordingTransport) -> None:
        self._transport = transport

    def deliver(
        self, sender: str, to: str, data: bytes, on_handover: Callable[[], None]
    ) -> Outcome:
        """As `Session.deliver`."""
        step = self._transport.step(to)
        if isinstance(step, Exception):
            raise step
        if step.stage in {"MAIL", "RCPT", "DATA"}:
            return step
        on_handover()
        if step.kind in {Kind.SENT, Kind.UNCERTAIN}:
            self._transport.accept(to, data)
        return step

    def close(self) -> None:
        """As `Session.close`."""
