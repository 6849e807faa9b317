"""What became, or would become, of a file's rows: counts, and a table of all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter import tables
from newsletter.importing import pieces
from newsletter.importing.outcomes import ADDED, INVALID, NEVER, Outcome
from newsletter.importing.plans import ADDRESS, ROLES
from newsletter.models import ImportPiece, SubscriberImport

State = SubscriberImport.State
BATCH = 1000  # rows in memory
KINDS = {
    State.CHECKED: ImportPiece.Kind.CHECK,
    State.DONE: ImportPiece.Kind.IMPORT,
}
GROUPS: list[tuple[Any, Collection[Outcome]]] = [
    (gettext_lazy("Left as they are"), [Outcome.THERE, Outcome.PENDING]),
    (gettext_lazy("Never added by an import"), NEVER),
    (gettext_lazy("Repeated"), [Outcome.TWICE]),
    (gettext_lazy("Rows with a problem"), INVALID),
]


class Row(NamedTuple):
    """One row of the file, numbered as a spreadsheet does."""

    number: int
    address: str
    outcome: Outcome


@dataclass(frozen=True)
class Group:
    """Outcomes that belong together, with how many rows have each."""

    name: str
    lines: list[tuple[str, int]]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(number for _name, number in self.lines)


def added(source: SubscriberImport) -> int:
    """How many readers are added, or would be."""
    return _total(source, ADDED)


def groups_of(source: SubscriberImport) -> list[Group]:
    """The rows by what becomes of them, without what there is none of."""
    has_begun = source.state in {State.IMPORTING, State.DONE, State.CANCELLED}
    name = _("Added") if has_begun else _("To be added")
    named = [(name, ADDED), *GROUPS]
    groups = (Group(str(name), _lines(source, some)) for name, some in named)
    return [group for group in groups if group.lines]


def _lines(
    source: SubscriberImport, outcomes: Collection[Outcome]
) -> list[tuple[str, int]]:
    return [
        (str(outcome.label), source.counts[outcome])
        for outcome in Outcome
        if outcome in outcomes and source.counts.get(outcome)
    ]


def _total(source: SubscriberImport, outcomes: Iterable[Outcome]) -> int:
    return sum(source.counts.get(outcome, 0) for outcome in outcomes)


def problems_of(source: SubscriberImport) -> list[Row]:
    """The first rows that cannot be used."""
    first = source.shape["first_row"]
    return [
        Row(first + place, address, Outcome(letter))
        for place, address, letter in source.problems
    ]


def problems_left(source: SubscriberImport) -> int:
    """How many more of them the table has."""
    return _total(source, INVALID) - len(source.problems)


def unknown_in(source: SubscriberImport) -> list[tuple[str, str]]:
    """Words of the file that mean nothing here, by what they should have been."""
    return [
        (str(ROLES[kind]), ", ".join(f"{word} ({n})" for word, n in words.items()))
        for kind, words in source.unknown.items()
    ]


def has_table(source: SubscriberImport) -> bool:
    """Whether there is a report of every row, still."""
    return source.state in KINDS and source.forgotten_at is None


def table_of(
    source: SubscriberImport, language: str, *, only_left_out: bool
) -> Iterator[str]:
    """Pieces of a CSV file with a line for each row, or for those not added."""
    rows = _rows(source)
    if only_left_out:
        rows = (row for row in rows if row.outcome not in {*ADDED, Outcome.EMPTY})
    return tables.pieces(language, _header, _batches(rows), _cells)


def _rows(source: SubscriberImport) -> Iterator[Row]:
    outcomes = pieces.outcomes_of(source, KINDS[State(source.state)])
    column = source.plan["columns"][ADDRESS]
    records = pieces.records_of(source)
    both = zip(outcomes, records, strict=False)
    numbered = enumerate(both, source.shape["first_row"])
    for number, (letter, cells) in numbered:
        address = cells[column].strip() if cells and len(cells) > column else ""
        yield Row(number, address, Outcome(letter))


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _header() -> list[str]:
    return [capfirst(name) for name in (_("row"), _("address"), _("outcome"))]


def _cells(row: Row) -> Iterator[list[object]]:
    address = row.address.replace("\0", "")
    yield [row.number, address, capfirst(row.outcome.label)]
