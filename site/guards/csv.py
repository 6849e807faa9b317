"""The one CSV writer: what a spreadsheet would run as a formula is defused.

A cell that starts with = + - @, a tab or a carriage return gets an apostrophe in
front (OWASP, "CSV Injection"); numbers stay numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # tells a spreadsheet that the file is UTF-8


def write_csv(
    stream: TextIO,
    header: Sequence[object],
    rows: Iterable[Sequence[object]],
    *,
    bom: bool = False,
) -> int:
    """Write header and rows to `stream`; returns the number of rows."""
    if bom:
        stream.write(BOM)
    writer = csv.writer(stream)
    writer.writerow([defuse(cell) for cell in header])
    count = 0
    for row in rows:
        writer.writerow([defuse(cell) for cell in row])
        count += 1
    return count


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as a piece of a file, for what is sent while it is made."""
    stream = StringIO()
    csv.writer(stream).writerows([defuse(cell) for cell in row] for row in rows)
    return stream.getvalue()


def defuse(cell: Any) -> Any:
    """The cell as a spreadsheet will show it, never as something it will run."""
    if cell is None or isinstance(cell, bool | int | float):
        return "" if cell is None else cell
    text = str(cell)
    if text.lstrip(" \u00a0\"'").startswith(FORMULA_STARTS):
        return f"'{text}"
    return text
