"""Draw the PNG icons in site/static/icons as site/static/favicon.svg has them.

Phones, feed readers and search engines take no SVG. They are committed, so that nobody
needs to draw them to run the site.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).resolve().parents[1] / "site/static/icons"
SIZES = {"icon-32": 32, "icon-192": 192, "icon-512": 512, "apple-touch-icon": 180}
GRID, CORNER, FINER = 32, 4, 8  # the SVG's own units; drawn finer, then made smaller
GROUND = "#2a4577"
HORN = [(8, 12), (14, 12), (24, 6), (24, 26), (14, 20), (8, 20)], "#f4d58a"
GRIP = [(11, 21), (13, 27), (17, 27), (15, 21)], "#fbf8f0"


def main() -> int:
    """Write each size."""
    TARGET.mkdir(exist_ok=True)
    for name, size in SIZES.items():
        is_round = not name.startswith("apple")  # phones cut the corners themselves
        icon = draw(size, CORNER if is_round else 0)
        icon.save(TARGET / f"{name}.png", optimize=True)
    return 0


def draw(size: int, corner: int) -> Image.Image:
    """The icon, so many pixels wide."""
    unit = size * FINER / GRID
    icon = Image.new("RGBA", (size * FINER,) * 2)
    pen = ImageDraw.Draw(icon)
    box = (0, 0, size * FINER - 1, size * FINER - 1)
    pen.rounded_rectangle(box, corner * unit, fill=GROUND)
    for points, colour in (HORN, GRIP):
        pen.polygon([(x * unit, y * unit) for x, y in points], fill=colour)
    return icon.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    sys.exit(main())
