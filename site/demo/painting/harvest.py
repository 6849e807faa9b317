"""Crops seen close: potatoes and cacao."""

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
    spindle,
    uneven,
)


def potatoes() -> Image.Image:
    """Native potatoes spread on a blanket."""
    canvas = Canvas(3202, "#31424a")
    canvas.paint(SHEET, "#35505a", "#203038", brush="along", reach=(0.2, 0.9))
    for n, (x, tone) in enumerate(
        (
            (110, "#b5452f"),
            (190, "#e3b04b"),
            (250, "#8f2f2a"),
            (1330, "#8f2f2a"),
            (1410, "#e3b04b"),
            (1470, "#b5452f"),
        )
    ):
        canvas.paint(
            [block(x, -10, 46 if n % 3 else 66, HEIGHT + 20)],
            tone,
            "#4a2a2c",
            brush="down",
            reach=(0.5, 1.1),
        )
    for kind, spot, turn, size in potato_spots(canvas):
        potato(canvas, KINDS[kind], spot, turn, size)
    halves(canvas)
    return canvas.finish()


# skin, its shade, speckle, how long and how high, wobble
KINDS = [
    ("#6b3a63", "#3a1f3d", "#9c6a8d", 118, 74, 0.16),
    ("#c98f4a", "#8a5626", "#efcf93", 104, 82, 0.1),
    ("#b5473f", "#74282a", "#e39a7c", 128, 62, 0.2),
    ("#40304f", "#221a30", "#75608c", 92, 84, 0.14),
    ("#e0b75e", "#a8772f", "#f7e3aa", 122, 70, 0.24),
    ("#9c5a3c", "#5c3020", "#d79b6d", 96, 90, 0.12),
]


def potato_spots(canvas: Canvas) -> list[tuple[int, Point, float, float]]:
    """A heap: ranks from the back to the front, shuffled kinds."""
    found = []
    for rank in range(6):
        y = 190 + rank * 142
        for n in range(8):
            x = 60 + n * 212 + (rank % 2) * 106 + canvas.chance.uniform(-26, 26)
            spot = (x, y + canvas.chance.uniform(-20, 20))
            found.append(
                (
                    canvas.chance.randrange(6),
                    spot,
                    canvas.chance.uniform(-0.8, 0.8),
                    canvas.chance.uniform(0.86, 1.14),
                )
            )
    return found


def potato(
    canvas: Canvas,
    kind: tuple[str, str, str, int, int, float],
    spot: Point,
    turn: float,
    size: float,
) -> None:
    """One tuber: shadow, skin, light, eyes and speckles."""
    skin, shade, speckle, long, high, amount = kind
    wobble = uneven(canvas.chance, amount)
    x, y = spot
    canvas.paint(
        [blob((x + 12, y + 18), long * size, high * size, turn, wobble)], "#15202a"
    )
    canvas.paint(
        [blob(spot, long * size, high * size, turn, wobble)],
        skin,
        shade,
        brush="dabs",
        reach=(0.4, 0.9),
    )
    canvas.paint(
        [
            blob(
                (x - 18 * size, y - 22 * size),
                long * size * 0.5,
                high * size * 0.36,
                turn,
                wobble,
            )
        ],
        speckle,
        skin,
        brush="dabs",
        towards="right",
        reach=(-0.2, 0.6),
    )
    eyes_on(canvas, spot, (long * size, high * size), (shade, speckle))


def eyes_on(
    canvas: Canvas, spot: Point, size: tuple[float, float], tones: tuple[str, str]
) -> None:
    """The eyes of a tuber and the dots round them."""
    (x, y), (long, high) = spot, size
    eyes, dots = [], []
    for _ in range(7):
        ex, ey = (
            x + canvas.chance.uniform(-0.66, 0.66) * long,
            y + canvas.chance.uniform(-0.5, 0.5) * high,
        )
        eyes.append(curve((ex - 11, ey), (ex, ey + 9), (ex + 11, ey - 1), 8))
        dots += [
            disc(
                (
                    ex + canvas.chance.uniform(-30, 30),
                    ey + canvas.chance.uniform(-16, 16),
                ),
                1.8,
            )
            for _ in range(3)
        ]
    canvas.cuts(eyes, tones[0], 6)
    canvas.paint(dots, tones[1])


def halves(canvas: Canvas) -> None:
    """Two cut potatoes that show coloured flesh."""
    for (x, y), rim, flesh, ring in (
        ((640, 560), "#3a1f3d", "#f0e2c0", "#8a4f8c"),
        ((1010, 690), "#74282a", "#f6dfa8", "#c5564a"),
    ):
        wobble = uneven(canvas.chance, 0.1)
        canvas.paint([blob((x + 14, y + 20), 122, 88, -0.2, wobble)], "#15202a")
        canvas.paint([blob((x, y), 120, 86, -0.2, wobble)], rim)
        canvas.paint([blob((x, y), 110, 77, -0.2, wobble)], flesh)
        canvas.paint(
            [blob((x, y), 84, 56, -0.2, wobble)],
            ring,
            flesh,
            brush="dabs",
            towards="right",
            reach=(0.3, 1.0),
        )
        canvas.paint([blob((x, y), 58, 34, -0.2, wobble)], flesh)
        rays = [
            [
                (x + math.cos(a) * 20, y + math.sin(a) * 12),
                (x + math.cos(a) * 50, y + math.sin(a) * 32),
                (x + math.cos(a) * 74, y + math.sin(a) * 48),
            ]
            for a in (0.3, 1.2, 2.2, 3.3, 4.1, 5.4)
        ]
        canvas.cuts(rays, ring, 7)


def cacao() -> Image.Image:
    """Cacao pods on the trunk."""
    canvas = Canvas(3505, "#24452f")
    canvas.paint(
        SHEET, "#3d6b44", "#16301f", brush="dabs", towards="down", reach=(0.1, 1.0)
    )
    canvas.glow((1180, 180), 560, "#d9d68a", 0.5)
    for tone, seed_count, size in (("#2f5a38", 16, 420), ("#49794a", 12, 380)):
        backdrop(canvas, tone, seed_count, size)
    trunk(canvas)
    for spot, size, turn, tones in PODS:
        pod(canvas, spot, size, turn, tones)
    for start, angle, size in (
        ((520, -30), 1.9, 430),
        ((300, -40), 1.35, 480),
        ((1120, -30), 1.75, 460),
        ((1380, -40), 1.2, 420),
        ((900, -60), 1.5, 300),
    ):
        big_leaf(canvas, start, angle, size)
    open_pod(canvas, 1210, 900)
    return canvas.finish()


PODS = [
    ((560, 470), 150, 0.28, ("#e3a83a", "#a8642a")),
    ((1010, 560), 165, -0.3, ("#c24f2f", "#7c2a24")),
    ((640, 830), 140, 0.2, ("#8f3a34", "#571f27")),
    ((990, 270), 105, -0.35, ("#9cad4a", "#5f7a35")),
]


def backdrop(canvas: Canvas, tone: str, total: int, size: float) -> None:
    """Large dim leaves behind everything."""
    leaves = []
    for _ in range(total):
        x, y = canvas.chance.uniform(-60, WIDTH), canvas.chance.uniform(-120, HEIGHT)
        angle = canvas.chance.uniform(0.4, 2.6)
        tip = (x + math.cos(angle) * size, y + math.sin(angle) * size)
        leaves.append(
            spindle(
                curve((x, y), ((x + tip[0]) / 2 + 40, (y + tip[1]) / 2), tip),
                size * 0.3,
            )
        )
    canvas.paint(leaves, tone, "#1d3a27", brush="dabs", reach=(0.4, 1.1))


def trunk(canvas: Canvas) -> None:
    """A mottled trunk that forks above."""
    shape = [
        (700, HEIGHT + 20),
        (735, 600),
        (720, 300),
        (640, -20),
        (760, -20),
        (800, 180),
        (850, -20),
        (950, -20),
        (860, 330),
        (872, 640),
        (920, HEIGHT + 20),
    ]
    canvas.paint(
        [shape], "#8d7355", "#3f2e24", brush="down", towards="right", reach=(0.3, 0.8)
    )
    patches = [
        blob(
            (canvas.chance.uniform(738, 850), canvas.chance.uniform(150, 1050)),
            canvas.chance.uniform(14, 34),
            canvas.chance.uniform(8, 20),
            canvas.chance.uniform(-0.5, 0.5),
            uneven(canvas.chance, 0.3),
        )
        for _ in range(26)
    ]
    canvas.paint(patches, "#b7a583", "#8d7355", brush="dabs", reach=(0.3, 0.9))


def pod(
    canvas: Canvas, spot: Point, size: float, turn: float, tones: tuple[str, str]
) -> None:
    """A ribbed pod hanging from its stalk."""
    x, y = spot
    trunk_x = min(max(x, 748), 856)
    canvas.lines(
        [
            curve(
                (trunk_x, y - size * 1.5),
                ((trunk_x + x) / 2, y - size * 1.5),
                (x + math.sin(turn) * size * 1.1, y - size * 1.08),
            )
        ],
        "#5b3f28",
        15,
    )
    canvas.paint([pod_outline((x + 16, y + 14), size, turn, 1)], "#14251a")
    canvas.paint(
        [pod_outline(spot, size, turn, 1)],
        tones[0],
        tones[1],
        brush="down",
        towards="right",
        reach=(0.4, 0.85),
    )
    ribs = []
    for k in (-0.66, -0.34, 0.0, 0.34, 0.66):
        ribs.append(pod_rib(spot, size, turn, k))
    canvas.cuts(ribs, tones[1], 11)
    canvas.cuts(
        [pod_rib((x - 9, y), size, turn, k)[3:-4] for k in (-0.5, -0.18)], "#f6dca0", 6
    )


def pod_outline(spot: Point, size: float, turn: float, share: float) -> Shape:
    """Half the width to either side of the axis."""
    right = pod_rib(spot, size, turn, share)
    left = pod_rib(spot, size, turn, -share)
    return right + left[::-1]


def pod_rib(spot: Point, size: float, turn: float, share: float) -> list[Point]:
    """A line from stalk to tip at `share` of the half width."""
    points = []
    for i in range(25):
        t = i / 24
        half = size * 0.56 * max(math.sin(math.pi * t**0.82), 0.0) ** 0.75 * share
        x, y = half * (1 - 0.2 * t), size * (2.2 * t - 1.1)
        points.append(
            (
                spot[0] + x * math.cos(turn) - y * math.sin(turn),
                spot[1] + x * math.sin(turn) + y * math.cos(turn),
            )
        )
    return points


def big_leaf(canvas: Canvas, start: Point, angle: float, size: float) -> None:
    """A long drooping leaf with veins."""
    tip = (start[0] + math.cos(angle) * size, start[1] + math.sin(angle) * size)
    spine = curve(
        start, ((start[0] + tip[0]) / 2 + 50, (start[1] + tip[1]) / 2 - 30), tip
    )
    canvas.paint(
        [spindle(spine, size * 0.34)],
        "#5f9a4c",
        "#2a5f38",
        brush="dabs",
        towards="left",
        reach=(0.3, 1.0),
    )
    canvas.lines([spine], "#c5d38a", 4)
    for n in range(3, 16, 2):
        x, y = spine[n]
        reach = size * 0.14 * math.sin(math.pi * n / 18)
        canvas.cuts(
            [
                [
                    (x, y),
                    (
                        x + math.cos(angle + s) * reach * 0.5,
                        y + math.sin(angle + s) * reach * 0.5,
                    ),
                    (x + math.cos(angle + s) * reach, y + math.sin(angle + s) * reach),
                ]
                for s in (-0.9, 0.9)
            ],
            "#a3c270",
            3.4,
        )


def open_pod(canvas: Canvas, x: float, y: float) -> None:
    """Half a pod, its beans in white pulp."""
    canvas.paint([blob((x + 12, y + 22), 250, 104, -0.12, lambda a: 1)], "#10200f")
    canvas.paint([blob((x, y), 246, 100, -0.12, lambda a: 1)], "#d18f33", "#8d4f24")
    canvas.paint([blob((x, y - 4), 220, 78, -0.12, lambda a: 1)], "#f2d9a0")
    canvas.paint([blob((x, y - 2), 200, 64, -0.12, lambda a: 1)], "#c9a56a")
    for row in (-1, 0, 1):
        for k in range(-4, 5):
            spot = (x + k * 41 + row * 12, y - k * 5 + row * 34)
            if (k / 4.6) ** 2 + (row / 1.9) ** 2 < 1:
                canvas.paint(
                    [blob(spot, 25, 20, 0.4, lambda a: 1)],
                    "#fbf4e2",
                    "#d9c8a4",
                    brush="dabs",
                    towards="right",
                    reach=(0.4, 1.0),
                )
