"""What becomes of an import: uploaded, checked, carried out, cancelled, forgotten.

Each verb that leaves work behind wakes a worker; beat wakes another where none came.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from guards.waking import wake_on_commit
from newsletter.importing import pieces
from newsletter.importing.plans import Plan
from newsletter.importing.reading import CHUNK, look_at
from newsletter.importing.running import note_added
from newsletter.models import ImportPiece, Newsletter, SubscriberImport

State = SubscriberImport.State
KEPT_FOR = timedelta(days=7)
PATIENCE = timedelta(minutes=2)  # a batch takes a second
MOST_AT_ONCE = 100  # imports whose file is forgotten in one run
BEGUN = {"done": 0, "counts": {}, "problems": [], "run": "", "failure": ""}


@transaction.atomic
def upload(
    *, file: BinaryIO, name: str, newsletter: Newsletter, by: Any, at: datetime
) -> SubscriberImport:
    """Keep a file to be imported. Raises `UnreadableFileError` for what is no table."""
    shape = look_at(file)
    made = SubscriberImport.objects.create(
        newsletter=newsletter,
        file_name=name[:200],
        shape=shape.as_json(),
        rows=shape.lines,
        created_by=by,
        created_at=at,
        moved_at=at,
    )
    file.seek(0)
    pieces.keep_file(made, iter(lambda: file.read(CHUNK), b""))
    return made


@transaction.atomic
def start_check(*, source: SubscriberImport, plan: Plan, at: datetime) -> None:
    """Have every row looked at by this plan. Raises `IllegalMoveError`."""
    values: dict[str, Any] = {**BEGUN, "plan": plan.as_json(), "moved_at": at}
    source.move_to(State.CHECKING, unknown={}, **values)
    wake_on_commit("newsletter.tasks.check_import", source.pk)


@transaction.atomic
def start_import(*, source: SubscriberImport, at: datetime) -> None:
    """Have what was checked carried out. Raises `IllegalMoveError`."""
    source.move_to(State.IMPORTING, **BEGUN, moved_at=at)
    wake_on_commit("newsletter.tasks.run_import", source.pk)


@transaction.atomic
def cancel(*, source: SubscriberImport, at: datetime) -> None:
    """Stop, and forget the file; who was added stays. Raises `IllegalMoveError`."""
    was_importing = source.state == State.IMPORTING
    source.move_to(State.CANCELLED, finished_at=at, run="")
    source.refresh_from_db()
    if was_importing:
        note_added(source)
    else:
        SubscriberImport.objects.filter(pk=source.pk).update(counts={})
    forget(source=source, at=at)


@transaction.atomic
def forget(*, source: SubscriberImport, at: datetime) -> None:
    """Delete the file and everything that names somebody; the counts stay."""
    ImportPiece.objects.filter(source=source).delete()
    shape = source.shape | {"preview": []}
    SubscriberImport.objects.filter(pk=source.pk).update(
        shape=shape, problems=[], unknown={}, forgotten_at=at
    )
    source.refresh_from_db()


def forget_old(*, at: datetime | None = None) -> int:
    """Forget files a week after they were imported, or left lying; returns how many."""
    at = at or timezone.now()
    rows = SubscriberImport.objects.filter(
        forgotten_at=None, moved_at__lt=at - KEPT_FOR
    ).exclude(state__in=SubscriberImport.AT_WORK)
    found = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for number in found:
        _forget_one(rows.filter(pk=number), at)
    return len(found)


@transaction.atomic
def _forget_one(rows: QuerySet[SubscriberImport], at: datetime) -> None:
    """Asked for again: somebody may have taken it up meanwhile."""
    source = rows.select_for_update(of=("self",)).first()
    if source is None:
        return
    if source.state in SubscriberImport.OVER:
        forget(source=source, at=at)
    else:
        cancel(source=source, at=at)


def to_wake(at: datetime) -> dict[str, list[int]]:
    """Imports with work to do that nobody does, by state."""
    rows = SubscriberImport.objects.filter(moved_at__lt=at - PATIENCE)
    return {
        state: list(rows.filter(state=state).values_list("pk", flat=True))
        for state in SubscriberImport.AT_WORK
    }
