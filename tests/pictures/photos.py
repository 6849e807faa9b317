"""Photographs made for tests."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

LIMA = {1: "S", 2: (12.0, 2.0, 45.0), 3: "W", 4: (77.0, 1.0, 50.0)}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>12,2S</exif:GPSLatitude></x:xmpmeta>'  # noqa: E501


def photo(format="JPEG", size=(40, 30), *, gps=False, xmp=False, **exif_tags) -> bytes:
    """A small image, where wanted with the place it was taken."""
    image = Image.new("RGB", size, (120, 80, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8298] = "Casa Comun"
    if gps:
        exif.get_ifd(0x8825).update(LIMA)
    options = {"exif": exif.tobytes()}
    if xmp:
        options["xmp"] = XMP
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def upload(name="foto.jpg", data=None, kind="image/jpeg") -> SimpleUploadedFile:
    """What a browser sends."""
    return SimpleUploadedFile(name, photo() if data is None else data, kind)
