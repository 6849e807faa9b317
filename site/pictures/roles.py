"""The places where a page shows a picture, and the files that each of them needs.

Templates name a role and never a size. What a role asks for is written here once: the
worker makes it (`making`), the page prints it (`prints`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

# The newest first: a browser takes the first that it knows.
MODERN = ("avif", "webp")
# What every browser knows; a picture that lets the paper through cannot be JPEG.
OPAQUE, CLEAR = "jpeg", "png"
# Raise this where files must be made again although no role has changed.
ENCODING = 3


@dataclass(frozen=True)
class Role:
    """How wide the files are (pixels), and how wide the place is (CSS `sizes`).

    `shape` is the width and height a picture is cropped to, round its focal point;
    None leaves it as it is. `comes_first` marks what a reader sees before scrolling.
    `kinds` names the formats of files that are shown in this role at all.
    """

    widths: tuple[int, ...]
    sizes: str
    shape: tuple[int, int] | None = None
    height: int | None = None
    comes_first: bool = False
    formats: tuple[str, ...] = MODERN
    fallbacks: tuple[str, ...] = (OPAQUE, CLEAR)
    kinds: tuple[str, ...] = ()

    def geometries(self) -> list[str]:
        """What is done to a picture, in Wagtail's words, the smallest first."""
        if self.height:
            return [f"height-{self.height}"]
        if self.shape is None:
            return [f"width-{width}" for width in self.widths]
        across, down = self.shape
        return [f"fill-{w}x{round(w * down / across)}" for w in self.widths]

    def specs(self, format: str) -> list[str]:
        """The files of one format, in Wagtail's words, the smallest first."""
        return [f"format-{format}|{geometry}" for geometry in self.geometries()]


WIDE, LANDSCAPE = (16, 9), (3, 2)
# As wide as the screen. Browsers take the next larger file. A phone with three pixels
# for each point is given 1.74: a photo shows it little, and weighs a third.
ACROSS = "(min-resolution: 2.5dppx) 58vw, 100vw"
ROLES = {
    "lead": Role(
        (480, 752, 1200, 1600), f"(min-width: 75rem) 72rem, {ACROSS}", WIDE, None, True
    ),
    "card-lead": Role(
        (480, 752, 1200, 1600),
        f"(min-width: 75rem) 47rem, (min-width: 60rem) 64vw, {ACROSS}",
        WIDE,
        comes_first=True,
    ),
    "card": Role(
        (208, 480, 752, 1200),
        "(min-width: 40rem) 22rem, (min-resolution: 2.5dppx) 4.3rem, 6.5rem",
        LANDSCAPE,
    ),
    "term": Role(
        (208, 480, 752, 1200), f"(min-width: 45rem) 22rem, {ACROSS}", LANDSCAPE
    ),
    "hub": Role(
        (208, 480, 752, 1200),
        f"(min-width: 75rem) 35rem, (min-width: 56rem) 48vw, {ACROSS}",
        LANDSCAPE,
        comes_first=True,
    ),
    "body": Role((480, 752, 1280), f"(min-width: 40rem) 36rem, {ACROSS}"),
    "gallery": Role((480, 752, 1280), f"(min-width: 40rem) 22rem, {ACROSS}"),
    # What a picture in a text leads to, and the lightbox shows.
    "large": Role((2400,), "100vw", formats=()),
    # Twice as high as it is shown; a photograph is no logo.
    "logo": Role(
        (), "", height=80, comes_first=True, formats=("webp",), fallbacks=(CLEAR,),
        kinds=("PNG", "WEBP", "GIF"),
    ),
}  # fmt: skip
# Made as soon as a picture is there, for pages that are read before the rest is.
FIRST = "width-752"


def wanted(*, kind: str, is_clear: bool) -> dict[tuple[str, ...], list[str]]:
    """What is done to a picture, each series from small to large, and in which formats.

    `kind` is the format of its own file, `is_clear` whether the paper shows through.
    """
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for role in ROLES.values():
        if role.kinds and kind not in role.kinds:
            continue
        fallback = CLEAR if is_clear or OPAQUE not in role.fallbacks else OPAQUE
        formats = dict.fromkeys((*role.formats, fallback))
        found.setdefault(tuple(role.geometries()), {}).update(formats)
    return {series: list(formats) for series, formats in found.items()}


def all_specs() -> Iterator[str]:
    """Every file that some role may show."""
    for role in ROLES.values():
        for format in (*role.formats, *role.fallbacks):
            yield from role.specs(format)


# Changes with what is asked for, so that a new version of the site makes it.
VERSION = hashlib.sha256(
    "\n".join([str(ENCODING), *sorted(set(all_specs()))]).encode()
).hexdigest()[:12]
