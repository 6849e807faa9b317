"""What a worker does with an import: batch by batch, each in one transaction.

A batch's rows and the note that they are done are written together, so whoever takes
over goes on where it was, and nothing is done twice.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from newsletter.composing.moments import site_zone
from newsletter.dispatching.stopping import is_stopping
from newsletter.importing import pieces, writing
from newsletter.importing.outcomes import ADDED, INVALID, SKIPPED, Outcome
from newsletter.importing.plans import Plan
from newsletter.importing.reading import Cells
from newsletter.importing.rows import Reader, RowReader
from newsletter.importing.seen import Seen
from newsletter.importing.standing import Standing
from newsletter.models import ImportPiece, SubscriberImport
from newsletter.subscribing.frequencies import usual_of

State = SubscriberImport.State
Kind = ImportPiece.Kind
Rows = list[tuple[Reader | Outcome, str]]  # with what stands in place of the address
BATCH = 2000  # rows
BUDGET_S = 60
TRIES = 5  # of a batch in which somebody signs up at the same moment
MOST_PROBLEMS = 100  # told on the page; the report has all
KINDS = {State.CHECKING: Kind.CHECK, State.IMPORTING: Kind.IMPORT}


class SupersededError(Exception):
    """Another worker has begun with it, or it was cancelled."""


@dataclass(frozen=True)
class Batch:
    """Rows that are done together; `first` is the number of the first, from 0."""

    first: int
    outcomes: Sequence[Outcome]
    addresses: Sequence[str]


def run_check(import_id: int) -> None:
    """Look at every row, from the first, and note what would become of it."""
    source = _claimed(import_id, State.CHECKING)
    if source is None:
        return
    with suppress(SupersededError), _failures_noted(source):
        _start_over(source)
        reader = _row_reader(source)
        with Seen() as seen:
            for batch in _batches(pieces.records_of(source)):
                if is_stopping():
                    return
                rows = _read(reader, batch)
                outcomes = list(_look_up(source, seen, rows))
                _note(source, Batch(source.done, outcomes, _addresses(rows)))
        unknown = {kind: words for kind, words in reader.unknown.items() if words}
        _finish(source, State.CHECKED, unknown=unknown, rows=source.done)


def run_import(import_id: int, budget_s: float = BUDGET_S) -> bool:
    """Add readers for at most `budget_s`; True when there is more to do at once."""
    source = _claimed(import_id, State.IMPORTING)
    if source is None:
        return False
    deadline = time.monotonic() + budget_s
    with suppress(SupersededError), _failures_noted(source):
        checked = pieces.outcomes_of(source, Kind.CHECK)
        reader = _row_reader(source)
        records = islice(pieces.records_of(source), source.done, None)
        for batch in _batches(records):
            _import_batch(source, reader, batch, checked)
            if is_stopping() or time.monotonic() > deadline:
                return not is_stopping()
        _finish(source, State.DONE, finished_at=timezone.now())
    return False


def _claimed(import_id: int, state: str) -> SubscriberImport | None:
    """The import, with us as the only one who may note anything of it."""
    rows, run = SubscriberImport.objects.filter(pk=import_id), uuid.uuid4().hex
    rows.filter(state=state).update(run=run, moved_at=timezone.now())
    mine = rows.filter(state=state, run=run)
    return mine.select_related("newsletter", "created_by").first()


@contextmanager
def _failures_noted(source: SubscriberImport) -> Iterator[None]:
    """Say on the import's page that we met what we cannot mend; beat leaves it alone.

    A database that is away is no failure of the import: it goes on once it is back.
    What the error says may be about somebody, so that is in the worker's log alone.
    """
    try:
        yield
    except (SupersededError, OperationalError, InterfaceError):
        raise
    except Exception as error:
        rows = SubscriberImport.objects.filter(pk=source.pk, run=source.run)
        rows.filter(state=source.state).update(
            state=State.FAILED, failure=type(error).__name__
        )
        raise


@contextmanager
def _held(source: SubscriberImport) -> Iterator[SubscriberImport]:
    """A transaction that holds the import, if it is still ours.

    Raises `SupersededError` where another worker took it over, or it was cancelled.
    """
    with transaction.atomic():
        rows = SubscriberImport.objects.select_for_update()
        row = rows.filter(pk=source.pk, state=source.state, run=source.run).first()
        if row is None or row.done != source.done:
            raise SupersededError
        yield row


def _start_over(source: SubscriberImport) -> None:
    """As if it had never been looked at."""
    with _held(source) as row:
        ImportPiece.objects.filter(source=source).exclude(kind=Kind.FILE).delete()
        row.done, row.counts, row.problems = 0, {}, []
        row.save(update_fields=["done", "counts", "problems"])
    source.done = 0


def _row_reader(source: SubscriberImport) -> RowReader:
    today = timezone.localdate(timezone=site_zone())
    width = len(source.shape["header"])
    usual = usual_of(source.newsletter)
    return RowReader(Plan.from_json(source.plan), width, today, usual)


def _batches(records: Iterator[Cells | None]) -> Iterator[list[Cells | None]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _read(reader: RowReader, batch: Iterable[Cells | None]) -> Rows:
    return [(reader.read(cells), reader.address_in(cells)) for cells in batch]


def _addresses(rows: Rows) -> list[str]:
    return [address for _row, address in rows]


def _look_up(source: SubscriberImport, seen: Seen, rows: Rows) -> Iterator[Outcome]:
    """What would become of each row if it were imported now."""
    readers = [row for row, _address in rows if isinstance(row, Reader)]
    digests = list({each.digest for each in readers})
    twice = seen.known_of(digests)
    standing = Standing(source.newsletter, digests)
    for row, _address in rows:
        if isinstance(row, Outcome):
            yield row
        elif row.digest in twice:
            yield Outcome.TWICE
        else:
            twice.add(row.digest)
            yield standing.outcome_of(row.digest)


def _import_batch(
    source: SubscriberImport,
    reader: RowReader,
    batch: list[Cells | None],
    checked: str,
) -> None:
    """Add those of a batch who may be; what the check says of the file itself holds."""
    before = checked[source.done : source.done + len(batch)]
    rows: Rows = [
        (Outcome(letter), reader.address_in(cells))
        if letter in SKIPPED
        else (reader.read(cells), reader.address_in(cells))
        for letter, cells in zip(before, batch, strict=True)
    ]
    for left in reversed(range(TRIES)):
        try:
            _add_batch(source, rows)
        except IntegrityError:  # somebody signed up: now we know them
            if not left:
                raise
        else:
            return


def _add_batch(source: SubscriberImport, rows: Rows) -> None:
    readers = [row for row, _address in rows if isinstance(row, Reader)]
    digests = [each.digest for each in readers]
    where = reverse("subscribers:import", args=[source.pk])
    with _held(source) as held:
        standing = Standing(source.newsletter, digests, is_locked=True)
        becomes = {digest: standing.outcome_of(digest) for digest in digests}
        added = [each for each in readers if becomes[each.digest] in ADDED]
        occasion = writing.Occasion(source.newsletter, where, timezone.now())
        writing.add(added, standing.people, occasion)
        outcomes = [
            row if isinstance(row, Outcome) else becomes[row.digest]
            for row, _address in rows
        ]
        _note_in(held, Batch(source.done, outcomes, _addresses(rows)))
    source.done = held.done


def _note(source: SubscriberImport, batch: Batch) -> None:
    with _held(source) as row:
        _note_in(row, batch)
    source.done = row.done


def _note_in(row: SubscriberImport, batch: Batch) -> None:
    """Write what became of a batch; for use in the transaction that did it."""
    letters = "".join(map(str, batch.outcomes))
    pieces.keep(row, KINDS[State(row.state)], batch.first // BATCH, letters.encode())
    row.done = batch.first + len(batch.outcomes)
    row.counts = dict(Counter(row.counts) + Counter(letters))
    row.problems = [*row.problems, *_problems(row, batch)]
    row.moved_at = timezone.now()
    row.save(update_fields=["done", "counts", "problems", "moved_at"])


def _problems(row: SubscriberImport, batch: Batch) -> Iterator[tuple[int, str, str]]:
    left = MOST_PROBLEMS - len(row.problems)
    found = (
        (batch.first + place, batch.addresses[place][:254], str(outcome))
        for place, outcome in enumerate(batch.outcomes)
        if outcome in INVALID
    )
    yield from islice(found, max(left, 0))


def _finish(source: SubscriberImport, state: str, **values: Any) -> None:
    """It is over, or cannot go on."""
    with _held(source) as row:
        was_importing = row.state == State.IMPORTING
        row.move_to(state, run="", moved_at=timezone.now(), **values)
        if was_importing:
            note_added(row)


def note_added(row: SubscriberImport) -> None:
    """Note in the admin's log how many came in by it, also where it was cut short."""
    number = sum(row.counts.get(outcome, 0) for outcome in ADDED)
    if number or row.state == State.DONE:
        log(
            instance=row,
            action="newsletter.import_subscribers",
            user=row.created_by,
            data={"number": number},
        )
