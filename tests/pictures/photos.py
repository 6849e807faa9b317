"""Photographs made for tests."""

from __future__ import annotations

import io
import random
import struct

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo

LIMA = {1: "S", 2: (12.0, 2.0, 45.0), 3: "W", 4: (77.0, 1.0, 50.0)}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>12,2S</exif:GPSLatitude></x:xmpmeta>'  # noqa: E501


NOISE = random.Random(1).randbytes(12_000)
GPS_POINTER, ASCII, FLOAT = 0x8825, 2, 11


def photo(format="JPEG", size=(40, 30), *, gps=False, xmp=False) -> bytes:
    """A small image, where wanted with the place it was taken."""
    image = Image.new("RGB", size, (120, 80, 40))
    options = {"exif": _exif(gps=gps)}
    if xmp:
        options["xmp"] = XMP
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _exif(*, gps: bool) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8298] = "Casa Comun"
    if gps:
        exif.get_ifd(GPS_POINTER).update(LIMA)
    return exif.tobytes()


def odd_photo(tag: int, kind: int, value: bytes) -> bytes:
    """A photograph with a place and one EXIF entry of a type it should not have."""
    entries = (
        struct.pack(">HHI4s", tag, kind, len(value) if kind == ASCII else 1, value),
        struct.pack(">HHII", GPS_POINTER, 4, 1, 38),
    )
    place = struct.pack(">HHHI4sI", 1, 1, ASCII, 2, b"S", 0)
    first = struct.pack(">H", 2) + b"".join(entries) + bytes(4)
    out = io.BytesIO()
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + first + place
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def moving(format: str, *, profile: bytes = NOISE) -> bytes:
    """Three frames that last differently, with places in words.

    Wagtail refuses moving PNGs, but does not see that one moves behind 8 kB of profile.
    """
    frames = [Image.new("RGB", (40, 30), (shade, 80, 40)) for shade in (0, 99, 200)]
    words = PngInfo()
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    words.add_text("Description", "Lima " * 2000)
    words.add_text("Location", "Lima", zip=True)
    out = io.BytesIO()
    frames[0].save(
        out,
        format,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 200, 300],
        loop=2,
        pnginfo=words,
        icc_profile=profile,
        xmp=XMP,
        exif=_exif(gps=True),
    )
    return _with_xmp(out.getvalue()) if format == "GIF" else out.getvalue()


def _with_xmp(gif: bytes) -> bytes:
    """A GIF with XMP as Adobe writes it: in an application extension, as plain text."""
    end = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return gif[:-1] + b"\x21\xff\x0bXMP DataXMP" + XMP + end + b";"


def frames_of(data: bytes) -> list[tuple[bytes, int]]:
    """The pixels of each frame and how long it lasts in milliseconds."""
    with Image.open(io.BytesIO(data)) as image:
        return [
            (frame.convert("RGB").tobytes(), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]


def upload(name="foto.jpg", data=None, kind="image/jpeg") -> SimpleUploadedFile:
    """What a browser sends."""
    return SimpleUploadedFile(name, photo() if data is None else data, kind)
