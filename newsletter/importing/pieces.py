"""The file of an import and what became of its rows, kept piece by piece."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from newsletter.importing.reading import Cells, Shape, lines_of, records
from newsletter.models import ImportPiece, SubscriberImport

Kind = ImportPiece.Kind
LEVEL = 1  # of zlib: a fourth of a list's size in a fortieth of the import's time


def keep_file(source: SubscriberImport, chunks: Iterable[bytes]) -> None:
    """Keep a file, of which each chunk fits into memory."""
    for number, chunk in enumerate(chunks):
        keep(source, Kind.FILE, number, chunk)


def keep(source: SubscriberImport, kind: Kind, number: int, data: bytes) -> None:
    """Keep one piece."""
    ImportPiece.objects.create(
        source=source, kind=kind, number=number, data=zlib.compress(data, LEVEL)
    )


def outcomes_of(source: SubscriberImport, kind: Kind) -> str:
    """A letter for each row so far: a megabyte for a million."""
    return b"".join(_pieces(source, kind)).decode()


def records_of(source: SubscriberImport) -> Iterator[Cells | None]:
    """The file's rows without its headings, as `records` gives them."""
    shape = Shape.from_json(source.shape)
    file: Any = io.BufferedReader(_KeptFile(source))
    lines = lines_of(file, shape.encoding)
    rows = records(lines, shape.delimiter, len(shape.header))
    if shape.has_header:
        while (row := next(rows, None)) is not None and not any(row):
            pass  # empty lines above the headings, as `look_at` passes them
    yield from rows


def _pieces(source: SubscriberImport, kind: Kind) -> Iterator[bytes]:
    number = 0
    rows = ImportPiece.objects.filter(source=source, kind=kind)
    while data := rows.filter(number=number).values_list("data", flat=True).first():
        yield zlib.decompress(data)
        number += 1


class _KeptFile(io.RawIOBase):
    """Reads a kept file as if it were one; a piece at a time is in memory."""

    def __init__(self, source: SubscriberImport) -> None:
        self._pieces = _pieces(source, Kind.FILE)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """For reading only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As every raw file."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        number = min(len(buffer), len(self._rest))
        buffer[:number] = self._rest[:number]
        self._rest = self._rest[number:]
        return number
