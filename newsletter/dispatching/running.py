"""What a worker does when it is woken, and what beat looks after."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone, translation

from newsletter.delivery import sender
from newsletter.delivery.journal import (
    Journal,
    is_at_work,
    open_journal,
    try_lock,
    visit_abandoned,
)
from newsletter.delivery.transport import Transport
from newsletter.dispatching import pace
from newsletter.dispatching.freeze import chunk_size_for
from newsletter.dispatching.stopping import is_stopping
from newsletter.dispatching.store import DispatchStore, DjangoLedger
from newsletter.dispatching.tallies import write_tally
from newsletter.dispatching.transports import transport_of
from newsletter.dispatching.trouble import forget_trouble, note_crash, note_report
from newsletter.errors import UnknownDispatchError
from newsletter.models import Chunk, Delivery, Dispatch
from translations.notices import language_of

BUDGET_S = 60
DATABASE_PATIENCE_S = 60


def journal_folder() -> Path:
    """Where this machine's workers keep their journals."""
    return Path(settings.DATA_DIR) / "journal"


def run_sender(
    dispatch_id: int, budget_s: float = BUDGET_S, transport: Transport | None = None
) -> bool:
    """Send for at most `budget_s`; True when there is more to do at once.

    Safe to run twice, at the same time and after any crash; a second run on the same
    machine returns at once. Whatever stops it is noted with the dispatch. Raises
    `UnknownDispatchError`.
    """
    rows = Dispatch.objects.filter(pk=dispatch_id).select_related("newsletter")
    if not (dispatch := rows.first()):
        raise UnknownDispatchError(f"There is no dispatch {dispatch_id}.")
    with _alone_here(dispatch_id) as is_alone:
        if not is_alone:
            return False
        try:
            report = _take_up(dispatch, budget_s, transport)
        except Exception as error:
            _recover_once_possible()
            note_crash(dispatch_id=dispatch_id, error=error, at=timezone.now())
            raise
    note_report(dispatch_id=dispatch_id, report=report, at=timezone.now())
    is_resting = report.rest_s >= budget_s  # beat comes round in time
    pace.note_rest(dispatch, report.rest_s if is_resting else 0, at=timezone.now())
    finish_if_done(dispatch)
    is_over = bool(report.trouble) or is_resting or not report.chunks
    return not is_over and _has_work(dispatch)


def _take_up(
    dispatch: Dispatch, budget_s: float, transport: Transport | None
) -> sender.Report:
    recover_here()
    requeue_due(dispatch, timezone.now())
    if transport is None:
        with translation.override(language_of(dispatch.created_by)):
            transport = transport_of(dispatch.newsletter)
    return _run(dispatch, budget_s, transport)


@contextmanager
def _alone_here(dispatch_id: int) -> Iterator[bool]:
    """True for one process of this machine, so that connections stay as configured."""
    # The file stays: another process may have opened it and wait for just this lock.
    lock = try_lock(journal_folder() / f"dispatch-{dispatch_id}.lock")
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def _run(dispatch: Dispatch, budget_s: float, transport: Transport) -> sender.Report:
    journal = open_journal(journal_folder())
    try:
        sender.recover(DjangoLedger(), journal)
        return _send(dispatch, journal, budget_s, transport)
    finally:
        journal.release()


def _send(
    dispatch: Dispatch, journal: Journal, budget_s: float, transport: Transport
) -> sender.Report:
    newsletter = dispatch.newsletter
    return sender.run(
        store=DispatchStore(dispatch.pk),
        transport=transport,
        journal=journal,
        pacer=pace.pacer_for(newsletter, journal_folder()),
        connections=newsletter.connections,
        budget_s=budget_s,
        is_stopping=is_stopping,
    )


def recover_here() -> int:
    """Close what dead workers of this machine left; returns the leases found."""
    return visit_abandoned(
        journal_folder(), lambda journal: sender.recover(DjangoLedger(), journal)
    )


def _recover_once_possible() -> None:
    """After a crash close what this machine holds: no other one can read its journal.

    Where the database was the trouble it is mostly back within seconds.
    """
    deadline = time.monotonic() + DATABASE_PATIENCE_S
    while time.monotonic() < deadline and not is_stopping():
        forget_connections()
        try:
            recover_here()
        except DatabaseError:
            time.sleep(1)
        else:
            return


def forget_connections() -> None:
    """Have the next query open a new connection; a transaction keeps the one it has."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def expire_leases(at: datetime) -> int:
    """Close leases that ran out elsewhere: without the journal, all are uncertain.

    A slow worker of this machine is left alone: it will close its lease itself.
    """
    rows = Chunk.objects.filter(state=Chunk.State.LEASED, lease_until__lt=at)
    expired = [
        row
        for row in rows.values_list("pk", "epoch", "worker")
        if not is_at_work(journal_folder(), row[2])
    ]
    for chunk_id, epoch, worker in expired:
        DjangoLedger().give_up((chunk_id, epoch), worker)
    return len(expired)


@transaction.atomic
def requeue_due(dispatch: Dispatch, at: datetime) -> None:
    """Put people whose next attempt is due into chunks of their own."""
    Dispatch.objects.select_for_update().get(pk=dispatch.pk)
    due = _due_retries(dispatch, at)
    number = last = dispatch.chunks.aggregate(last=Max("number"))["last"] or 0
    for edition_id in set(due.values_list("edition_id", flat=True)):
        rows = due.filter(edition_id=edition_id).values_list("pk", flat=True)
        while some := list(rows[: chunk_size_for(dispatch.audience)]):
            number += 1
            chunk = Chunk.objects.create(
                dispatch=dispatch, edition_id=edition_id, number=number
            )
            Delivery.objects.filter(pk__in=some).update(
                state=Delivery.State.WAITING, chunk=chunk, next_at=None, code=""
            )
    if number > last:
        Dispatch.objects.filter(pk=dispatch.pk).update(moved_at=at)


def _due_retries(dispatch: Dispatch, at: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(dispatch=dispatch, state=Delivery.State.RETRY)
    return rows.filter(next_at__lte=at).order_by()


def _has_work(dispatch: Dispatch) -> bool:
    rows = Chunk.objects.filter(dispatch=dispatch, state=Chunk.State.TODO)
    return rows.filter(dispatch__state=Dispatch.State.SENDING).exists()


@transaction.atomic
def finish_if_done(dispatch: Dispatch) -> None:
    """Mark it sent once no chunk is open and nobody is to be tried again."""
    # Locked before we look: a worker that comes back may find people to try again.
    rows = Dispatch.objects.running().select_for_update()
    found = rows.filter(pk=dispatch.pk).first()
    if found is None or _is_open(found):
        return
    ended = {"finished_at": timezone.now(), "failure": "", "troubled_since": None}
    found.move_to(Dispatch.State.SENT, **ended)
    write_tally(found)


def _is_open(dispatch: Dispatch) -> bool:
    retries = dispatch.deliveries.filter(
        state=Delivery.State.RETRY, next_at__isnull=False
    )
    return dispatch.chunks.unfinished().exists() or retries.exists()


def dispatches_to_wake(at: datetime) -> list[int]:
    """Running dispatches that nobody works on although there is something to do."""
    recover_here()
    expire_leases(at)
    drop_cancelled()
    running = Dispatch.objects.running().select_related("newsletter")
    for dispatch in running:
        if not pace.is_open(dispatch, at):
            forget_trouble(dispatch_id=dispatch.pk, at=at)
    held = Chunk.objects.filter(state=Chunk.State.LEASED).values("dispatch")
    return [
        dispatch.pk
        for dispatch in running.exclude(pk__in=held)
        if _is_worth_waking(dispatch, at)
    ]


def _is_worth_waking(dispatch: Dispatch, at: datetime) -> bool:
    if _has_work(dispatch) or _due_retries(dispatch, at).exists():
        return pace.is_open(dispatch, at)
    return not dispatch.deliveries.filter(state=Delivery.State.RETRY).exists()


@transaction.atomic
def drop_cancelled() -> None:
    """Drop who was left waiting in cancelled dispatches; leased chunks drain first."""
    chunks = Chunk.objects.select_for_update(of=("self",)).filter(
        dispatch__state=Dispatch.State.CANCELLED, state=Chunk.State.TODO
    )
    ids = list(chunks.values_list("pk", flat=True))
    gone = Delivery.objects.filter(
        Q(chunk__in=ids, state=Delivery.State.WAITING)
        | Q(dispatch__state=Dispatch.State.CANCELLED, state=Delivery.State.RETRY)
    )
    gone.update(state=Delivery.State.DROPPED, code="cancelled", next_at=None)
    Chunk.objects.filter(pk__in=ids).update(state=Chunk.State.DONE)
