"""Tables of readers as CSV files, made while they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from guards.csv import BOM, csv_text
from newsletter.composing.moments import site_zone

Row = TypeVar("Row")
Cells = Sequence[object]


def pieces(
    language: str,
    header: Callable[[], Cells],
    batches: Iterable[Sequence[Row]],
    cells: Callable[[Row], Iterable[Cells]],
) -> Iterator[str]:
    """Pieces of a CSV file in one language's words; read as they are taken.

    The language is set per piece: between two, others run in this process.
    """
    with translation.override(language):
        head = BOM + csv_text([header()])
    yield head
    for batch in batches:
        with translation.override(language):
            piece = csv_text(line for row in batch for line in cells(row))
        yield piece


def as_file(made: Iterable[str], name: str) -> StreamingHttpResponse:
    """The answer that a browser keeps under this name, and nobody on the way."""
    answer = StreamingHttpResponse(made, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def moment(at: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """In the site's time zone, in a form that every spreadsheet reads as a date."""
    return timezone.localtime(at, site_zone()).strftime(form) if at else ""


def day(at: datetime | None) -> str:
    """The same without the hour."""
    return moment(at, "%Y-%m-%d")
