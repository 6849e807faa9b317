"""Tables of numbers, the same on a page, in a chart and in a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from newsletter import tables
from newsletter.numbers.concealing import Key, Sum, concealed

Words = str | Promise
TOGETHER = "together"


@dataclass(frozen=True)
class Cell:
    """A number of people or clicks, or that it is hidden."""

    value: int
    is_hidden: bool = False

    @property
    def text(self) -> str:
        """As it is read; of a hidden one nothing can be told."""
        if self.is_hidden:
            return pgettext("number", "hidden")
        return number_format(self.value, force_grouping=True)

    @property
    def in_file(self) -> object:
        """As it stands in a file."""
        return self.text if self.is_hidden else self.value

    @property
    def shown(self) -> int | None:
        """The number, if it may be seen."""
        return None if self.is_hidden else self.value


@dataclass(frozen=True)
class Line:
    """What a table says of one thing; `url` is where more of it stands.

    `short` is its label in a chart, where little room is.
    """

    key: str
    label: str
    cells: Mapping[str, Cell]
    url: str = ""
    short: str = ""

    @property
    def in_order(self) -> list[Cell]:
        """A cell per column."""
        return [*self.cells.values()]


@dataclass(frozen=True)
class Grid:
    """A table: its name in addresses, its words, a line per thing, one for all."""

    name: str
    title: str
    about: str
    columns: Mapping[str, str]
    lines: Sequence[Line]
    last: Line | None = None

    @property
    def hides(self) -> bool:
        """Whether anything in it is hidden."""
        return any(cell.is_hidden for line in self.every for cell in line.in_order)

    @property
    def every(self) -> list[Line]:
        """All lines."""
        return [*self.lines, *([self.last] if self.last else [])]


@dataclass(frozen=True)
class Given:
    """What a line is made from: column → number."""

    key: str
    label: str
    numbers: Mapping[str, int]
    url: str = ""


def grid(
    name: str,
    title: Words,
    about: Words,
    columns: Mapping[str, Words],
    given: Iterable[Given],
    *,
    whole: Mapping[str, Sequence[str]] | None = None,
    with_total: bool = False,
    sums: Iterable[Sum] = (),
    spared: Collection[str] = (),
) -> Grid:
    """A table with its small numbers hidden.

    `whole` says which column is the sum of which others. With a total there is a last
    line, and the lines add up to it. More `sums` are of cells (line, column). `spared`
    are columns to hide last for others' sake.
    """
    rows = [*given]
    if with_total and rows:
        rows.append(_total(rows, columns))
    cells = {
        (row.key, each): row.numbers.get(each, 0) for row in rows for each in columns
    }
    known = [*sums, *_sums(rows, columns, whole or {}, with_total)]
    hidden = concealed(cells, known, lambda key: key[1] in spared)
    lines = [_line(row, columns, cells, hidden) for row in rows]
    last = lines.pop() if with_total and lines else None
    words = {key: str(label) for key, label in columns.items()}
    return Grid(name, str(title), str(about), words, lines, last)


def _total(rows: Sequence[Given], columns: Iterable[str]) -> Given:
    sums = {each: sum(row.numbers.get(each, 0) for row in rows) for each in columns}
    return Given(TOGETHER, _("Together"), sums)


def _sums(
    rows: Sequence[Given],
    columns: Iterable[str],
    whole: Mapping[str, Sequence[str]],
    with_total: bool,
) -> Iterator[Sum]:
    for row in rows:
        for total, parts in whole.items():
            yield Sum([(row.key, part) for part in parts], [(row.key, total)])
    if with_total and rows:
        for each in columns:
            yield Sum([(row.key, each) for row in rows[:-1]], [(rows[-1].key, each)])


def _line(
    row: Given,
    columns: Iterable[str],
    cells: Mapping[tuple[str, str], int],
    hidden: set[Key],
) -> Line:
    own = {
        each: Cell(cells[row.key, each], (row.key, each) in hidden) for each in columns
    }
    return Line(row.key, row.label, own, row.url)


def as_file(made: Grid, name: str, language: str) -> StreamingHttpResponse:
    """The table as a CSV file of this name; what is hidden stays hidden."""

    def cells(line: Line) -> Iterator[list[object]]:
        yield [line.label, *(cell.in_file for cell in line.in_order)]

    def header() -> list[object]:
        return [made.title, *made.columns.values()]

    pieces = tables.pieces(language, header, [made.every], cells)
    return tables.as_file(pieces, f"pregon-{name}-{made.name}.csv")
