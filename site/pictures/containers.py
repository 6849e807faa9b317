"""JPEG, PNG, GIF and WebP without the words in them.

Each function copies what a viewer needs (pixels, colours, timing) byte for byte, puts
`exif` in place of the file's own and leaves out all else: XMP, IPTC, comments, text,
unknown parts and whatever follows the picture. They raise ValueError for a file whose
parts do not fit together.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

EXIF_HEADER = b"Exif\0\0"

# --- JPEG (ITU T.81, annex B)

# A marker that is neither fill, nor a stuffed zero, nor one of the restarts in a scan.
JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
JPEG_END, JPEG_SCAN, JPEG_APP0 = 0xD9, 0xDA, 0xE0
JPEG_ENDS = (0xD8, JPEG_END)  # another picture begins, or this one ends
JPEG_NEEDED = {*range(0xC0, 0xD0), *range(0xDA, 0xDE)}
JPEG_APPLICATIONS = {
    0xE0: b"JFIF\0",
    0xE2: b"ICC_PROFILE\0",
    0xEE: b"Adobe",  # says how colours are coded
}


def jpeg(data: bytes, exif: bytes) -> bytes:
    """The first picture of a JPEG or MPO file."""
    segments = list(_jpeg_segments(data))
    kept = [segment for segment, _code in segments]
    if exif:
        begins_with_jfif = bool(segments) and segments[0][1] == JPEG_APP0
        size = (len(exif) + 2).to_bytes(2, "big")
        kept.insert(1 if begins_with_jfif else 0, b"\xff\xe1" + size + exif)
    return b"".join([data[:2], *kept, bytes([0xFF, JPEG_END])])


def _jpeg_segments(data: bytes) -> Iterator[tuple[bytes, int]]:
    at = 2
    while found := JPEG_MARKER.search(data, at):
        code, start = found[1][0], found.end()
        if code in JPEG_ENDS:
            return
        size = int.from_bytes(data[start : start + 2], "big")
        at = start + size
        if size < 2 or at > len(data):
            raise ValueError("JPEG segment")
        if code == JPEG_SCAN:
            following = JPEG_MARKER.search(data, at)
            at = following.start() if following else len(data)
        application = JPEG_APPLICATIONS.get(code)
        if code in JPEG_NEEDED or (
            application and data.startswith(application, start + 2)
        ):
            yield data[found.start() : at], code


# --- PNG (W3C PNG 3rd edition, 5.3)

PNG_NEEDED = set(
    b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT "
    b"cHRM cICP cLLI cLLi gAMA iCCP mDCV mDCv sBIT sRGB bKGD hIST pHYs".split()
)


def png(data: bytes, exif: bytes) -> bytes:
    """All frames of a PNG file."""
    kept = [data[:8]]
    for kind, chunk in _png_chunks(data):
        if kind in PNG_NEEDED:
            kept.append(chunk)
        if kind == b"IHDR" and exif:
            kept.append(_png_chunk(b"eXIf", exif.removeprefix(EXIF_HEADER)))
    return b"".join(kept)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = 8, b""
    while at < len(data) and kind != b"IEND":
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise ValueError("PNG chunk")
        yield kind, data[at:end]
        at = end


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


# --- GIF (GIF89a, sections 18 to 27)

GIF_IMAGE, GIF_EXTENSION, GIF_END = 0x2C, 0x21, 0x3B
GIF_TIMING = (b"\x21\xf9\x04", 8)
GIF_LOOPS = (
    (b"\x21\xff\x0bNETSCAPE2.0\x03\x01", 19),
    (b"\x21\xff\x0bANIMEXTS1.0\x03\x01", 19),
)


def gif(data: bytes, exif: bytes) -> bytes:
    """All frames of a GIF file; it holds no EXIF, so `exif` is left out."""
    try:
        return b"".join(_gif_blocks(data)) + bytes([GIF_END])
    except IndexError as error:
        raise ValueError("GIF block") from error


def _gif_blocks(data: bytes) -> Iterator[bytes]:
    at = 13 + _gif_table(data[10])
    yield data[:at]
    while at < len(data) and data[at] != GIF_END:
        start = at
        if data[start] == GIF_IMAGE:
            at = _after_gif_blocks(data, start + 11 + _gif_table(data[start + 9]))
            yield data[start:at]
        elif data[start] == GIF_EXTENSION:
            at = _after_gif_blocks(data, start + 2)
            if _is_needed_extension(data[start:at]):
                yield data[start:at]
        else:
            at += 1  # padding, which viewers skip


def _gif_table(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 << ((flags & 0b111) + 1) if flags & 0x80 else 0


def _after_gif_blocks(data: bytes, at: int) -> int:
    while size := data[at]:
        at += size + 1
    return at + 1


def _is_needed_extension(block: bytes) -> bool:
    return any(
        block.startswith(start) and len(block) == size
        for start, size in (GIF_TIMING, *GIF_LOOPS)
    )


# --- WebP (RFC 9649)

WEBP_HEADER, WEBP_FRAME = b"VP8X", b"ANMF"
WEBP_NEEDED = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04
WEBP_FRAME_HEADER = 16


def webp(data: bytes, exif: bytes) -> bytes:
    """All frames of a WebP file; only the extended kind may hold EXIF."""
    size = int.from_bytes(data[4:8], "little")
    chunks = list(_webp_chunks(data[12 : 8 + size]))
    kept = [_webp_chunk(kind, _webp_content(kind, body, exif)) for kind, body in chunks]
    if exif and any(kind == WEBP_HEADER for kind, _body in chunks):
        kept.append(_webp_chunk(b"EXIF", exif.removeprefix(EXIF_HEADER)))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_content(kind: bytes, content: bytes, exif: bytes) -> bytes:
    if kind == WEBP_HEADER:
        flags = content[0] & ~(WEBP_HAS_EXIF | WEBP_HAS_XMP) if content else 0
        return bytes([flags | (WEBP_HAS_EXIF if exif else 0)]) + content[1:]
    if kind == WEBP_FRAME:
        inner = _webp_chunks(content[WEBP_FRAME_HEADER:])
        frame = b"".join(_webp_chunk(*chunk) for chunk in inner)
        return content[:WEBP_FRAME_HEADER] + frame
    return content


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        kind = data[at : at + 4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size
        if end > len(data):
            raise ValueError("WebP chunk")
        if kind in WEBP_NEEDED:
            yield kind, data[at + 8 : end]
        at = end + size % 2


def _webp_chunk(kind: bytes, content: bytes) -> bytes:
    padding = b"\0" * (len(content) % 2)
    return kind + len(content).to_bytes(4, "little") + content + padding


WITHOUT_WORDS: dict[str, Callable[[bytes, bytes], bytes]] = {
    "JPEG": jpeg,
    "MPO": jpeg,
    "PNG": png,
    "GIF": gif,
    "WEBP": webp,
}
