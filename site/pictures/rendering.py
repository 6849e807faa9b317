"""The files of a picture in its sizes and formats: plain Pillow, one decoding for all.

Wagtail's own way decodes the whole original for every file. Here it is decoded once, no
larger than the largest file needs; a JPEG of 60 megapixels is never whole in memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps
from wagtail.images.models import Filter

from pictures.privacy import ORIENTATION

# Enough for every role: this long, or this long at the shorter side of a panorama.
LONG, SHORT = 2400, 1600
TURNED = range(5, 9)  # EXIF orientations that lie on their side
OPTIONS: dict[str, dict[str, Any]] = {
    "webp": {"quality": 76},
    "jpeg": {"quality": 78, "progressive": True, "optimize": True},
    "png": {"optimize": True},
}
# AVIF at speed 9 is ten times faster than at libavif's usual 6, which saves a tenth:
# worth it for the files that phones load, most of them over two pixels to a point.
AVIF = {"quality": 44, "speed": 9, "max_threads": 1}
AVIF_FOR_PHONES = AVIF | {"quality": 43, "speed": 6}
PHONE_WIDTH = 752
MOST_PIXELS = 900_000  # a second of work; a strip of a web page may be very long
EXTENSIONS = {"avif": "avif", "webp": "webp", "jpeg": "jpg", "png": "png"}
SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Original:
    """A picture as far as its files need it: upright, in sRGB, without a word.

    `size` is that of the whole file, upright; `kind` its format in Pillow's words.
    """

    image: Image.Image
    size: tuple[int, int]
    kind: str

    @property
    def is_clear(self) -> bool:
        """Whether the paper shows through."""
        return self.image.mode == "RGBA"


@dataclass(frozen=True)
class File:
    """One file of a picture; `key` is Wagtail's for what it was cropped round."""

    spec: str
    key: str
    data: bytes
    extension: str
    size: tuple[int, int]


def read(file: IO[bytes]) -> Original:
    """Decode a picture, of a moving one the first frame.

    Raises whatever Pillow raises for a file that is none.
    """
    with Image.open(file) as image:
        turn = image.getexif().get(ORIENTATION, 1)
        profile = image.info.get("icc_profile")
        width, height = image.size
        enough = _enough(width, height)
        image.draft("RGB", enough)
        small = _opened(image).resize(enough, Image.Resampling.LANCZOS, reducing_gap=3)
        kind = image.format or ""
    small = _plain(_in_srgb(small, profile))
    small.info.clear()
    small.getexif()[ORIENTATION] = turn
    upright = ImageOps.exif_transpose(small)
    size = (height, width) if turn in TURNED else (width, height)
    return Original(upright, size, "JPEG" if kind == "MPO" else kind)


def files(
    original: Original, picture: Any, series: tuple[str, ...], formats: list[str]
) -> Iterator[File]:
    """The files of one series; none twice where the picture is too small for more.

    `picture` says what it is cropped round (a model instance of Wagtail's kind).
    """
    seen = set()
    for geometry in series:
        shaped = _shaped(original, picture, Filter(geometry))
        if shaped.size in seen:
            continue
        seen.add(shaped.size)
        for format in formats:
            spec = f"format-{format}|{geometry}"
            key = Filter(spec).get_cache_key(picture)
            data = _encoded(shaped, format)
            yield File(spec, key, data, EXTENSIONS[format], shaped.size)


def _enough(width: int, height: int) -> tuple[int, int]:
    long, short = max(width, height), min(width, height)
    scale = min(1.0, max(LONG / long, SHORT / short))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _opened(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller without loss of colours."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours that every screen shows; as it is where its profile is broken."""
    if not profile:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, own, SRGB, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where the paper really shows through."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    is_clear = image.getchannel("A").getextrema()[0] < 255  # type: ignore[operator]
    return image if is_clear else image.convert("RGB")


def _shaped(original: Original, picture: Any, filter: Filter) -> Image.Image:
    transform = filter.get_transform(picture, size=original.size)
    rect = transform.get_rect()
    scale = original.image.width / original.size[0]
    width, height = original.image.size
    box = (
        max(0.0, rect.left * scale),
        max(0.0, rect.top * scale),
        min(float(width), rect.right * scale),
        min(float(height), rect.bottom * scale),
    )
    size = tuple(max(1, round(side)) for side in transform.size)
    return original.image.resize(size, Image.Resampling.LANCZOS, box, reducing_gap=3)


def _encoded(image: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    options = _avif_options(image) if format == "avif" else OPTIONS[format]
    image.save(out, format.upper(), **options)
    return out.getvalue()


def _avif_options(image: Image.Image) -> dict[str, Any]:
    is_small = image.width * image.height <= MOST_PIXELS
    is_for_phones = is_small and image.width <= PHONE_WIDTH
    return (AVIF_FOR_PHONES if is_for_phones else AVIF) | _tuning()


@cache
def _tuning() -> dict[str, Any]:
    """By SSIMULACRA 2, a tenth lighter for as many points; from libaom 3.13 on."""
    tuned = {"advanced": {"tune": "ssimulacra2"}}
    try:
        Image.new("RGB", (16, 16)).save(io.BytesIO(), "AVIF", **tuned)
    except (OSError, ValueError):
        return {}
    return tuned
