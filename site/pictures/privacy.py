"""What a photograph says about where it was taken, taken out of it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
KEPT_TAGS = (ORIENTATION, ARTIST, COPYRIGHT)
GPS_IFD = 0x8825
# Where formats keep XMP, IPTC and comments; any of them may name a place.
OTHER_METADATA = (
    "xmp",
    "XML:com.adobe.xmp",
    "photoshop",
    "comment",
    "Raw profile type",
)
WRITE: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": "keep"},
    "MPO": {"format": "JPEG", "quality": 95},
    "PNG": {},
    "GIF": {"save_all": True, "comment": b""},
    "WEBP": {"save_all": True, "quality": 95},
    "AVIF": {"save_all": True, "quality": 90},
    "HEIF": {"quality": 90},
}


def without_location(data: bytes) -> bytes | None:
    """The image without a trace of place; None where it holds none.

    Orientation, maker, copyright and colour profile stay. Raises ValueError for a
    format that cannot be written again.
    """
    with Image.open(io.BytesIO(data)) as image:
        if not may_tell_place(image):
            return None
        if image.format not in WRITE:
            raise ValueError(image.format)
        return _written(image)


def may_tell_place(image: Image.Image) -> bool:
    """Whether an image holds coordinates, or free text that may name a place."""
    if image.getexif().get_ifd(GPS_IFD):
        return True
    return any(str(key).startswith(OTHER_METADATA) for key in image.info)


def _written(image: Image.Image) -> bytes:
    exif, old = Image.Exif(), image.getexif()
    for tag in KEPT_TAGS:
        if tag in old:
            exif[tag] = old[tag]
    options = {"format": image.format, **WRITE[image.format or ""]}
    profile = image.info.get("icc_profile")
    for key in [key for key in image.info if str(key).startswith(OTHER_METADATA)]:
        del image.info[key]
    out = io.BytesIO()
    image.save(out, exif=exif.tobytes(), icc_profile=profile, **options)
    return out.getvalue()
