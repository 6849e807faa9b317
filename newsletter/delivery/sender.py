"""The sending loop: claim a chunk, send it, close it, until none is left or time is up.

The database decides who gets a mail (`Store`), the journal remembers what happened if
this process dies between a hand-over and the close.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from typing import Protocol

from newsletter.delivery.journal import Journal, Lease, Verdicts
from newsletter.delivery.message import (
    MessageError,
    Wire,
    ascii_address,
    domain_of,
    message_id,
)
from newsletter.delivery.outcomes import Kind, Outcome
from newsletter.delivery.pacing import Pacer
from newsletter.delivery.smtp import (
    ConnectionLostError,
    RelayRefusedError,
    Session,
    Transport,
)
from newsletter.delivery.tokens import Links

LOOK_EVERY_S = 1.0  # how soon a pause or a cancellation is noticed
MOST_TRIES = 3  # connections one mail may lose before it has to wait its turn


@dataclass(frozen=True)
class Recipient:
    """One person in a chunk; `subject` is what their links' tokens are bound to."""

    subscriber: int
    address: str
    subject: str


@dataclass(frozen=True)
class Claim:
    """A chunk that is ours until its lease ends."""

    lease: Lease
    dispatch: int
    wire: Wire
    mail_from: str
    links: Links
    recipients: tuple[Recipient, ...]


class Ledger(Protocol):
    """Where verdicts are written; every call is one transaction."""

    def close(
        self, lease: Lease, worker: str, verdicts: Verdicts, *, rest_is_known: bool
    ) -> None:
        """Write the verdicts; everyone else goes back, or is uncertain if not known.

        Where the lease has passed to another worker only uncertain people of this very
        lease change, and only to sent.
        """

    def leases_of(self, worker: str) -> list[Lease]:
        """What the database believes this worker holds."""


class Store(Ledger, Protocol):
    """What the loop needs of the database to send one dispatch."""

    def claim(self, worker: str) -> Claim | None:
        """Lease one chunk with those of its people who may still be written to."""

    def is_wanted(self) -> bool:
        """False once the dispatch is paused or cancelled."""


@dataclass
class Report:
    """What one run did; `trouble` is why the mail server could not be used."""

    outcomes: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    chunks: int = 0
    trouble: str = ""

    def add(self, verdicts: Verdicts) -> None:
        """Count one chunk."""
        self.chunks += 1
        for outcome in verdicts.values():
            self.outcomes[outcome.kind] += 1


def run(
    *,
    store: Store,
    transport: Transport,
    journal: Journal,
    pacer: Pacer,
    connections: int,
    budget_s: float,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Report:
    """Send for at most `budget_s`; safe to be killed anywhere and run again.

    The journal must have been recovered. When time is up, the process is stopping or
    the dispatch is paused, mails in flight are finished and the rest goes back.
    """
    report = Report()
    deadline = time.monotonic() + budget_s

    def may_go_on() -> bool:
        is_time_up = time.monotonic() >= deadline
        return not is_time_up and not is_stopping() and store.is_wanted()

    lines = _Lines(transport, journal, pacer, connections)
    try:
        while not lines.trouble and may_go_on():
            claim = store.claim(journal.worker)
            if claim is None:
                break
            verdicts = lines.send(claim, may_go_on)
            store.close(claim.lease, journal.worker, verdicts, rest_is_known=True)
            journal.clear()
            report.add(verdicts)
    finally:
        lines.close()
    report.trouble = lines.trouble
    return report


def recover(ledger: Ledger, journal: Journal) -> int:
    """Close what a dead worker left, from its journal; returns the leases found.

    Accepted is sent, refused is refused, started without an end is uncertain and never
    sent again, not started goes back to be sent. Where the journal may miss lines (no
    file, or the machine went down), the not started are uncertain as well.
    """
    told = journal.verdicts()
    held = ledger.leases_of(journal.worker)
    for lease in {*told, *held}:
        ledger.close(
            lease,
            journal.worker,
            told.get(lease, {}),
            rest_is_known=journal.is_trusted,
        )
    journal.clear()
    return len(held)


class _Job:
    """One claimed chunk while the lines work on it."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.waiting = deque(claim.recipients)
        self.verdicts: Verdicts = {}
        self.stop = threading.Event()
        self._date = formatdate(usegmt=True)
        self._domain = domain_of(claim.mail_from)
        self._lost: Counter[int] = Counter()

    def next(self) -> Recipient | None:
        try:
            return self.waiting.popleft()
        except IndexError:
            return None

    def give_back(self, recipient: Recipient, why: str) -> Outcome | None:
        """Queue again after a lost connection; a verdict once that is hopeless."""
        self._lost[recipient.subscriber] += 1
        if self._lost[recipient.subscriber] >= MOST_TRIES:
            return Outcome(Kind.RETRY, "", f"connection lost: {why}"[:200])
        self.waiting.append(recipient)
        return None

    def mail_for(self, recipient: Recipient) -> tuple[str, bytes]:
        """The envelope address and the filled mail. Raises `MessageError`."""
        to = ascii_address(recipient.address)
        ours = message_id(self.claim.dispatch, recipient.subscriber, self._domain)
        values = {"to": to, "date": self._date, "message_id": ours}
        values |= self.claim.links.for_subject(recipient.subject)
        return to, self.claim.wire.fill(values)


class _Lines:
    """Connections, one thread each, kept open between chunks.

    A line that the server refuses is not used again in this run; `trouble` holds the
    reason once none is left.
    """

    def __init__(
        self, transport: Transport, journal: Journal, pacer: Pacer, count: int
    ) -> None:
        self._transport = transport
        self._journal = journal
        self._pacer = pacer
        self._sessions: dict[int, Session | None] = dict.fromkeys(range(count))
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="line")
        self.trouble = ""

    def send(self, claim: Claim, may_go_on: Callable[[], bool]) -> Verdicts:
        """Send a chunk as far as it goes; people without a verdict were not sent to."""
        job = _Job(claim)
        lines = list(self._sessions)[: max(1, len(claim.recipients))]
        futures = [self._pool.submit(self._work, line, job) for line in lines]
        while wait(futures, timeout=LOOK_EVERY_S).not_done:
            if not may_go_on():
                job.stop.set()
        for future in futures:
            future.result()
        return job.verdicts

    def close(self) -> None:
        for session in self._sessions.values():
            if session is not None:
                session.close()
        self._pool.shutdown()

    def _work(self, line: int, job: _Job) -> None:
        while (recipient := job.next()) and self._pacer.wait(job.stop):
            try:
                outcome = self._deliver(line, job, recipient)
            except RelayRefusedError as error:
                self._drop(line, job, str(error))
                return
            if outcome is not None:
                self._journal.finish(job.claim.lease, recipient.subscriber, outcome)
                job.verdicts[recipient.subscriber] = outcome

    def _deliver(self, line: int, job: _Job, recipient: Recipient) -> Outcome | None:
        try:
            to, data = job.mail_for(recipient)
        except MessageError as error:
            return Outcome(Kind.FAILED, "", f"address: {error}"[:200])
        session = self._sessions[line] or self._transport.connect()
        self._sessions[line] = session
        note = partial(self._journal.start, job.claim.lease, recipient.subscriber)
        try:
            outcome = session.deliver(job.claim.mail_from, to, data, note)
        except ConnectionLostError as error:
            self._sessions[line] = None
            return job.give_back(recipient, str(error))
        if outcome.kind is Kind.UNCERTAIN:
            self._sessions[line] = None
        return outcome

    def _drop(self, line: int, job: _Job, why: str) -> None:
        if session := self._sessions.pop(line):
            session.close()
        if not self._sessions:
            self.trouble = why
            job.stop.set()
