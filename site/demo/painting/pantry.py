"""Seed jars on a shelf."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.backgrounds import SHEET
from demo.painting.brushes import WIDTH, Canvas, Point, Shape, blob, block, curve


def jars() -> Image.Image:
    """Seed jars on two shelves by a window."""
    canvas = Canvas(3303, "#d9b98a")
    canvas.paint(
        SHEET, "#e2c595", "#b98d5c", brush="dabs", towards="right", reach=(0.1, 1.0)
    )
    canvas.glow((180, 160), 620, "#fff3cf", 0.75)
    for y in (498, 962):
        shelf(canvas, y)
    fills = [
        ("#7a2b2b", "#e9d8b2"), ("#e8c34f", "#b5812c"), ("#f1e7cf", "#cdbb90"),
        ("#3a2740", "#7d5a86"),
        ("#b5713a", "#7d4522"), ("#5b6b3a", "#a3ad62"), ("#1f2328", "#565c61"),
        ("#c24f36", "#f0b48a"),
        ("#e3d3a1", "#8a6a3a"), ("#8a4a5e", "#e3c0b4"),
    ]  # fmt: skip
    for row, floor in enumerate((498, 962)):
        x = 90.0
        for n in range(5):
            wide, tall = (
                canvas.chance.uniform(190, 250),
                canvas.chance.uniform(260, 350),
            )
            jar(canvas, (x, floor), (wide, tall), fills[row * 5 + n])
            x += wide + canvas.chance.uniform(44, 78)
    return canvas.finish()


def shelf(canvas: Canvas, y: float) -> None:
    """A plank with its grain and the shadow under it."""
    canvas.paint(
        [block(-10, y + 40, WIDTH + 20, 44)],
        "#9c7347",
        "#c79f6b",
        towards="down",
        reach=(0.1, 0.9),
    )
    canvas.paint(
        [block(-10, y - 6, WIDTH + 20, 48)], "#8a5530", "#5b341d", reach=(0.3, 0.9)
    )
    grain = [
        curve((x, y + 10 + k * 9), (x + 160, y + 6 + k * 10), (x + 330, y + 12 + k * 9))
        for k in range(3)
        for x in range(-60, WIDTH, 380)
    ]
    canvas.cuts(grain, "#42240f", 3)


def jar(
    canvas: Canvas, spot: Point, size: tuple[float, float], tones: tuple[str, str]
) -> None:
    """A glass jar with seed, a cloth lid, a string and a paper label."""
    (x, floor), (wide, tall) = spot, size
    top = floor - tall
    canvas.paint(
        [
            [
                (x + wide, floor - 4),
                (x + wide + 70, floor - 4),
                (x + wide + 40, floor - tall * 0.6),
                (x + wide, top + 40),
            ]
        ],
        "#a9804f",
    )
    body = rounded(x, top + 40, wide, tall - 44, 34)
    canvas.paint([body], "#c9d3c0", "#8fa79a", brush="down", towards="right")
    level = top + 40 + (tall - 44) * canvas.chance.uniform(0.16, 0.32)
    canvas.paint([rounded(x + 9, level, wide - 18, floor - 14 - level, 26)], tones[0])
    seeds(canvas, (x + 16, level + 6), (wide - 32, floor - 24 - level), tones)
    canvas.paint([block(x + 18, top + 60, 12, tall - 110)], "#f5f4e6")
    lid(canvas, x, top, wide)
    label(canvas, x + wide / 2, floor - tall * 0.34, wide * 0.54)


def rounded(x: float, y: float, wide: float, high: float, r: float) -> Shape:
    """A rectangle with rounded corners."""
    corners = (
        (x + wide - r, y + r, -90),
        (x + wide - r, y + high - r, 0),
        (x + r, y + high - r, 90),
        (x + r, y + r, 180),
    )
    return [
        (
            cx + math.cos(math.radians(a + k * 15)) * r,
            cy + math.sin(math.radians(a + k * 15)) * r,
        )
        for cx, cy, a in corners
        for k in range(7)
    ]


def seeds(
    canvas: Canvas, corner: Point, size: tuple[float, float], tones: tuple[str, str]
) -> None:
    """Seeds packed in rows, each a little askew."""
    dark: list[Shape] = []
    light: list[Shape] = []
    step = canvas.chance.choice((15, 18, 22))
    y = corner[1] + step * 0.4
    while y < corner[1] + size[1]:
        x = corner[0] + canvas.chance.uniform(0, step * 0.6) + step * 0.3
        while x < corner[0] + size[0]:
            turn = canvas.chance.uniform(-1, 1)
            pile = light if canvas.chance.random() < 0.5 else dark
            pile.append(blob((x, y), step * 0.46, step * 0.3, turn, lambda a: 1))
            x += step
        y += step * 0.74
    canvas.paint(
        dark, tones[0], tones[1], brush="dabs", towards="left", reach=(0.7, 1.2)
    )
    canvas.paint(light, tones[1])


def lid(canvas: Canvas, x: float, top: float, wide: float) -> None:
    """A square of cloth tied over the mouth."""
    tone, shade = canvas.chance.choice(
        [
            ("#b5402f", "#7c2620"),
            ("#2b5a63", "#1b3b44"),
            ("#e3b04b", "#ad7a28"),
            ("#f1e7cf", "#c4b48c"),
            ("#3f4f7a", "#283358"),
        ]
    )
    skirt = [(x + 4, top + 30), (x + wide - 4, top + 30), (x + wide + 14, top + 76)]
    skirt += [(x + wide - wide * k / 6, top + 76 - (k % 2) * 14) for k in range(1, 6)]
    canvas.paint(
        [[*skirt, (x - 14, top + 76)]], tone, shade, brush="down", towards="right"
    )
    canvas.paint(
        [rounded(x + 2, top, wide - 4, 40, 18)],
        tone,
        shade,
        towards="right",
        reach=(0.5, 0.9),
    )
    canvas.lines(
        [[(x + 2, top + 36), (x + wide / 2, top + 40), (x + wide - 2, top + 36)]],
        "#e8d9b5",
        5,
    )


def label(canvas: Canvas, x: float, y: float, wide: float) -> None:
    """A paper label with three lines of handwriting."""
    canvas.paint(
        [block(x - wide / 2, y - 36, wide, 84)],
        "#f6ecd2",
        "#dcc89b",
        brush="dabs",
        towards="right",
        reach=(0.5, 1.1),
    )
    for k in range(3):
        start, end = x - wide * 0.38, x + wide * (0.38 - 0.14 * (k == 2))
        hand = []
        px = start
        while px < end:
            hand.append((px, y - 16 + k * 21 + canvas.chance.uniform(-4, 4)))
            px += 5
        canvas.lines([hand], "#4a3a30", 1.8)
