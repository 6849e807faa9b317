"""High country: terraces, a lake, weather, the páramo."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.backgrounds import hills, mist, sky
from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    band,
    curve,
    disc,
    ground,
    ridge,
    rolling,
    spindle,
    summits,
)


def terraces() -> Image.Image:
    """Andean terraces at dawn."""
    canvas = Canvas(1101, "#f3d9a8")
    sky(canvas, "#e9b872", "#f8e3b8", 640)
    canvas.glow((1130, 300), 430, "#fff0c4", 0.9)
    canvas.paint([disc((1130, 300), 74)], "#fdf3d3")
    canvas.paint([ground(ridge(canvas.chance, 380, 130))], "#a9a3a8", "#d9bfa1")
    mist(canvas, 520, 120, "#f8e3b8", 0.7)
    canvas.paint([ground(ridge(canvas.chance, 470, 90))], "#7a7f8c", "#b8a493")
    mist(canvas, 610, 110, "#f5dcae", 0.75)
    terrace_flank(canvas)
    canvas.paint([ground(rolling(canvas.chance, 940, 22, 1.2))], "#2b2d2a", "#1c2322")
    agave(canvas, 170, 940, 150, "#1f2a28")
    agave(canvas, 1460, 960, 110, "#1f2a28")
    return canvas.finish()


def terrace_flank(canvas: Canvas) -> None:
    """Steps going down from the right, each lit on its edge."""
    greens = ["#8c8f4a", "#a39a45", "#6f7f45", "#7d8a4b", "#b5a24a", "#5f7343"]
    for step in range(11):
        y = 410 + step * 36 + step**2 * 2.3
        line = terrace_line(step, y)
        tone = greens[step % len(greens)]
        canvas.paint([ground(line)], tone, "#3f5238", reach=(0.02, 0.2), weight=0.55)
        wall = [(x, py + 7 + step * 2.4) for x, py in line]
        canvas.paint([band(line, wall)], "#e8cf94", "#b98f58", towards="left")
        rows = [
            terrace_line(step, y + 20 + step * 3 + n * (6 + step)) for n in range(2)
        ]
        canvas.lines([r[::2] for r in rows], "#4f5f38", 1.4 + step * 0.12)
        stones(canvas, line, step)


def terrace_line(step: int, y: float) -> list[Point]:
    """The lip of one terrace: it follows the flank's folds."""
    return [
        (
            x,
            y
            + 120 * math.exp(-((x - 250) ** 2) / 110_000) * (1 - step * 0.07)
            - 90 * math.exp(-((x - 1250) ** 2) / 150_000) * (1 - step * 0.05)
            + 16 * math.sin(x / 130 + step * 0.35),
        )
        for x in range(-20, WIDTH + 21, 10)
    ]


def stones(canvas: Canvas, line: list[Point], step: int) -> None:
    """The joints of a dry wall, as short dark cuts."""
    deep = 6 + step * 2.3
    joints = [
        [(x, y + 2), (x + canvas.chance.uniform(-2, 2), y + deep)]
        for x, y in line
        if canvas.chance.random() < 0.8
    ]
    canvas.lines(joints, "#7d5f3c", 1.6)


def agave(canvas: Canvas, x: float, y: float, size: float, colour: str) -> None:
    """A rosette of pointed leaves."""
    leaves = []
    for n in range(13):
        angle = math.radians(-168 + n * 13 + canvas.chance.uniform(-4, 4))
        tip = (x + math.cos(angle) * size, y + math.sin(angle) * size)
        bend = (x + math.cos(angle) * size * 0.5, y + math.sin(angle) * size * 0.62)
        leaves.append(spindle(curve((x, y), bend, tip), size * 0.15))
    canvas.paint(leaves, colour)


def lake() -> Image.Image:
    """A highland lake with reeds and a reed boat."""
    canvas = Canvas(1303, "#cfe0dc")
    sky(canvas, "#2f5d7c", "#d7e4d6", 520)
    far = [(-20, 400), (180, 330), (420, 420), (700, 350), (1000, 440), (1620, 400)]
    canvas.paint([ground(summits(far, canvas.chance, 10))], "#7f9fac", "#b4c6c0")
    near = [(-20, 470), (260, 380), (520, 250), (690, 165), (860, 270), (1060, 380)]
    near += [(1200, 330), (1320, 285), (1440, 370), (1620, 440)]
    peaks = summits(near, canvas.chance, 16)
    canvas.paint([ground(peaks)], "#41647c", "#7d979c", brush="down", towards="right")
    snow(canvas, peaks)
    canvas.paint([ground(rolling(canvas.chance, 486, 16, 1))], "#8a7f4e", "#6d6a44")
    water(canvas)
    boat(canvas, 860, 690)
    for x, count, tall in (
        (120, 34, 430),
        (330, 20, 300),
        (1430, 36, 470),
        (1240, 12, 260),
    ):
        reeds(canvas, x, count, tall)
    return canvas.finish()


def snow(canvas: Canvas, peaks: list[Point]) -> None:
    """Snow on whatever stands high, with a ragged lower edge."""
    line = 345
    caps = [(x, min(y, line)) for x, y in peaks]
    ragged = [
        (
            x,
            min(y, line)
            if y >= line
            else y + (line - y) * canvas.chance.uniform(0.35, 0.95),
        )
        for x, y in peaks
    ]
    canvas.paint(
        [band(caps, ragged)], "#f6f3e8", "#b9ccd3", towards="right", reach=(0.3, 0.9)
    )


def water(canvas: Canvas) -> None:
    """Still water: the sky's colour and long light cuts."""
    surface = [
        (-20, 512),
        (WIDTH + 20, 512),
        (WIDTH + 20, HEIGHT + 20),
        (-20, HEIGHT + 20),
    ]
    canvas.paint([surface], "#a9c8c9", "#1f4a66", reach=(0.02, 0.75), weight=0.42)
    strokes = []
    for n in range(150):
        y = 520 + (n / 150) ** 1.5 * 540
        x = canvas.chance.uniform(-100, WIDTH)
        long = canvas.chance.uniform(30, 190) * (0.5 + (y - 500) / 500)
        strokes.append([(x, y), (x + long / 2, y + 1.5), (x + long, y)])
    canvas.cuts(strokes[::2], "#d8e8df", 5)
    canvas.cuts(strokes[1::2], "#3d7389", 6)


def boat(canvas: Canvas, x: float, y: float) -> None:
    """A boat of bundled reeds with one standing rower."""
    hull = [
        *curve((x - 190, y - 62), (x - 120, y + 20), (x, y + 20)),
        *curve((x, y + 20), (x + 130, y + 20), (x + 205, y - 74)),
        *curve((x + 205, y - 74), (x + 110, y - 18), (x, y - 20)),
        *curve((x, y - 20), (x - 110, y - 20), (x - 190, y - 62)),
    ]
    shadow = [(px, y + 34 + (y - py) * 0.45) for px, py in hull]
    canvas.paint([shadow], "#274f63")
    canvas.paint([hull], "#e0b65a", "#96662c")
    ties = [[(x + k, y - 21), (x + k * 0.97, y + 19)] for k in range(-110, 130, 34)]
    canvas.lines(ties, "#6e4520", 4)
    rower(canvas, x - 20, y - 18)


def rower(canvas: Canvas, x: float, y: float) -> None:
    """A person in a poncho and hat, with a pole."""
    canvas.lines([[(x + 60, y - 190), (x + 5, y + 60)]], "#4b3220", 6)
    poncho = [(x - 14, y - 112), (x + 16, y - 112), (x + 44, y - 30), (x - 40, y - 30)]
    canvas.paint(
        [[(x - 22, y - 34), (x + 24, y - 34), (x + 18, y + 6), (x - 16, y + 6)]],
        "#2b2f3a",
    )
    canvas.paint([poncho], "#b5402f", "#7c2620", towards="right")
    canvas.lines([[(x - 33, y - 52), (x + 36, y - 52)]], "#f0c865", 5)
    canvas.paint([disc((x + 1, y - 126), 15)], "#7a4a2d")
    canvas.paint(
        [disc((x + 1, y - 137), 28, 0.26), disc((x + 1, y - 143), 15, 0.8)], "#2a2320"
    )


def reeds(canvas: Canvas, x: float, count: int, tall: float) -> None:
    """A stand of reeds leaning with the wind, dark behind and light in front."""
    for tone, share in (("#23452f", 1.0), ("#47703a", 0.86), ("#8d9a45", 0.7)):
        stems = []
        for _ in range(count):
            foot = x + canvas.chance.gauss(0, 62)
            high = tall * share * canvas.chance.uniform(0.7, 1.1)
            tip = (foot + canvas.chance.uniform(10, 70), HEIGHT + 20 - high)
            stems.append(
                spindle(
                    curve((foot, HEIGHT + 60), (foot, HEIGHT - high * 0.5), tip), 13
                )
            )
        canvas.paint(stems, tone)


def rain() -> Image.Image:
    """Rain coming over the mountains."""
    canvas = Canvas(1707, "#c9cdc4")
    sky(canvas, "#39485a", "#d8cfb2", 700)
    storm(canvas)
    hills(
        canvas,
        [
            (-20, 470),
            (220, 330),
            (480, 450),
            (700, 310),
            (1000, 480),
            (1280, 370),
            (1640, 500),
        ],
        14,
        "#546a78",
        "#9aa5a0",
    )
    mist(canvas, 560, 110, "#cfd0c2", 0.7)
    hills(
        canvas,
        [(-20, 600), (300, 500), (620, 640), (940, 520), (1300, 640), (1640, 540)],
        12,
        "#35574f",
        "#6d8a74",
    )
    canvas.paint([ground(rolling(canvas.chance, 770, 40, 1.3))], "#4f7a45", "#2f5a3c")
    plots(canvas)
    downpour(canvas)
    hut(canvas, 420, 830, 1.2)
    return canvas.finish()


def storm(canvas: Canvas) -> None:
    """A shelf of cloud, heaped and dark below."""
    for tone, y, size in (
        ("#5a6a78", 150, 150),
        ("#46566a", 90, 150),
        ("#2f3c50", 20, 140),
    ):
        puffs = [
            disc(
                (x, y + canvas.chance.uniform(-36, 36)),
                canvas.chance.uniform(0.6, 1) * size,
                0.7,
            )
            for x in range(-40, WIDTH + 80, 95)
        ]
        canvas.paint(
            puffs,
            tone,
            "#27323f" if y < 100 else "#3d4c5c",
            brush="dabs",
            towards="up",
            reach=(0.5, 1.0),
        )


def plots(canvas: Canvas) -> None:
    """Ploughed plots and green ones on the near slope."""
    for n, tone in enumerate(("#8c5a38", "#7fa04c", "#a8743f", "#5b8a46", "#c2a24e")):
        x = 640 + n * 200
        y = 800 + (n % 2) * 34
        plot = [(x, y), (x + 190, y - 22), (x + 250, y + 110), (x + 10, y + 140)]
        canvas.paint([plot], tone, "#4a4a30", brush="dabs", reach=(0.6, 1.1))
        canvas.lines(
            [
                [(x + k * 38, y + 4 - k * 4), (x + 10 + k * 48, y + 136 - k * 6)]
                for k in range(1, 5)
            ],
            "#3a3a28",
            2,
        )


def downpour(canvas: Canvas) -> None:
    """Slanting strokes, thick where the shower is."""
    drops = []
    for _ in range(620):
        x = canvas.chance.gauss(1020, 300)
        y = canvas.chance.uniform(170, 900)
        long = canvas.chance.uniform(40, 120)
        drops.append(
            [(x, y), (x - long * 0.16, y + long / 2), (x - long * 0.32, y + long)]
        )
    canvas.cuts(drops[::2], "#dfe3da", 3)
    canvas.cuts(drops[1::2], "#8fa1a8", 3.4)


def hut(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """An adobe house with a thatched roof and a lit door."""
    wall = [
        (x - 90 * scale, y),
        (x + 90 * scale, y),
        (x + 90 * scale, y + 90 * scale),
        (x - 90 * scale, y + 90 * scale),
    ]
    canvas.paint([wall], "#c98f5a", "#8d5a38", towards="right")
    roof = [
        (x - 118 * scale, y + 10 * scale),
        (x - 66 * scale, y - 72 * scale),
        (x + 66 * scale, y - 72 * scale),
        (x + 118 * scale, y + 10 * scale),
    ]
    canvas.paint([roof], "#d8b365", "#8a6a35", brush="down", towards="right")
    canvas.paint(
        [
            [
                (x - 20 * scale, y + 24 * scale),
                (x + 20 * scale, y + 24 * scale),
                (x + 20 * scale, y + 90 * scale),
                (x - 20 * scale, y + 90 * scale),
            ]
        ],
        "#f5cf72",
    )


def paramo() -> Image.Image:
    """A road through the páramo, among frailejones."""
    canvas = Canvas(2111, "#d5d6c3")
    sky(canvas, "#8fa7ad", "#e9e3c9", 560)
    hills(
        canvas,
        [(-20, 420), (280, 300), (560, 430), (860, 340), (1250, 450), (1640, 360)],
        10,
        "#7d9298",
        "#b3bba9",
    )
    mist(canvas, 470, 90, "#e9e6d3", 0.8)
    canvas.paint([ground(rolling(canvas.chance, 510, 34, 1.2))], "#7f8a55", "#a79f58")
    canvas.paint(
        [ground(rolling(canvas.chance, 600, 30, 0.9))],
        "#98934a",
        "#6f7438",
        brush="dabs",
    )
    road(canvas)
    grass(canvas)
    for x, y, s in (
        (1250, 640, 0.42),
        (300, 660, 0.45),
        (1420, 720, 0.62),
        (150, 760, 0.7),
        (1130, 760, 0.7),
        (480, 800, 0.8),
        (1330, 920, 1.15),
        (210, 985, 1.35),
    ):
        frailejon(canvas, x, y, s)
    return canvas.finish()


def road(canvas: Canvas) -> None:
    """A gravel road bending towards the pass."""
    left, right = [], []
    for i in range(50):
        t = i / 49
        x = 800 + 150 * math.sin(t * 4.6 + 0.4) * (1 - t * 0.45)
        y = 556 + t**1.7 * 540
        left.append((x - 6 - t**1.6 * 250, y))
        right.append((x + 6 + t**1.6 * 250, y))
    canvas.paint(
        [
            band(
                [(x - 10 - (y - 556) * 0.04, y) for x, y in left],
                [(x + 10 + (y - 556) * 0.04, y) for x, y in right],
            )
        ],
        "#5f6334",
    )
    canvas.paint([band(left, right)], "#e2cfa2", "#b3935f", reach=(0.2, 1.0))
    for share in (0.3, 0.7):
        rut = [
            (a[0] + (b[0] - a[0]) * share, a[1])
            for a, b in zip(left, right, strict=True)
        ]
        half = [(x + 2 + (y - 556) * 0.05, y) for x, y in rut]
        canvas.paint([band(rut, half)], "#bd9c68", "#8f7046")


def grass(canvas: Canvas) -> None:
    """Tussocks of straw-coloured grass beside the road."""
    for tone in ("#6a6d33", "#b8a755", "#d3bf6c"):
        blades = []
        for _ in range(260):
            y = 620 + canvas.chance.random() ** 0.8 * 460
            reach = 60 + (y - 556) * 0.62
            side = canvas.chance.choice((-1, 1))
            x = 810 + side * (reach + canvas.chance.random() * 760)
            tall = 16 + (y - 600) * 0.13
            lean = canvas.chance.uniform(-0.5, 0.7) * tall
            blades.append(
                spindle(
                    curve((x, y), (x, y - tall * 0.6), (x + lean, y - tall), 6),
                    3 + tall * 0.06,
                )
            )
        canvas.paint(blades, tone)


def rosette(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """Woolly leaves in three layers, the palest inside."""
    for tone, turn, reach in (
        ("#5d7a55", 0.0, 1.0),
        ("#8fa57a", 0.12, 0.92),
        ("#c4cfa4", 0.26, 0.72),
    ):
        leaves = []
        for n in range(17):
            angle = math.pi + (n / 16) * math.pi + turn * 0.3
            long = 150 * scale * reach * (0.82 + 0.18 * math.sin(n * 2.3 + turn))
            tip = (
                x + math.cos(angle) * long,
                y - 200 * scale + math.sin(angle) * long * 0.95 + 22 * scale,
            )
            leaves.append(
                spindle(
                    [
                        (x, y - 196 * scale),
                        ((x + tip[0]) / 2, (y - 196 * scale + tip[1]) / 2 - 6 * scale),
                        tip,
                    ],
                    30 * scale,
                )
            )
        canvas.paint(leaves, tone)


def frailejon(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A frailejón: a shaggy trunk, a pale rosette and yellow flowers."""
    trunk = [
        (x - 26 * scale, y),
        (x + 26 * scale, y),
        (x + 20 * scale, y - 190 * scale),
        (x - 20 * scale, y - 190 * scale),
    ]
    canvas.paint([trunk], "#6b5334", "#3a2d20", brush="dabs", towards="right")
    skirt = [
        spindle(
            [
                (x + k * scale, y - 190 * scale),
                (x + k * 1.25 * scale, y - 130 * scale),
                (x + k * 1.1 * scale, y - 70 * scale),
            ],
            16 * scale,
        )
        for k in range(-28, 29, 8)
    ]
    canvas.paint(skirt, "#8d7440", "#5a4728", towards="right")
    rosette(canvas, x, y, scale)
    for angle in (-1.9, -1.5, -1.15):
        top = (
            x + math.cos(angle) * 190 * scale,
            y - 200 * scale + math.sin(angle) * 150 * scale,
        )
        canvas.lines([[(x, y - 220 * scale), top]], "#a5b183", 5 * scale)
        canvas.paint([disc(top, 15 * scale)], "#edc244", "#b98722", towards="right")
