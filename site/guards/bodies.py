"""Read what a stranger's server sends, unpacked, and never more than we asked for.

httpx unpacks a whole piece at once, and one piece of 64 kB can hold a gigabyte (brotli,
or gzip within gzip). We ask for gzip only, refuse the rest, and unpack in small steps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from guards.errors import TooLargeError, UnreadableError

ACCEPTED = "gzip"
GZIP = 16 + zlib.MAX_WBITS
STEP = 64 * 1024


def read_body(pieces: Iterable[bytes], coding: str, max_bytes: int) -> bytes:
    """The body, unpacked from `coding` (the Content-Encoding), of at most `max_bytes`.

    Raises `TooLargeError` before the excess is unpacked, and `UnreadableError`.
    """
    body = bytearray()
    for piece in _unpacked(pieces, coding.strip().lower()):
        body += piece
        if len(body) > max_bytes:
            raise TooLargeError
    return bytes(body)


def _unpacked(pieces: Iterable[bytes], coding: str) -> Iterable[bytes]:
    if coding in {"", "identity"}:
        return pieces
    if coding in {"gzip", "x-gzip"}:
        return _gunzip(pieces)
    raise UnreadableError(coding[:20])


def _gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    machine, came = zlib.decompressobj(GZIP), False
    try:
        for piece in pieces:
            came, rest = True, piece
            while rest and not machine.eof:
                yield machine.decompress(rest, STEP)
                rest = machine.unconsumed_tail
        yield machine.flush()
    except zlib.error as error:
        raise UnreadableError("gzip") from error
    if came and not machine.eof:
        raise UnreadableError("gzip")
