"""What several pictures begin with: a sheet, a sky, a veil of mist."""

from __future__ import annotations

from collections.abc import Sequence

from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    Shape,
    disc,
    ground,
    softened,
    summits,
)

SHEET: list[Shape] = [[(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)]]


def sky(canvas: Canvas, top: str, low: str, horizon: float) -> None:
    """A sky that turns from `top` to `low` in level strokes."""
    sheet = [[(0, 0), (WIDTH, 0), (WIDTH, horizon), (0, horizon)]]
    canvas.paint(sheet, top, low, reach=(0.1, 0.9), weight=0.22)


def mist(canvas: Canvas, y: float, depth: float, colour: str, strength: float) -> None:
    """A veil lying at a height."""
    veil = canvas.stencil([disc((WIDTH / 2, y), WIDTH * 0.8, depth / WIDTH)])
    veil = softened(veil, depth * 0.35).point([round(i * strength) for i in range(256)])
    canvas.ink(veil, colour)


def hills(
    canvas: Canvas,
    corners: Sequence[Point],
    rough: float,
    colour: str,
    shade: str,
    *,
    brush: str = "along",
    towards: str = "down",
) -> None:
    """A range of hills through given corners, down to the foot of the sheet."""
    skyline = summits(corners, canvas.chance, rough)
    canvas.paint([ground(skyline)], colour, shade, brush=brush, towards=towards)
