"""What a photograph says about where it was taken, taken out of it."""

from __future__ import annotations

import io

from PIL import Image

from pictures.containers import WITHOUT_WORDS

ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
ORIENTATIONS = range(1, 9)
LONGEST_NAME = 1000  # characters; an EXIF segment in JPEG holds 65,000 bytes
# These two cannot be taken apart like the rest and are encoded anew, at this quality.
# Their films come no further than Wagtail's check, which takes them for no pictures.
ENCODED_ANEW = {"AVIF": 90, "HEIF": 90}
# What their plug-ins find beside pixels and EXIF; any of it may name a place.
OTHER_METADATA = ("xmp", "metadata")


def without_location(data: bytes) -> bytes | None:
    """The image without a trace of place; None where there is nothing to take out.

    Pixels, orientation, maker, copyright and colour profile stay; all other words go,
    for any of them may name a place. Raises ValueError for a file that cannot be
    written again.
    """
    with Image.open(io.BytesIO(data)) as image:
        exif, kind = _essential_exif(image), image.format or ""
        if kind in ENCODED_ANEW:
            return _encoded_anew(image, exif) if _says_more(image, exif) else None
    if kind not in WITHOUT_WORDS:
        raise ValueError(kind)
    cleaned = WITHOUT_WORDS[kind](data, exif)
    return None if cleaned == data else cleaned


def _essential_exif(image: Image.Image) -> bytes:
    """EXIF with orientation, maker and copyright, where each is of its type."""
    kept = Image.Exif()
    turned = _value(image, ORIENTATION)
    if isinstance(turned, int) and turned in ORIENTATIONS:
        kept[ORIENTATION] = turned
    for tag in (ARTIST, COPYRIGHT):
        if isinstance(name := _value(image, tag), str):
            # Pillow reads the bytes as Latin-1, whatever they are, and writes ASCII.
            kept[tag] = name[:LONGEST_NAME].encode("latin-1", "replace")
    return kept.tobytes() if len(kept) else b""


def _value(image: Image.Image, tag: int) -> object:
    try:
        return image.getexif().get(tag)
    except Exception:  # noqa: BLE001 - hostile EXIF makes Pillow raise almost anything
        return None


def _says_more(image: Image.Image, exif: bytes) -> bool:
    return image.info.get("exif", exif) != exif or any(
        image.info.get(key) for key in OTHER_METADATA
    )


def _encoded_anew(image: Image.Image, exif: bytes) -> bytes:
    profile = image.info.get("icc_profile")
    for key in ("exif", *OTHER_METADATA):
        image.info.pop(key, None)
    out, kind = io.BytesIO(), image.format or ""
    options = {"quality": ENCODED_ANEW[kind], "icc_profile": profile}
    if exif:  # libheif takes none, but not an empty one
        options["exif"] = exif
    image.save(out, kind, **options)
    return out.getvalue()
