"""A CSV file of any make: how it is to be read, and its rows one after the other.

Nothing here knows what the rows are about, or holds more than a few of them.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice, takewhile
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsletter.errors import UnreadableFileError

MOST_COLUMNS = 100
LONGEST_LINE = 100_000  # characters; what is longer is no row of a list of readers
MOST_LINES = 20  # of one row, in cells of several lines
PREVIEW = 5  # rows
LOOKED_AT = 20  # rows, for the delimiter
CHUNK = 256 * 1024  # bytes
DELIMITERS = ",;\t|"
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What spreadsheets, archives and documents begin with.
OTHERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
UNREADABLE = "\ufffd"  # stands for bytes that mean nothing in the file's encoding
Cells = list[str]


@dataclass(frozen=True)
class Shape:
    """How a file is to be read; `lines` counts them, so there are at most as many rows.

    `header` names the columns; where the file has none it is empty strings. `first_row`
    is the number that a spreadsheet gives to the first row below it.
    """

    encoding: str
    delimiter: str
    header: Cells
    has_header: bool
    preview: list[Cells]
    lines: int
    first_row: int

    @classmethod
    def from_json(cls, known: dict[str, Any]) -> Shape:
        """What `as_json` gave."""
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """Fit to be kept."""
        return asdict(self)


def look_at(file: BinaryIO) -> Shape:
    """How this file is to be read. Raises `UnreadableFileError`."""
    encoding, lines = _encoding_of(file)
    first = _first_lines(file, encoding)
    delimiter = _delimiter_of(first)
    above = _empty_rows(records(first, delimiter))
    if above >= len(first):
        raise UnreadableFileError(_("The file is empty."))
    header = next(records(first[above:], delimiter), None)
    if header is None:
        text = _(
            "The first row cannot be read: a quotation mark has no second one. Correct"
            " it and upload the file again."
        )
        raise UnreadableFileError(text)
    if len(header) > MOST_COLUMNS:
        text = _(
            "The file has %(number)s columns; at most %(most)s can be read. Delete"
            " those you do not need and save it again."
        )
        raise UnreadableFileError(text % {"number": len(header), "most": MOST_COLUMNS})
    return _shape((encoding, delimiter, lines), header, first[above:], above)


def _empty_rows(rows: Iterable[Cells | None]) -> int:
    """How many stand above the first that has something in it."""
    above = takewhile(lambda row: row is not None and not any(row), rows)
    return sum(1 for _row in above)


def _shape(
    known: tuple[str, str, int], header: Cells, first: list[str], above: int
) -> Shape:
    encoding, delimiter, lines = known
    has_header = not any("@" in cell for cell in header)
    rows = records(first, delimiter, len(header))
    preview = (cells for cells in rows if cells and any(cells))
    shown = [
        [cell.replace("\0", UNREADABLE)[:100] for cell in cells]
        for cells in islice(preview, has_header, PREVIEW + has_header)
    ]
    if not shown:
        text = _("The file has a row of headings and nothing below it.")
        raise UnreadableFileError(text)
    names = [cell.strip().replace("\0", "")[:100] for cell in header]
    names = names if has_header else [""] * len(header)
    first_row = above + 2 if has_header else 1
    return Shape(encoding, delimiter, names, has_header, shown, lines, first_row)


def _encoding_of(file: BinaryIO) -> tuple[str, int]:
    """The encoding, by a look at all of the file, and how many lines it has."""
    file.seek(0)
    head = file.read(CHUNK)
    _refuse_what_is_no_text(head)
    marked = next((name for bom, name in BOMS.items() if head.startswith(bom)), "")
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    right = wrong = lines = 0
    while head:
        text = decoder.decode(head)
        broken = text.count(UNREADABLE)
        wrong += broken
        right += 0 if text.isascii() else sum(c > "\x7f" for c in text) - broken
        lines += max(head.count(b"\n"), head.count(b"\r"))
        head = file.read(CHUNK)
    # A single broken row does not make another encoding of a file.
    return marked or ("utf-8" if right >= wrong else "cp1252"), lines + 1


def _refuse_what_is_no_text(head: bytes) -> None:
    if not head.strip():
        raise UnreadableFileError(_("The file is empty."))
    is_marked = head.startswith(tuple(BOMS))
    controls = sum(head[:4096].count(code) for code in (*range(9), *range(14, 32)))
    if head.startswith(OTHERS) or (not is_marked and controls > len(head[:4096]) / 20):
        text = _(
            "This is no CSV file. Open it in your spreadsheet and save it as"
            " “CSV UTF-8 (comma separated)”."
        )
        raise UnreadableFileError(text)


def _first_lines(file: BinaryIO, encoding: str) -> list[str]:
    file.seek(0)
    head = io.BytesIO(file.read(CHUNK * 4))
    return list(islice(lines_of(head, encoding), LOOKED_AT * MOST_LINES))


def _delimiter_of(lines: list[str]) -> str:
    """The one that gives the most rows as many cells as the first has, over one."""

    def fitting(delimiter: str) -> tuple[int, int]:
        looked_at = islice(records(lines, delimiter), LOOKED_AT)
        rows = [row for row in looked_at if row and any(row)]
        width = len(rows[0]) if rows else 0
        return sum(len(row) == width > 1 for row in rows), width

    return max(DELIMITERS, key=fitting)


def lines_of(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Lines with their ends, of which each is a newline; the rest of long ones is lost.

    Bytes that mean nothing become `UNREADABLE`.
    """
    # TextIOWrapper closes what it wraps; the file is its owner's.
    text = io.TextIOWrapper(file, encoding, errors="replace", newline=None)
    try:
        while line := text.readline(LONGEST_LINE):
            yield line
            while len(line) == LONGEST_LINE and not line.endswith("\n"):
                line = text.readline(LONGEST_LINE)
    finally:
        text.detach()


def records(
    lines: Iterable[str], delimiter: str, width: int = 0
) -> Iterator[Cells | None]:
    """Rows of cells, or None for a row that is broken; each costs only itself.

    A quotation mark without a second one would have everything up to the next in one
    cell. So a row of several lines has to be whole, and `width` cells wide where that
    is given; else its first line is broken and the others are read by themselves.
    """
    waiting: list[str] = []
    source = iter(lines)
    while (line := waiting.pop(0) if waiting else next(source, None)) is not None:
        if '"' not in line:
            yield line.rstrip("\n").split(delimiter)
        elif line.count('"') % 2 == 0:
            yield _parsed(line, delimiter)
        else:
            more = _until_closed(waiting, source)
            cells = _parsed(line + "".join(more), delimiter)
            if cells is None or (width and len(cells) != width):
                waiting[:0] = more
                cells = None
            yield cells


def _until_closed(waiting: list[str], source: Iterator[str]) -> list[str]:
    """The lines up to the next that has an odd number of quotation marks."""
    more: list[str] = []
    while len(more) < MOST_LINES:
        line = waiting.pop(0) if waiting else next(source, None)
        if line is None:
            break
        more.append(line)
        if line.count('"') % 2:
            break
    return more


def _parsed(text: str, delimiter: str) -> Cells | None:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
