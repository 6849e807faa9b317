"""How well a colour can be read on another (WCAG 2.2, relative luminance)."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable
from itertools import chain

AA_TEXT = 4.5
AAA_TEXT = 7
# What text stands on: --surface and --raised of tokens.css, and white.
LIGHT_PAPERS = ("#fbf8f0", "#f3eddd", "#ffffff")
DARK_PAPERS = ("#15170f", "#1e2117")
INKS = ("#ffffff", "#15170f")
STEPS = 100


def channels(colour: str) -> list[float]:
    """Red, green and blue of `#rrggbb`, each between 0 and 1."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(colour)
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 for black, 1 for white."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast between two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lowest(colour: str, papers: Iterable[str]) -> float:
    """Contrast on the paper where the colour is read worst."""
    return min(ratio(colour, paper) for paper in papers)


def shaded(colour: str, lightness: float) -> str:
    """The same hue, as light as `lightness` says: 0 is black, 1 white."""
    hue, _own, saturation = colorsys.rgb_to_hls(*channels(colour))
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def on_light(colour: str) -> str:
    """The colour, darkened as little as text on light paper asks for (AAA)."""
    return _nearest(colour, 0, LIGHT_PAPERS, AAA_TEXT)


def on_dark(colour: str) -> str:
    """The colour, lightened as little as text on dark paper asks for (AAA)."""
    return _nearest(colour, 1, DARK_PAPERS, AAA_TEXT)


def ink_on(colour: str) -> str:
    """White or ink, whichever is read better on a ground of this colour."""
    return max(INKS, key=lambda ink: ratio(ink, colour))


def _nearest(colour: str, end: int, papers: Iterable[str], needed: float) -> str:
    """The colour, else the first of its shades on the way to an end that is read."""
    start = colorsys.rgb_to_hls(*channels(colour))[1]
    steps = (start + (end - start) * step / STEPS for step in range(1, STEPS + 1))
    tried = chain([colour], (shaded(colour, lightness) for lightness in steps))
    return next(found for found in tried if lowest(found, papers) >= needed)
