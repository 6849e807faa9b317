"""Rivers and shores: a delta, a channel, boats."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.backgrounds import SHEET, hills, sky
from demo.painting.brushes import (
    WIDTH,
    Canvas,
    Point,
    Shape,
    band,
    blob,
    curve,
    disc,
    ground,
    rolling,
    uneven,
)


def delta() -> Image.Image:
    """A river delta from the air."""
    canvas = Canvas(1505, "#4b7a4a")
    canvas.paint(
        SHEET, "#6f9450", "#2f6a4f", brush="dabs", towards="down", reach=(0.1, 0.9)
    )
    patches(canvas)
    channels: list[tuple[list[Point], float]] = []
    fork(canvas, (760, -40), math.pi / 2 + 0.1, 92, 0, channels)
    for tone, extra in (("#e4cf95", 14), ("#5fa5a8", 0)):
        canvas.paint([ribbon(path, wide + extra) for path, wide in channels], tone)
    canvas.cuts([path[2:-2] for path, wide in channels if wide > 16], "#a5cfc6", 5)
    edge = shore(canvas)
    canvas.paint([ground([(x, y - 12) for x, y in edge])], "#e4cf95")
    canvas.paint([ground(edge)], "#5fa5a8", "#17496a", reach=(0.0, 0.7))
    canvas.cuts([edge[n : n + 14] for n in range(2, 100, 17)], "#d8e8d4", 6)
    trees(canvas, channels)
    for x, y, turn in ((520, 985, 0.3), (1180, 1010, -0.25), (860, 1035, 0.1)):
        canvas.paint([blob((x, y), 34, 8, turn, lambda a: 1)], "#f4e7c5")
    return canvas.finish()


def patches(canvas: Canvas) -> None:
    """Fields and wetland in uneven pieces."""
    tones = ["#a3a84e", "#83a055", "#3f7a50", "#c0b35a", "#578a52", "#2d6248"]
    for _ in range(90):
        spot = (canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(0, 840))
        size = canvas.chance.uniform(30, 95)
        shape = blob(
            spot,
            size * 1.5,
            size * 0.7,
            canvas.chance.uniform(-0.4, 0.4),
            uneven(canvas.chance, 0.4),
        )
        canvas.paint(
            [shape],
            canvas.chance.choice(tones),
            "#4d7d4b",
            brush="dabs",
            reach=(0.4, 1.0),
        )


def fork(
    canvas: Canvas,
    start: Point,
    heading: float,
    wide: float,
    depth: int,
    found: list[tuple[list[Point], float]],
) -> None:
    """Follow a channel down to the sea, splitting as it goes."""
    path = [start]
    x, y = start
    last = depth >= 4
    for _ in range(90 if last else 15 + 2 * depth):
        heading += canvas.chance.uniform(-0.2, 0.2) + (math.pi / 2 - heading) * 0.05
        x, y = x + math.cos(heading) * 15, y + math.sin(heading) * 15
        path.append((x, y))
    found.append((path, wide))
    if y < 900 and not last:
        for side in (-1, 1):
            turn = side * canvas.chance.uniform(0.35, 0.75)
            fork(canvas, path[-2], heading + turn, wide * 0.66, depth + 1, found)


def ribbon(path: list[Point], wide: float) -> Shape:
    """A channel of even width with a tapered, overlapping start."""
    left, right = [], []
    for i, (x, y) in enumerate(path):
        x1, y1 = path[min(i + 1, len(path) - 1)]
        x0, y0 = path[max(i - 1, 0)]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        half = wide / 2 * (1 - 0.25 * i / len(path))
        left.append((x - (y1 - y0) / length * half, y + (x1 - x0) / length * half))
        right.append((x + (y1 - y0) / length * half, y - (x1 - x0) / length * half))
    return left + right[::-1]


def shore(canvas: Canvas) -> list[Point]:
    """The scalloped edge where land meets sea."""
    return [
        (
            x,
            905
            + 34 * math.sin(x / 120)
            + 20 * math.sin(x / 47 + 1)
            + canvas.chance.uniform(-5, 5),
        )
        for x in range(-20, WIDTH + 21, 14)
    ]


def trees(canvas: Canvas, channels: list[tuple[list[Point], float]]) -> None:
    """Mangrove along the banks, as dark dabs."""
    spots = []
    for path, wide in channels:
        for x, y in path[::2]:
            side = canvas.chance.choice((-1, 1)) * (
                wide / 2 + canvas.chance.uniform(12, 34)
            )
            if y < 890:
                spots.append((x + side, y + canvas.chance.uniform(-8, 8)))
    canvas.paint([disc((x + 3, y + 4), 11) for x, y in spots], "#16402f")
    canvas.paint([disc(spot, 9) for spot in spots], "#35724a")


def channel() -> Image.Image:
    """An irrigation channel winding through fields."""
    canvas = Canvas(1909, "#dfe3b8")
    sky(canvas, "#7fb0b5", "#f3e8bf", 430)
    hills(
        canvas,
        [(-20, 380), (300, 250), (620, 360), (950, 220), (1250, 350), (1640, 280)],
        14,
        "#6c8f95",
        "#a9bba5",
    )
    canvas.paint([ground(rolling(canvas.chance, 405, 14, 1.4))], "#7d9a52", "#a8ae5c")
    strips(canvas)
    stream(canvas)
    for x, y, s in (
        (1320, 440, 0.7),
        (1390, 446, 0.9),
        (1465, 452, 1.1),
        (160, 430, 0.7),
        (225, 436, 0.85),
    ):
        poplar(canvas, x, y, s)
    return canvas.finish()


def strips(canvas: Canvas) -> None:
    """Fields in strips, ruled with rows."""
    tones = [
        "#8fa64f",
        "#c9b356",
        "#5f8d48",
        "#b0793f",
        "#789a4a",
        "#d6c36a",
        "#4b7f45",
    ]
    for n in range(14):
        left, right = 430 + (n / 14) ** 1.7 * 700, 430 + ((n + 1) / 14) ** 1.7 * 700
        strip = [
            (-20, left),
            (WIDTH + 20, left - 12),
            (WIDTH + 20, right - 10),
            (-20, right + 2),
        ]
        canvas.paint([strip], tones[n % 7], "#557a3f", brush="along", reach=(0.5, 1.0))
        gap = (right - left) / 5
        rows = [
            [(-20, left + k * gap), (WIDTH + 20, left + k * gap - 11)]
            for k in range(1, 5)
        ]
        canvas.lines(
            rows, ["#55702f", "#9c8436", "#3a6533", "#80522a"][n % 4], 1 + n * 0.22
        )


def stream(canvas: Canvas) -> None:
    """The channel itself: stone lip, water, light."""
    path = []
    for i in range(60):
        t = i / 59
        path.append(
            (760 + 330 * math.sin(t * 5.2 + 0.3) * t**0.8 + 60 * t, 424 + t**1.8 * 690)
        )
    for tone, shade, wide in (
        ("#e2d2a4", "#a98d5c", 1.34),
        ("#5d4a35", None, 1.12),
        ("#4fa3ad", "#1f6580", 1.0),
    ):
        left = [(x - wide * (5 + (y - 424) * 0.2), y) for x, y in path]
        right = [(x + wide * (5 + (y - 424) * 0.2), y) for x, y in path]
        canvas.paint([band(left, right)], tone, shade, reach=(0.2, 0.9))
    glints = []
    for x, y in path[14:]:
        for _ in range(3):
            half = 5 + (y - 424) * 0.2
            start = x + canvas.chance.uniform(-0.8, 0.4) * half
            glints.append(
                [(start, y), (start + half * 0.2, y + 3), (start + half * 0.42, y + 1)]
            )
    canvas.cuts(glints, "#cfe9e0", 6)


def poplar(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A tall narrow tree."""
    crown = blob(
        (x, y - 130 * scale), 34 * scale, 140 * scale, 0, uneven(canvas.chance, 0.12)
    )
    canvas.lines([[(x, y - 30 * scale), (x, y + 34 * scale)]], "#4f3a26", 8 * scale)
    canvas.paint(
        [crown], "#7d9a45", "#2f5a35", brush="dabs", towards="right", reach=(0.3, 0.8)
    )


def boats() -> Image.Image:
    """Fishing boats drawn up at first light."""
    canvas = Canvas(2010, "#f0d2b0")
    sky(canvas, "#e79a6a", "#f8e2bd", 520)
    canvas.glow((420, 430), 380, "#fff0c8", 0.85)
    canvas.paint([disc((420, 440), 60)], "#fdf1d0")
    hills(
        canvas,
        [(-20, 500), (200, 490), (900, 505), (1180, 440), (1400, 370), (1640, 410)],
        8,
        "#8f6f78",
        "#c99b88",
    )
    sea(canvas)
    canvas.paint(
        [
            ground(
                [
                    (x, 800 + 22 * math.sin(x / 260) - x * 0.03)
                    for x in range(-20, WIDTH + 21, 10)
                ]
            )
        ],
        "#e3c08a",
        "#b98a55",
        reach=(0.1, 1.0),
    )
    skiff(canvas, (1180, 800), 0.72, ("#d9a441", "#9c6a22"))
    skiff(canvas, (380, 880), 1.0, ("#2f7480", "#1b4a58"))
    skiff(canvas, (1040, 985), 1.25, ("#b5402f", "#7a2721"))
    birds(canvas)
    return canvas.finish()


def sea(canvas: Canvas) -> None:
    """A calm sea with the sun's path on it."""
    canvas.paint(
        [[(-20, 506), (1640, 506), (1640, 900), (-20, 900)]],
        "#e5b48d",
        "#3f7f8c",
        reach=(0.0, 0.7),
        weight=0.4,
    )
    glints = []
    for n in range(120):
        y = 512 + (n / 120) ** 1.4 * 270
        x = canvas.chance.gauss(420, 60 + (y - 500) * 0.7)
        long = canvas.chance.uniform(20, 90)
        glints.append([(x, y), (x + long / 2, y + 1), (x + long, y)])
    canvas.cuts(glints, "#fbe6bd", 5)
    foam = [
        [
            (x, 800 - x * 0.03 + 22 * math.sin(x / 260) - 10 + 4 * math.sin(x / 23))
            for x in range(s, s + 300, 12)
        ]
        for s in range(-20, 1600, 260)
    ]
    canvas.cuts(foam, "#fbf0d8", 13)


def skiff(canvas: Canvas, spot: Point, scale: float, tones: tuple[str, str]) -> None:
    """A wooden boat on the sand with its stripe, thwarts and shadow."""
    x, y = spot

    def at(dx: float, dy: float) -> Point:
        return (x + dx * scale, y + dy * scale)

    canvas.paint([blob(at(10, 30), 280 * scale, 24 * scale, 0, lambda a: 1)], "#8a6238")
    hull = [
        *curve(at(-270, -112), at(-210, 30), at(-120, 34)),
        *curve(at(-120, 34), at(150, 40), at(210, 20)),
        at(250, -84),
    ]
    hull += curve(at(250, -84), at(0, -30), at(-270, -112))
    canvas.paint([hull], *tones, reach=(0.4, 0.9))
    inside = [
        *curve(at(-270, -112), at(0, -30), at(250, -84)),
        *curve(at(250, -84), at(0, -88), at(-270, -112)),
    ]
    canvas.paint([inside], "#4a3325")
    stripe = [
        *curve(at(-264, -96), at(0, -12), at(247, -66)),
        *curve(at(243, -46), at(0, 12), at(-257, -74)),
    ]
    canvas.paint([stripe], "#f6ead0")
    canvas.lines(
        [curve(at(-270, -112), at(0, -30), at(250, -84))], "#f0d9a8", 7 * scale
    )
    canvas.paint(
        [
            [at(k, -76), at(k + 26, -75), at(k + 40, -56), at(k + 8, -57)]
            for k in (-120, 0, 110)
        ],
        "#c99a5c",
    )


def birds(canvas: Canvas) -> None:
    """A few gulls."""
    for x, y, s in ((760, 220, 34), (850, 260, 24), (690, 290, 20), (1010, 180, 28)):
        canvas.cuts(
            [
                curve((x - s, y - s * 0.3), (x - s * 0.4, y - s * 0.8), (x, y)),
                curve((x, y), (x + s * 0.4, y - s * 0.8), (x + s, y - s * 0.3)),
            ],
            "#4b3a44",
            7,
        )
