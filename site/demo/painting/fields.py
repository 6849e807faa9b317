"""Farmed land: maize, coffee, vines."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.backgrounds import hills, mist, sky
from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    blob,
    curve,
    disc,
    ground,
    height_at,
    ridge,
    rolling,
    spindle,
)


def maize() -> Image.Image:
    """A maize field in rows, under a wide afternoon sky."""
    canvas = Canvas(1202, "#e9d8a6")
    sky(canvas, "#5f93a8", "#f2e2b6", 560)
    clouds(canvas, 220, "#fbf3dc", "#d9d6c4")
    canvas.paint([ground(ridge(canvas.chance, 470, 70))], "#5d7f86", "#9fb09c")
    canvas.paint([ground(rolling(canvas.chance, 530, 18))], "#6c8a55", "#8fa25c")
    furrows(canvas, (820, 545))
    for depth in range(7):
        maize_row(canvas, depth)
    return canvas.finish()


def clouds(canvas: Canvas, y: float, light: str, shade: str) -> None:
    """Flat-bottomed clouds in three sizes."""
    for n in range(5):
        x = WIDTH * (n + canvas.chance.uniform(0.1, 0.9)) / 5
        base = y + canvas.chance.uniform(-130, 90)
        size = canvas.chance.uniform(50, 110)
        puffs = [
            disc((x + size * (k - 2) * 0.8, base - size * h), size * (0.45 + h), 0.62)
            for k, h in enumerate((0.05, 0.3, 0.5, 0.26, 0.02))
        ]
        canvas.paint(puffs, light, shade, reach=(0.5, 0.9))


def furrows(canvas: Canvas, point: Point) -> None:
    """Furrows that meet at a vanishing point."""
    earth = [
        (-20, 560),
        (WIDTH + 20, 560),
        (WIDTH + 20, HEIGHT + 20),
        (-20, HEIGHT + 20),
    ]
    canvas.paint([earth], "#b5793f", "#7a4526", reach=(0.1, 0.9))
    strips = []
    for n in range(-26, 27):
        x = point[0] + n * 150
        strips.append(
            [(point[0] + n * 7, 556), (x, HEIGHT + 20), (x + 66, HEIGHT + 20)]
        )
    canvas.paint(strips, "#5f7a35", "#3f5a2c", brush="dabs", reach=(0.1, 0.8))


def maize_row(canvas: Canvas, depth: int) -> None:
    """One rank of plants; nearer ranks are taller and darker."""
    scale = 0.16 + 0.014 * 2.05 ** (depth * 0.86 + 1) * 1.6
    base = 580 + depth**1.9 * 17
    tones = [
        "#8a9a50",
        "#7f9448",
        "#6f8a40",
        "#5d7d3a",
        "#4a6c34",
        "#37592e",
        "#274727",
    ]
    gap = 250 * scale + 22
    for n in range(int(WIDTH / gap) + 2):
        x = (n - 0.5 + canvas.chance.uniform(-0.2, 0.2)) * gap
        maize_plant(canvas, x, base + canvas.chance.uniform(-6, 6), scale, tones[depth])


def maize_plant(canvas: Canvas, x: float, y: float, scale: float, tone: str) -> None:
    """A stalk with arching leaves, a cob and its tassel."""
    tall = 520 * scale * canvas.chance.uniform(0.9, 1.1)
    top = (x + canvas.chance.uniform(-14, 14) * scale, y - tall)
    leaves = [spindle(curve((x, y), (x, y - tall / 2), top), 22 * scale)]
    for n in range(8):
        start = (x, y - tall * (0.12 + n * 0.1))
        side = 1 if n % 2 else -1
        long = (230 - abs(n - 3) * 22) * scale * canvas.chance.uniform(0.85, 1.15)
        bend = (x + side * long * 0.6, start[1] - long * 0.75)
        leaves.append(
            spindle(
                curve(start, bend, (x + side * long, start[1] + long * 0.1)), 34 * scale
            )
        )
    canvas.paint(leaves, tone)
    tassel = [
        spindle(
            curve(
                top,
                (top[0], top[1] - 60 * scale),
                (top[0] + s * 46 * scale, top[1] - 88 * scale),
            ),
            9 * scale,
        )
        for s in (-1, -0.4, 0.2, 0.8)
    ]
    canvas.paint(tassel, "#e3bd62")
    if scale > 0.3:
        cob = blob(
            (x + 24 * scale, y - tall * 0.46), 20 * scale, 66 * scale, 0.3, lambda a: 1
        )
        canvas.paint([cob], "#efc94f", "#b98a2c", towards="right")


def coffee() -> Image.Image:
    """A coffee hillside in the cloud belt, with a branch in front."""
    canvas = Canvas(1404, "#e8e3cd")
    sky(canvas, "#b9cfc4", "#f3ecd2", 600)
    tones = [
        ("#9db7a6", "#c9d5bf"),
        ("#6f9a80", "#a9c0a0"),
        ("#44785a", "#7f9f76"),
        ("#2d5c40", "#547c4c"),
    ]
    for n, (tone, shade) in enumerate(tones):
        line = slope(n)
        canvas.paint([ground(line)], tone, shade)
        bushes(canvas, line, n)
        mist(canvas, 330 + n * 150, 90, "#f1eddb", 0.55)
    farmhouse(canvas, 1120, 505)
    branch(canvas)
    return canvas.finish()


def slope(n: int) -> list[Point]:
    """One of several hillsides falling in turn from left and right."""
    side = 1 if n % 2 else -1
    return [
        (x, 300 + n * 150 + side * (x - 800) * 0.12 + 26 * math.sin(x / 210 + n * 2))
        for x in range(-20, WIDTH + 21, 10)
    ]


def bushes(canvas: Canvas, line: list[Point], n: int) -> None:
    """Rows of round shrubs that follow the hill."""
    dark = ["#86a592", "#55866c", "#2f6248", "#1d4431"][n]
    light = ["#a7bfa0", "#7ba585", "#5a8d5c", "#4c7d48"][n]
    size = 7 + n * 7
    for row in range(4):
        drop = 14 + row * size * 1.9
        spots = range(-20 + (row % 2) * size, WIDTH + 40, round(size * 2.3))
        crowns = [disc((x, height_at(line, x) + drop), size, 0.8) for x in spots]
        canvas.paint(crowns, dark)
        canvas.paint(
            [
                disc(
                    (x - size * 0.2, height_at(line, x) + drop - size * 0.22),
                    size * 0.62,
                    0.7,
                )
                for x in spots
            ],
            light,
        )


def farmhouse(canvas: Canvas, x: float, y: float) -> None:
    """A whitewashed house with a tiled roof and a drying floor."""
    canvas.paint(
        [[(x - 70, y), (x + 70, y), (x + 70, y + 62), (x - 70, y + 62)]],
        "#f4ead2",
        "#d8c7a4",
        towards="right",
    )
    canvas.paint(
        [[(x - 86, y + 4), (x - 58, y - 44), (x + 58, y - 44), (x + 86, y + 4)]],
        "#b5512f",
        "#8a3922",
        towards="right",
    )
    canvas.paint(
        [[(x - 12, y + 18), (x + 12, y + 18), (x + 12, y + 62), (x - 12, y + 62)]],
        "#2f6d78",
    )
    canvas.paint(
        [
            [
                (x + s, y + 20),
                (x + s + 22, y + 20),
                (x + s + 22, y + 40),
                (x + s, y + 40),
            ]
            for s in (-52, 30)
        ],
        "#3b4a45",
    )


def branch(canvas: Canvas) -> None:
    """A branch with glossy leaves and ripe cherries across the foreground."""
    stem = curve((-40, 1010), (620, 720), (1180, 905), 40)
    canvas.paint([spindle([*stem, (1190, 908)], 22)], "#5b3b25")
    spots = stem[3::4]
    for n, (x, y) in enumerate(spots):
        for side in (-1, 1):
            leaf(
                canvas,
                (x, y),
                side * (0.95 + 0.15 * math.sin(n)) - math.pi / 2 * (side < 0) * 0,
                230,
                side,
            )
    for n, (x, y) in enumerate(spots):
        cherries(canvas, x, y, 5 + n % 3)


def leaf(canvas: Canvas, start: Point, tilt: float, size: float, side: int) -> None:
    """A pointed leaf in two tones with its midrib."""
    angle = tilt - 0.25
    tip = (start[0] + math.cos(angle) * size, start[1] + math.sin(angle) * size)
    bend = ((start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2 - 30)
    spine = curve(start, bend, tip)
    canvas.paint(
        [spindle(spine, size * 0.42)],
        "#2f6b3c",
        "#17402b",
        brush="dabs",
        towards="down" if side > 0 else "up",
    )
    canvas.lines([spine[:-2]], "#a9c279", 3)
    for n in range(4, 15, 2):
        x, y = spine[n]
        canvas.lines(
            [
                [
                    (x, y),
                    (
                        x + math.cos(angle + s) * size * 0.13,
                        y + math.sin(angle + s) * size * 0.13,
                    ),
                ]
                for s in (-0.7, 0.7)
            ],
            "#7fa565",
            1.6,
        )


def cherries(canvas: Canvas, x: float, y: float, count: int) -> None:
    """A cluster of cherries, most of them red."""
    for n in range(count):
        angle = math.tau * n / count + canvas.chance.uniform(-0.3, 0.3)
        spot = (x + math.cos(angle) * 30, y + math.sin(angle) * 25)
        tone, shade = canvas.chance.choice(
            [("#c8372b", "#86201f")] * 3 + [("#d98b35", "#a35c22")]
        )
        canvas.paint([disc(spot, 25)], tone, shade, brush="dabs", towards="right")
        canvas.paint([disc((spot[0] - 8, spot[1] - 9), 5)], "#f6d9c0")


def vines() -> Image.Image:
    """A desert valley with vines on its floor."""
    canvas = Canvas(1606, "#f0cfa0")
    sky(canvas, "#3f7fa0", "#f3dcb4", 520)
    hills(
        canvas,
        [(-20, 330), (240, 210), (560, 350), (820, 250), (1180, 400), (1640, 260)],
        14,
        "#c79a86",
        "#e3bf9b",
    )
    hills(
        canvas,
        [(-20, 300), (150, 290), (420, 430), (700, 560), (1640, 600)],
        18,
        "#b8653d",
        "#d98f57",
        brush="down",
        towards="right",
    )
    hills(
        canvas,
        [(-20, 640), (700, 580), (1000, 500), (1330, 330), (1460, 300), (1640, 360)],
        18,
        "#a2522f",
        "#cf7d48",
        brush="down",
        towards="left",
    )
    gullies(canvas)
    vineyard(canvas)
    cactus(canvas, 1420, 880, 1.25)
    cactus(canvas, 130, 800, 0.8)
    return canvas.finish()


def gullies(canvas: Canvas) -> None:
    """Dry gullies on the slopes."""
    paths = []
    for n in range(15):
        x = 40 + n * 42
        paths.append(
            curve((x, 330 + n * 17), (x + 24, 400 + n * 14), (x + 6, 470 + n * 8))
        )
    for n in range(14):
        x = 1120 + n * 38
        top = 470 - n * 14 if n < 8 else 330 + (n - 8) * 10
        paths.append(curve((x, top + 20), (x - 30, top + 90), (x - 8, top + 150)))
    canvas.cuts(paths, "#7d3c24", 9)


def vineyard(canvas: Canvas) -> None:
    """Rows of vines that run to the end of the valley."""
    floor = [
        (-20, 640),
        (600, 572),
        (760, 566),
        (900, 572),
        (1640, 650),
        (1640, 1100),
        (-20, 1100),
    ]
    canvas.paint([floor], "#d9a761", "#b67a41", reach=(0.1, 0.9))
    for n in range(-15, 16):
        row = []
        for i in range(26):
            t = (i / 25) ** 2
            x = 760 + n * (13 + t * 170)
            row.append((x + 8 * math.sin(i), 574 + t * 560))
        crowns = [disc((x, y), 2 + (y - 570) * 0.085, 0.75) for x, y in row]
        canvas.paint(crowns, "#3b6b3a", "#24512f", towards="right")
        canvas.paint(
            [
                disc(
                    (x - (y - 570) * 0.02, y - (y - 570) * 0.03),
                    1 + (y - 570) * 0.05,
                    0.6,
                )
                for x, y in row
            ],
            "#86a24c",
        )


def cactus(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A branching column cactus."""
    arms = [((0, 0), 330), ((-62, -90), 150), ((64, -130), 170), ((-112, -120), 90)]
    for (dx, dy), tall in arms:
        foot = (x + dx * scale, y + dy * scale)
        stem = [foot, (foot[0], foot[1] - tall * scale)]
        canvas.paint(
            [
                [
                    (foot[0] - 24 * scale, foot[1]),
                    (foot[0] + 24 * scale, foot[1]),
                    (foot[0] + 24 * scale, stem[1][1]),
                    (foot[0] - 24 * scale, stem[1][1]),
                ],
                disc(stem[1], 24 * scale),
                disc(foot, 24 * scale),
            ],
            "#3f6a4a",
            "#1f4434",
            brush="down",
            towards="right",
            reach=(0.3, 0.7),
        )
        canvas.lines(
            [
                [(foot[0] + k * scale, foot[1]), (stem[1][0] + k * scale, stem[1][1])]
                for k in (-12, 0, 12)
            ],
            "#8aa56b",
            2,
        )
    joints = [
        [(x + a * scale, y - h * scale), (x, y - h * scale)]
        for a, h in ((-62, 84), (64, 124))
    ]
    canvas.lines(
        [
            *joints,
            [(x - 112 * scale, y - 114 * scale), (x - 62 * scale, y - 114 * scale)],
        ],
        "#2f5a40",
        34 * scale,
    )
