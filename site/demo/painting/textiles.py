"""Cloth and the loom it comes from."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.backgrounds import SHEET
from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    Shape,
    blob,
    block,
    curve,
    disc,
)


def cloth() -> Image.Image:
    """Woven bands from a market stall, full frame."""
    canvas = Canvas(3101, "#7c2b26")
    y = -30.0
    plan = [
        (70, "#8f2f2a", None), (26, "#e3b04b", None), (14, "#1f3a4d", None),
        (170, "#1f3a4d", "diamonds"), (14, "#e8d9b5", None), (60, "#b5452f", "teeth"),
        (22, "#e3b04b", None), (90, "#5b6b3a", "steps"), (16, "#e8d9b5", None),
        (190, "#7a2530", "stars"), (14, "#e3b04b", None), (56, "#2b5a63", "teeth"),
        (20, "#e8d9b5", None), (150, "#3a2740", "diamonds"), (18, "#d97f3a", None),
        (80, "#8f2f2a", "steps"), (26, "#e3b04b", None), (120, "#1f3a4d", "stars"),
    ]  # fmt: skip
    for high, tone, motif in plan:
        canvas.paint([block(-20, y, WIDTH + 40, high + 1)], tone)
        if motif:
            MOTIFS[motif](canvas, y, high)
        y += high
    weave_marks(canvas)
    return canvas.finish(0.4)


def diamonds(canvas: Canvas, y: float, high: float) -> None:
    """Nested diamonds, cut in steps like the threads they are made of."""
    middle, gap = y + high / 2, high * 0.9
    tones = ["#e3b04b", "#b5452f", "#e8d9b5", "#2b5a63"]
    for n, tone in enumerate(tones):
        reach = high * (0.46 - n * 0.11)
        shapes = [stepped((x, middle), reach) for x in count(gap)]
        canvas.paint(shapes, tone)
    small = [
        stepped((x + gap / 2, y + edge), high * 0.1)
        for x in count(gap)
        for edge in (high * 0.14, high * 0.86)
    ]
    canvas.paint(small, "#d97f3a")


def stars(canvas: Canvas, y: float, high: float) -> None:
    """Eight-pointed stars in alternating colours."""
    middle, gap = y + high / 2, high * 1.05
    for n, x in enumerate(count(gap)):
        tone = ("#e8d9b5", "#e3b04b", "#d97f3a")[n % 3]
        reach = high * 0.42
        shapes = []
        for k in range(8):
            a = math.tau * k / 8
            shapes.append(
                [
                    (x, middle),
                    (
                        x + math.cos(a - 0.39) * reach * 0.62,
                        middle + math.sin(a - 0.39) * reach * 0.62,
                    ),
                    (x + math.cos(a) * reach, middle + math.sin(a) * reach),
                    (
                        x + math.cos(a + 0.39) * reach * 0.62,
                        middle + math.sin(a + 0.39) * reach * 0.62,
                    ),
                ]
            )
        canvas.paint(shapes, tone)
        canvas.paint([stepped((x, middle), reach * 0.34)], "#7a2530")
        canvas.paint([stepped((x, middle), reach * 0.16)], "#2b5a63")
    canvas.paint(
        [block(x + gap / 2 - 5, y + high * 0.12, 10, high * 0.76) for x in count(gap)],
        "#b5452f",
    )


def teeth(canvas: Canvas, y: float, high: float) -> None:
    """Two rows of triangles that bite into one another."""
    gap = high * 0.75
    canvas.paint(
        [
            [(x, y + high), (x + gap / 2, y + high * 0.15), (x + gap, y + high)]
            for x in count(gap)
        ],
        "#e3b04b",
    )
    canvas.paint(
        [
            [
                (x + gap * 0.28, y + high),
                (x + gap / 2, y + high * 0.55),
                (x + gap * 0.72, y + high),
            ]
            for x in count(gap)
        ],
        "#7a2530",
    )


def steps(canvas: Canvas, y: float, high: float) -> None:
    """A stepped fret running along the band."""
    unit = high / 6
    gap = unit * 9
    frets, dots = [], []
    for x in count(gap):
        frets += [
            block(
                x + k * unit, y + high - (k + 1.5) * unit, unit * 1.02, unit * (k + 1)
            )
            for k in range(4)
        ]
        frets += [
            block(x + 4 * unit, y + unit * 0.5, unit * 3, unit),
            block(x + 6 * unit, y + unit * 0.5, unit, unit * 3),
        ]
        dots.append(block(x + 5 * unit, y + unit * 3, unit * 0.9, unit * 0.9))
    canvas.paint(frets, "#e8d9b5")
    canvas.paint(dots, "#d97f3a")


MOTIFS = {"diamonds": diamonds, "stars": stars, "teeth": teeth, "steps": steps}


def count(gap: float) -> list[float]:
    """Where a motif repeats across the cloth."""
    return [gap * n - 40 for n in range(int(WIDTH / gap) + 3)]


def stepped(centre: Point, reach: float, rows: int = 7) -> Shape:
    """A diamond whose edges climb in steps."""
    x, y = centre
    unit = reach / rows
    quarter: list[Point] = []
    for k in range(rows):
        quarter += [
            (unit * (k + 1), -reach + unit * k),
            (unit * (k + 1), -reach + unit * (k + 1)),
        ]
    right = quarter + [(px, -py) for px, py in reversed(quarter)]
    return [(x + px, y + py) for px, py in right] + [
        (x - px, y + py) for px, py in reversed(right)
    ]


def weave_marks(canvas: Canvas) -> None:
    """Warp and weft: fine dark and light threads over the whole cloth."""
    canvas.lines(
        [[(x, -5), (x, HEIGHT + 5)] for x in range(0, WIDTH, 9)], "#4a1f22", 0.5
    )
    light = [
        [(x, y), (x + 4, y)]
        for y in range(4, HEIGHT, 11)
        for x in range(canvas.chance.randint(0, 17), WIDTH, 18)
    ]
    canvas.lines(light, "#f0dcae", 0.9)
    dark = [
        [(x, y), (x + 5, y)]
        for y in range(9, HEIGHT, 11)
        for x in range(canvas.chance.randint(0, 17), WIDTH, 18)
    ]
    canvas.lines(dark, "#2d1a24", 0.9)


def loom() -> Image.Image:
    """A loom with a half-finished cloth and balls of yarn."""
    canvas = Canvas(3404, "#e5d3ae")
    canvas.paint(
        SHEET, "#c9a877", "#8d6743", brush="dabs", towards="down", reach=(0.2, 1.1)
    )
    floor = [
        (-10, 850),
        (WIDTH + 10, 850),
        (WIDTH + 10, HEIGHT + 10),
        (-10, HEIGHT + 10),
    ]
    canvas.paint([floor], "#7b4f32", "#4b2e20", reach=(0.1, 0.9))
    warp(canvas)
    woven(canvas)
    frame(canvas)
    for spot, r, tone, shade in (
        ((170, 930), 108, "#b5402f", "#742320"),
        ((360, 975), 84, "#e3b04b", "#a8772f"),
        ((1300, 965), 92, "#2b5a63", "#18363f"),
        ((1465, 920), 116, "#3f3a6b", "#262244"),
        ((1190, 1010), 58, "#f1e7cf", "#c4b48c"),
    ):
        yarn(canvas, spot, r, tone, shade)
    return canvas.finish()


def warp(canvas: Canvas) -> None:
    """The warp threads, from beam to beam."""
    tones = ["#f1e7cf", "#f1e7cf", "#b5402f", "#f1e7cf", "#e3b04b", "#2b5a63"]
    for n, tone in enumerate(tones):
        canvas.lines(
            [
                [(420 + x * 9.6 + n * 1.6, 90), (420 + x * 9.6 + n * 1.6, 880)]
                for x in range(80)
            ],
            tone,
            1.3,
        )
    canvas.paint([block(395, 236, 810, 24)], "#6b4527", "#432815")
    canvas.paint([block(405, 330, 790, 15)], "#8d5f37", "#5b3a20")


def woven(canvas: Canvas) -> None:
    """The finished part of the cloth, in bands."""
    top, y = 470.0, 880.0
    plan = [
        (44, "#8f2f2a", None),
        (16, "#e3b04b", None),
        (120, "#1f3a4d", "diamonds"),
        (16, "#e8d9b5", None),
        (52, "#b5452f", "teeth"),
        (14, "#e3b04b", None),
        (104, "#7a2530", "stars"),
        (18, "#e8d9b5", None),
        (26, "#2b5a63", None),
    ]
    mask = canvas.stencil([[(414, top), (1194, top), (1194, y), (414, y)]])
    under = canvas.image.copy()
    for high, tone, motif in plan:
        y -= high
        canvas.paint([block(-20, y, WIDTH + 40, high + 1)], tone)
        if motif:
            MOTIFS[motif](canvas, y, high)
    weave_marks(canvas)
    canvas.image = Image.composite(canvas.image, under, mask)
    canvas.paint(
        [[(560, 452), (1010, 436), (1060, 446), (1010, 458), (560, 472), (520, 462)]],
        "#c98f4a",
        "#8a5626",
    )
    canvas.lines([[(600, 460), (1000, 446)]], "#b5402f", 9)


def frame(canvas: Canvas) -> None:
    """Two posts and two beams, pegged."""
    for x in (330, 1220):
        canvas.paint(
            [block(x, 20, 54, 930)], "#8a5530", "#4f2f1a", brush="down", towards="right"
        )
    for y in (58, 866):
        canvas.paint([block(290, y, 1030, 50)], "#9c6338", "#5b3820", reach=(0.3, 0.9))
    canvas.paint(
        [disc((x, y + 25), 11) for x in (357, 1247) for y in (58, 866)], "#3a2213"
    )
    loops = [[(424 + n * 16, 54), (424 + n * 16, 112)] for n in range(48)]
    canvas.lines(loops, "#f1e7cf", 3)


def yarn(canvas: Canvas, spot: Point, r: float, tone: str, shade: str) -> None:
    """A ball of yarn, wound three ways."""
    x, y = spot
    canvas.paint(
        [blob((x + 10, y + r * 0.86), r * 1.05, r * 0.2, 0, lambda a: 1)], "#2f1c12"
    )
    canvas.paint(
        [disc(spot, r)], tone, shade, brush="dabs", towards="right", reach=(0.4, 0.9)
    )
    for turn in (0.5, -0.6, 1.6):
        strands = []
        for k in range(-5, 6):
            off = k * r * 0.16
            half = math.sqrt(max(r * r * 0.92 - off * off, 0))
            ends = [(-half, off), (0.0, off * 0.4 - r * 0.24), (half, off)]
            a, b, c = (
                (
                    x + px * math.cos(turn) - py * math.sin(turn),
                    y + px * math.sin(turn) + py * math.cos(turn),
                )
                for px, py in ends
            )
            strands.append(curve(a, b, c))
        canvas.cuts(strands[::2] if turn > 1 else strands, shade, 4)
