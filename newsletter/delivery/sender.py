"""The sending loop: claim a chunk, send it, close it, until none is left or time is up.

The database decides who gets a mail (`Store`), the journal remembers what happened if
this process dies between a hand-over and the close.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import NamedTuple, Protocol

from newsletter.delivery.journal import Journal, Lease, Verdicts
from newsletter.delivery.message import (
    MessageError,
    Wire,
    domain_of,
    message_id,
    wire_address,
)
from newsletter.delivery.outcomes import Kind, Outcome
from newsletter.delivery.pacing import Pacer
from newsletter.delivery.parts import Choice
from newsletter.delivery.transport import Mail, Transport

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0  # how soon a pause or a cancellation is noticed
MOST_TRIES = 3  # connections one mail may lose before it has to wait its turn
FEWEST_REFUSED = 25  # in one run, before their share says anything
REFUSED_SHARE = 0.1

Sign = Callable[[bytes], bytes]
"""Takes a subject, gives a token that only we could have made, for one purpose."""


class Recipient(NamedTuple):
    """One person in a chunk; their links' tokens are bound to the subscription."""

    subscriber: int
    address: str
    subscription: int
    choice: Choice | None = None  # of the parts of their edition


@dataclass(frozen=True)
class Claim:
    """A chunk that is ours until its lease ends."""

    lease: Lease
    dispatch: int
    wire: Wire
    mail_from: str
    signs: Mapping[str, Sign]  # by the purpose of a link
    recipients: tuple[Recipient, ...]


class Ledger(Protocol):
    """Where verdicts are written; every call is one transaction."""

    def close(
        self, lease: Lease, worker: str, verdicts: Verdicts, *, rest_is_known: bool
    ) -> None:
        """Write the verdicts; everyone else goes back, or is uncertain if not known.

        Where the lease was given up meanwhile, whoever is uncertain for that reason
        alone gets a verdict after all, and who was not begun is sent to.
        """

    def leases_of(self, worker: str) -> list[Lease]:
        """What this worker holds, or held when it was given up without its journal."""


class Store(Ledger, Protocol):
    """What the loop needs of the database to send one dispatch."""

    def claim(self, worker: str) -> Claim | None:
        """Lease one chunk with those of its people who may still be written to."""

    def is_wanted(self) -> bool:
        """False once the dispatch is paused or cancelled."""


@dataclass
class Report:
    """What one run did; `trouble` is why it could not go on sending."""

    outcomes: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    chunks: int = 0
    trouble: str = ""
    is_out_of_step: bool = False  # the limits shared with others are out of reach
    rest_s: float = 0.0  # until the limits allow the next mail

    @property
    def tried(self) -> int:
        """Mails that have a verdict."""
        return sum(self.outcomes.values())

    @property
    def refused(self) -> int:
        """Mails refused for good."""
        return self.outcomes[Kind.FAILED]

    @property
    def is_burning(self) -> bool:
        """Whether so many are refused that going on would burn the list."""
        is_much = self.refused >= FEWEST_REFUSED
        return is_much and self.refused > self.tried * REFUSED_SHARE


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
    the dispatch is paused, mails on the way are finished and the rest goes back; so it
    does where the server refuses too many (`Report.is_burning`).
    """
    work = _Work(store, journal, pacer, budget_s, is_stopping, connections)
    trouble = transport.carry(work, connections)
    work.report.trouble = pacer.trouble or trouble
    work.report.is_out_of_step = bool(pacer.trouble)
    work.report.rest_s = pacer.wait_s()
    work.close_all()
    pacer.close()
    return work.report


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
    """One claimed chunk: who waits, who is on the way, what became of the others."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.waiting = deque(claim.recipients)
        self.on_the_way = 0
        self.verdicts: Verdicts = {}
        self._date = formatdate(usegmt=True).encode("ascii")
        self._domain = domain_of(claim.mail_from)
        self._lost: Counter[int] = Counter()

    @property
    def is_over(self) -> bool:
        """Everybody has a verdict."""
        return not self.waiting and not self.on_the_way

    def is_hopeless(self, recipient: Recipient) -> bool:
        """Count a connection that this mail lost; whether these were too many."""
        self._lost[recipient.subscriber] += 1
        return self._lost[recipient.subscriber] >= MOST_TRIES

    def mail_for(self, recipient: Recipient) -> Mail:
        """The filled mail. Raises `MessageError` where the address is at fault."""
        claim = self.claim
        to = wire_address(recipient.address)
        ours = message_id(claim.dispatch, recipient.subscriber, self._domain)
        subject = b"%d" % recipient.subscription
        values = {purpose: sign(subject) for purpose, sign in claim.signs.items()}
        values["to"] = to.encode()
        values["date"] = self._date
        values["message_id"] = ours.encode("ascii")
        if claim.wire.parts is not None:
            values |= claim.wire.joined(recipient.choice)
        return Mail(claim.mail_from, to, claim.wire.fill(values), (self, recipient))


class _Work:
    """The mails of one run, from the claim to the close, for a transport to carry.

    The next chunk is claimed while the last mails of the one before are on the way.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        pacer: Pacer,
        budget_s: float,
        is_stopping: Callable[[], bool],
        most_chunks: int,
    ) -> None:
        self._most_chunks = most_chunks  # so many are in doubt if this machine is lost
        self._store = store
        self._journal = journal
        self._pacer = pacer
        self._deadline = time.monotonic() + budget_s
        self._is_stopping = is_stopping
        self._jobs: list[_Job] = []
        self._is_dry = False  # no chunk is left
        self._is_on = True
        self._look_at = 0.0
        self.report = Report()

    def take(self) -> Mail | None:
        """As `Mails.take`."""
        while self._may_go_on() and (job := self._job_with_work()) is not None:
            if not self._pacer.take():
                break
            recipient = job.waiting.popleft()
            job.on_the_way += 1
            try:
                return job.mail_for(recipient)
            except Exception as error:  # noqa: BLE001 (theirs alone, whatever it is)
                self._end(job, recipient, _no_mail(error))
        self._journal.flush()
        return None

    def wait_s(self) -> float | None:
        """As `Mails.wait_s`."""
        is_more = not self._is_dry or any(job.waiting for job in self._jobs)
        return self._pacer.wait_s() if is_more and self._may_go_on() else None

    def handing_over(self, mail: Mail) -> None:
        """As `Mails.handing_over`."""
        job, recipient = mail.tag
        self._journal.start(job.claim.lease, recipient.subscriber)

    def settle(self, mail: Mail, outcome: Outcome) -> None:
        """As `Mails.settle`."""
        job, recipient = mail.tag
        self._end(job, recipient, outcome)

    def give_back(self, mail: Mail, why: str = "") -> None:
        """As `Mails.give_back`; one that loses connection after connection waits."""
        job, recipient = mail.tag
        if why and job.is_hopeless(recipient):
            lost = Outcome(Kind.RETRY, "", f"connection lost: {why}"[:200])
            self._end(job, recipient, lost)
        else:
            job.on_the_way -= 1
            job.waiting.append(recipient)
            self._pacer.give_back()

    def close_all(self) -> None:
        """Write what is known; whoever has no verdict was not sent to."""
        for job in list(self._jobs):
            self._close(job)

    def _may_go_on(self) -> bool:
        """False for good once time is up, or we should stop or are not wanted."""
        now = time.monotonic()
        if self._pacer.trouble:
            self._is_on = False
        if self._is_on and now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            is_time_up = now + self._pacer.wait_s() >= self._deadline
            is_over = is_time_up or self._is_stopping()
            self._is_on = not is_over and self._store.is_wanted()
        return self._is_on

    def _job_with_work(self) -> _Job | None:
        for job in self._jobs:
            if job.waiting:
                return job
        if self._is_dry or len(self._jobs) >= self._most_chunks:
            return None
        # A full journal is emptied once every chunk it tells of is closed.
        if self._jobs and self._journal.is_full:
            return None
        claim = self._store.claim(self._journal.worker)
        if claim is None:
            self._is_dry = True
            return None
        self._jobs.append(_Job(claim))
        return self._jobs[-1]

    def _end(self, job: _Job, recipient: Recipient, outcome: Outcome) -> None:
        self._journal.finish(job.claim.lease, recipient.subscriber, outcome)
        job.verdicts[recipient.subscriber] = outcome
        self.report.outcomes[outcome.kind] += 1
        if outcome.kind is Kind.FAILED and self.report.is_burning:
            self._is_on = False
        job.on_the_way -= 1
        if job.is_over:
            self._close(job)

    def _close(self, job: _Job) -> None:
        worker = self._journal.worker
        self._store.close(job.claim.lease, worker, job.verdicts, rest_is_known=True)
        self._jobs.remove(job)
        self.report.chunks += 1
        if not self._jobs:
            self._journal.clear()


def _no_mail(error: Exception) -> Outcome:
    """Whatever is wrong with one person's mail, the others still get theirs."""
    why = f"address: {error}"
    if not isinstance(error, MessageError):
        logger.error("No mail could be made", exc_info=error)
        why = f"no mail could be made: {type(error).__name__}: {error}"
    return Outcome(Kind.FAILED, "", why[:200])
