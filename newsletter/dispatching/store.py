"""The engine's store over our tables, the same on PostgreSQL and on SQLite.

On PostgreSQL a claim locks its chunk and skips those that others hold; on SQLite every
transaction is BEGIN IMMEDIATE, so there is one at a time. Every update names chunk,
epoch and old state, so a worker that lost its lease changes nothing it should not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from newsletter.delivery.journal import Lease, Verdicts
from newsletter.delivery.message import Wire
from newsletter.delivery.outcomes import Kind, Outcome
from newsletter.delivery.parts import Choice
from newsletter.delivery.sender import Claim, Recipient
from newsletter.dispatching import pace
from newsletter.dispatching.freeze import wire_of
from newsletter.dispatching.links import signers
from newsletter.dispatching.tallies import write_tally
from newsletter.models import (
    Chunk,
    Delivery,
    Dispatch,
    Edition,
    Subscriber,
    Subscription,
    Suppression,
)

LEASE = timedelta(minutes=10)  # far longer than a run's budget plus SMTP timeouts
FIRST_RETRY_AFTER_S = 300
LONGEST_RETRY_AFTER_S = 4 * 3600
MOST_ATTEMPTS = 8  # with the waits above: about half a day
NO_JOURNAL = "the journal is lost"
LEFT_BEHIND = "not sent: its machine went down"
REFUSALS = frozenset({Kind.RETRY, Kind.FAILED})
State = Delivery.State


class DjangoLedger:
    """`Ledger` over our tables."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def leases_of(self, worker: str) -> list[Lease]:
        """As `Ledger.leases_of`."""
        rows = Chunk.objects.held_by(worker)
        return list(rows.values_list("pk", "epoch"))

    @transaction.atomic
    def close(
        self, lease: Lease, worker: str, verdicts: Verdicts, *, rest_is_known: bool
    ) -> None:
        """As `Ledger.close`."""
        chunk = _locked(lease, Chunk.objects.held_by(worker))
        if chunk is None:
            return
        rows, was_given_up = _undecided(chunk), chunk.is_given_up
        self._write_refused(rows, verdicts)
        _write_doubts(rows, chunk.epoch, verdicts, self._clock())
        # Nearly always all who are left were sent to, which a closed chunk says itself.
        is_over = not was_given_up and rows.count() == _count_sent(verdicts)
        if not is_over:
            self._write_sent(rows, verdicts)
            self._write_rest(chunk, rows, rest_is_known=rest_is_known)
            is_over = not chunk.deliveries.filter(state=State.WAITING).exists()
        if was_given_up:
            _end_if_over(chunk)
            write_tally(chunk.dispatch)
        self._release(chunk, is_over=is_over)

    def _write_rest(
        self, chunk: Chunk, rows: QuerySet[Delivery], *, rest_is_known: bool
    ) -> None:
        """Those without a verdict; who was not begun goes on waiting."""
        if not rest_is_known:
            _doubt(rows, chunk.epoch, self._clock())
        elif chunk.dispatch.state == Dispatch.State.CANCELLED:
            rows.update(state=State.DROPPED, code="cancelled")
        elif chunk.is_given_up:
            rows.update(state=State.RETRY, code=LEFT_BEHIND, next_at=self._clock())

    def _release(self, chunk: Chunk, *, is_over: bool) -> None:
        """Close the chunk or open it again; a closed one keeps its worker's name."""
        state = Chunk.State.DONE if is_over else Chunk.State.TODO
        at = self._clock() if is_over else None
        rows = Chunk.objects.filter(pk=chunk.pk)
        rows.update(state=state, closed_at=at, lease_until=None)

    @transaction.atomic
    def give_up(self, lease: Lease, worker: str) -> None:
        """End a lease without its journal: everyone in it is uncertain.

        Its worker may still come back and close it: see `Chunk.is_given_up`.
        """
        chunk = _locked(lease, Chunk.objects.leased().filter(worker=worker))
        if chunk is None:
            return
        _doubt(_undecided(chunk), chunk.epoch, self._clock())
        chunk.state, chunk.closed_at = Chunk.State.DONE, self._clock()
        chunk.save(update_fields=["state", "closed_at"])

    def _write_sent(self, rows: QuerySet[Delivery], verdicts: Verdicts) -> None:
        sent = [who for who, each in verdicts.items() if each.kind is Kind.SENT]
        rows.filter(subscriber_id__in=sent).update(
            state=State.SENT, sent_at=self._clock(), attempts=F("attempts") + 1, code=""
        )

    def _write_refused(self, rows: QuerySet[Delivery], verdicts: Verdicts) -> None:
        refused = {who: each for who, each in verdicts.items() if each.kind in REFUSALS}
        if not refused:
            return
        found = list(rows.filter(subscriber_id__in=refused))
        for row in found:
            self._judge(row, refused[row.subscriber_id])
        Delivery.objects.bulk_update(found, ["state", "attempts", "code", "next_at"])
        self._suppress(who for who, each in refused.items() if each.is_dead_mailbox)

    def _judge(self, row: Delivery, outcome: Outcome) -> None:
        row.attempts += 1
        row.code = outcome.answer
        row.state = State(outcome.kind.value)
        if row.state == State.RETRY and row.attempts >= MOST_ATTEMPTS:
            row.state = State.FAILED
        if row.state == State.RETRY:
            row.next_at = self._clock() + retry_after(row.attempts)

    def _suppress(self, subscribers: Iterable[int]) -> None:
        """Write no more to mailboxes whose server says that they are gone."""
        rows = Subscriber.objects.filter(pk__in=list(subscribers)).healthy()
        # Held first and in order, as whoever leaves or is erased holds them.
        dead = list(rows.select_for_update(no_key=True).order_by("pk"))
        Suppression.objects.bulk_create(
            (
                Suppression(
                    address_hash=each.address_hash, reason=Suppression.Reason.BOUNCED
                )
                for each in dead
            ),
            ignore_conflicts=True,
        )
        rows.filter(pk__in=[each.pk for each in dead]).update(
            health=Subscriber.Health.BOUNCED
        )


def retry_after(attempts: int) -> timedelta:
    """Twice as long after every attempt, up to four hours, a fifth more or less."""
    wait_s = min(FIRST_RETRY_AFTER_S * 2 ** (attempts - 1), LONGEST_RETRY_AFTER_S)
    return timedelta(seconds=wait_s * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)


def _wire_of(edition: Edition) -> Wire:
    """Its wire form; made again where migration 0010 found an older one."""
    if edition.wire:
        return Wire.from_json(edition.wire)
    dispatch = edition.dispatch
    return wire_of(dispatch.newsletter, edition.language, edition, dispatch.issue_page)


def _as_all(able: QuerySet[Subscription]) -> Iterator[Recipient]:
    columns = able.values_list("subscriber_id", "subscriber__address", "pk")
    return (Recipient(*row) for row in columns)


def _with_choices(able: QuerySet[Subscription]) -> Iterator[Recipient]:
    mine = "subscriber__deliveries__"
    columns = able.values_list(
        "subscriber_id", "subscriber__address", "pk", f"{mine}stories", f"{mine}follows"
    )
    for subscriber, address, subscription, stories, follows in columns:
        choice = None if stories is None else Choice(stories, follows)
        yield Recipient(subscriber, address, subscription, choice)


def _look_each_up() -> None:
    """Until the transaction ends: a chunk's people are few, so each is looked up.

    PostgreSQL may think otherwise until it has analysed what a freeze has written, and
    then reads all subscribers before the chunk's: 300 ms for every claim of a million.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('enable_mergejoin', 'off', true),"
                " set_config('enable_hashjoin', 'off', true)"
            )


def _locked(lease: Lease, chunks: QuerySet[Chunk]) -> Chunk | None:
    chunk_id, epoch = lease
    rows = chunks.filter(pk=chunk_id, epoch=epoch).order_by()
    return rows.select_for_update().first()


def _undecided(chunk: Chunk) -> QuerySet[Delivery]:
    """Whom its verdicts are about; of a chunk that was given up those in doubt."""
    rows = Delivery.objects.filter(chunk=chunk)
    if chunk.is_given_up:
        doubt = {"state": State.UNCERTAIN, "code": NO_JOURNAL}
        return rows.filter(epoch=chunk.epoch, **doubt)
    return rows.filter(state=State.WAITING)


def _doubt(rows: QuerySet[Delivery], epoch: int, at: datetime) -> None:
    rows.update(state=State.UNCERTAIN, epoch=epoch, code=NO_JOURNAL, sent_at=at)


def _end_if_over(chunk: Chunk) -> None:
    """Nobody is tried again in a sending that has ended meanwhile."""
    dispatch = Dispatch.objects.select_for_update().get(pk=chunk.dispatch_id)
    if dispatch.state == Dispatch.State.SENT:
        rows = chunk.deliveries.filter(state=State.RETRY)
        rows.update(state=State.FAILED, next_at=None)


def _write_doubts(
    rows: QuerySet[Delivery], epoch: int, verdicts: Verdicts, at: datetime
) -> None:
    doubted = {
        who: each for who, each in verdicts.items() if each.kind is Kind.UNCERTAIN
    }
    for row in rows.filter(subscriber_id__in=doubted) if doubted else ():
        row.state, row.epoch, row.sent_at = State.UNCERTAIN, epoch, at
        row.code = doubted[row.subscriber_id].answer
        row.attempts += 1
        row.save(update_fields=["state", "epoch", "sent_at", "code", "attempts"])


def _count_sent(verdicts: Verdicts) -> int:
    return sum(each.kind is Kind.SENT for each in verdicts.values())


class DispatchStore(DjangoLedger):
    """`Store` for one dispatch."""

    def __init__(
        self,
        dispatch_id: int,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        super().__init__(clock)
        self._dispatch_id = dispatch_id
        self._signs = signers()
        self._editions: dict[int, tuple[Edition, Wire]] = {}

    def is_wanted(self) -> bool:
        """As `Store.is_wanted`; nor is it wanted outside of its hours."""
        rows = Dispatch.objects.running().select_related("newsletter")
        dispatch = rows.filter(pk=self._dispatch_id).first()
        return dispatch is not None and pace.is_open(dispatch, self._clock())

    def claim(self, worker: str) -> Claim | None:
        """As `Store.claim`; chunks whose people have all dropped out are closed."""
        while (claim := self._lease(worker)) is not None:
            if claim.recipients:
                return claim
            self.close(claim.lease, worker, {}, rest_is_known=True)
        return None

    @transaction.atomic
    def _lease(self, worker: str) -> Claim | None:
        _look_each_up()
        rows = Chunk.objects.filter(
            dispatch_id=self._dispatch_id,
            dispatch__state=Dispatch.State.SENDING,
            state=Chunk.State.TODO,
        ).order_by("number")
        chunk = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if chunk is None:
            return None
        chunk.epoch += 1
        until = self._clock() + LEASE
        leased = {"state": Chunk.State.LEASED, "worker": worker, "lease_until": until}
        Chunk.objects.filter(pk=chunk.pk).update(epoch=chunk.epoch, **leased)
        return self._claim_of(chunk)

    def _claim_of(self, chunk: Chunk) -> Claim:
        edition, wire = self._edition(chunk.edition_id)
        return Claim(
            lease=(chunk.pk, chunk.epoch),
            dispatch=self._dispatch_id,
            wire=wire,
            mail_from=edition.headers["mail_from"],
            signs=self._signs,
            recipients=self._people(chunk, edition.dispatch.newsletter_id, wire),
        )

    def _people(
        self, chunk: Chunk, newsletter_id: int, wire: Wire
    ) -> tuple[Recipient, ...]:
        """Those who may still be written to; the others drop out for good."""
        waiting = Delivery.objects.filter(chunk=chunk, state=State.WAITING)
        # Starts from the chunk: SQLite would else read all subscriptions per claim.
        able = Subscription.objects.filter(
            newsletter=newsletter_id,
            subscriber__deliveries__chunk=chunk,
            subscriber__deliveries__state=State.WAITING,
        ).receivable(self._clock())
        people = tuple(_with_choices(able) if wire.parts else _as_all(able))
        if waiting.count() != len(people):
            found = [person.subscriber for person in people]
            left = {"state": State.DROPPED, "code": "left since the freeze"}
            waiting.exclude(subscriber_id__in=found).update(**left)
        return people

    def _edition(self, edition_id: int) -> tuple[Edition, Wire]:
        if edition_id not in self._editions:
            edition = Edition.objects.select_related("dispatch").get(pk=edition_id)
            self._editions[edition_id] = edition, _wire_of(edition)
        return self._editions[edition_id]
