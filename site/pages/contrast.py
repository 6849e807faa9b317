"""How well a colour can be read on another (WCAG 2.2, relative luminance)."""

from __future__ import annotations

import re

AA_TEXT = 4.5


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
