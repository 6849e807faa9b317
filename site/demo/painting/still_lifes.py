"""Things seen close: cloth, crops, seed jars, a loom."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    Shape,
    blob,
    curve,
    disc,
    spindle,
    uneven,
)

SHEET: list[Shape] = [[(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)]]


def block(x: float, y: float, wide: float, high: float) -> Shape:
    """A rectangle by its corner and size."""
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]


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
    small = [stepped((x + gap / 2, y + edge), high * 0.1) for x in count(gap) for edge in (high * 0.14, high * 0.86)]
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
            shapes.append([(x, middle), (x + math.cos(a - 0.39) * reach * 0.62, middle + math.sin(a - 0.39) * reach * 0.62), (x + math.cos(a) * reach, middle + math.sin(a) * reach), (x + math.cos(a + 0.39) * reach * 0.62, middle + math.sin(a + 0.39) * reach * 0.62)])
        canvas.paint(shapes, tone)
        canvas.paint([stepped((x, middle), reach * 0.34)], "#7a2530")
        canvas.paint([stepped((x, middle), reach * 0.16)], "#2b5a63")
    canvas.paint([block(x + gap / 2 - 5, y + high * 0.12, 10, high * 0.76) for x in count(gap)], "#b5452f")


def teeth(canvas: Canvas, y: float, high: float) -> None:
    """Two rows of triangles that bite into one another."""
    gap = high * 0.75
    canvas.paint([[(x, y + high), (x + gap / 2, y + high * 0.15), (x + gap, y + high)] for x in count(gap)], "#e3b04b")
    canvas.paint([[(x + gap * 0.28, y + high), (x + gap / 2, y + high * 0.55), (x + gap * 0.72, y + high)] for x in count(gap)], "#7a2530")


def steps(canvas: Canvas, y: float, high: float) -> None:
    """A stepped fret running along the band."""
    unit = high / 6
    gap = unit * 9
    frets, dots = [], []
    for x in count(gap):
        frets += [block(x + k * unit, y + high - (k + 1.5) * unit, unit * 1.02, unit * (k + 1)) for k in range(4)]
        frets += [block(x + 4 * unit, y + unit * 0.5, unit * 3, unit), block(x + 6 * unit, y + unit * 0.5, unit, unit * 3)]
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
        quarter += [(unit * (k + 1), -reach + unit * k), (unit * (k + 1), -reach + unit * (k + 1))]
    right = quarter + [(px, -py) for px, py in reversed(quarter)]
    return [(x + px, y + py) for px, py in right] + [(x - px, y + py) for px, py in reversed(right)]


def weave_marks(canvas: Canvas) -> None:
    """Warp and weft: fine dark and light threads over the whole cloth."""
    canvas.lines([[(x, -5), (x, HEIGHT + 5)] for x in range(0, WIDTH, 9)], "#4a1f22", 0.5)
    light = [[(x, y), (x + 4, y)] for y in range(4, HEIGHT, 11) for x in range(canvas.chance.randint(0, 17), WIDTH, 18)]
    canvas.lines(light, "#f0dcae", 0.9)
    dark = [[(x, y), (x + 5, y)] for y in range(9, HEIGHT, 11) for x in range(canvas.chance.randint(0, 17), WIDTH, 18)]
    canvas.lines(dark, "#2d1a24", 0.9)


def potatoes() -> Image.Image:
    """Native potatoes spread on a blanket."""
    canvas = Canvas(3202, "#31424a")
    canvas.paint(SHEET, "#35505a", "#203038", brush="along", reach=(0.2, 0.9))
    for n, (x, tone) in enumerate(((110, "#b5452f"), (190, "#e3b04b"), (250, "#8f2f2a"), (1330, "#8f2f2a"), (1410, "#e3b04b"), (1470, "#b5452f"))):
        canvas.paint([block(x, -10, 46 if n % 3 else 66, HEIGHT + 20)], tone, "#4a2a2c", brush="down", reach=(0.5, 1.1))
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
            found.append((canvas.chance.randrange(6), spot, canvas.chance.uniform(-0.8, 0.8), canvas.chance.uniform(0.86, 1.14)))
    return found


def potato(canvas: Canvas, kind: tuple[str, str, str, int, int, float], spot: Point, turn: float, size: float) -> None:
    """One tuber: shadow, skin, light, eyes and speckles."""
    skin, shade, speckle, long, high, amount = kind
    wobble = uneven(canvas.chance, amount)
    x, y = spot
    canvas.paint([blob((x + 12, y + 18), long * size, high * size, turn, wobble)], "#15202a")
    canvas.paint([blob(spot, long * size, high * size, turn, wobble)], skin, shade, brush="dabs", reach=(0.4, 0.9))
    canvas.paint([blob((x - 18 * size, y - 22 * size), long * size * 0.5, high * size * 0.36, turn, wobble)], speckle, skin, brush="dabs", towards="right", reach=(-0.2, 0.6))
    eyes, dots = [], []
    for _ in range(7):
        ex, ey = x + canvas.chance.uniform(-0.66, 0.66) * long * size, y + canvas.chance.uniform(-0.5, 0.5) * high * size
        eyes.append(curve((ex - 11, ey), (ex, ey + 9), (ex + 11, ey - 1), 8))
        dots += [disc((ex + canvas.chance.uniform(-30, 30), ey + canvas.chance.uniform(-16, 16)), 1.8) for _ in range(3)]
    canvas.cuts(eyes, shade, 6)
    canvas.paint(dots, speckle)


def halves(canvas: Canvas) -> None:
    """Two cut potatoes that show coloured flesh."""
    for (x, y), rim, flesh, ring in (((640, 560), "#3a1f3d", "#f0e2c0", "#8a4f8c"), ((1010, 690), "#74282a", "#f6dfa8", "#c5564a")):
        wobble = uneven(canvas.chance, 0.1)
        canvas.paint([blob((x + 14, y + 20), 122, 88, -0.2, wobble)], "#15202a")
        canvas.paint([blob((x, y), 120, 86, -0.2, wobble)], rim)
        canvas.paint([blob((x, y), 110, 77, -0.2, wobble)], flesh)
        canvas.paint([blob((x, y), 84, 56, -0.2, wobble)], ring, flesh, brush="dabs", towards="right", reach=(0.3, 1.0))
        canvas.paint([blob((x, y), 58, 34, -0.2, wobble)], flesh)
        rays = [[(x + math.cos(a) * 20, y + math.sin(a) * 12), (x + math.cos(a) * 50, y + math.sin(a) * 32), (x + math.cos(a) * 74, y + math.sin(a) * 48)] for a in (0.3, 1.2, 2.2, 3.3, 4.1, 5.4)]
        canvas.cuts(rays, ring, 7)


def jars() -> Image.Image:
    """Seed jars on two shelves by a window."""
    canvas = Canvas(3303, "#d9b98a")
    canvas.paint(SHEET, "#e2c595", "#b98d5c", brush="dabs", towards="right", reach=(0.1, 1.0))
    canvas.glow((180, 160), 620, "#fff3cf", 0.75)
    for y in (498, 962):
        shelf(canvas, y)
    fills = [
        ("#7a2b2b", "#e9d8b2"), ("#e8c34f", "#b5812c"), ("#f1e7cf", "#cdbb90"), ("#3a2740", "#7d5a86"),
        ("#b5713a", "#7d4522"), ("#5b6b3a", "#a3ad62"), ("#1f2328", "#565c61"), ("#c24f36", "#f0b48a"),
        ("#e3d3a1", "#8a6a3a"), ("#8a4a5e", "#e3c0b4"),
    ]  # fmt: skip
    for row, floor in enumerate((498, 962)):
        x = 90.0
        for n in range(5):
            wide, tall = canvas.chance.uniform(190, 250), canvas.chance.uniform(260, 350)
            jar(canvas, (x, floor), (wide, tall), fills[row * 5 + n])
            x += wide + canvas.chance.uniform(44, 78)
    return canvas.finish()


def shelf(canvas: Canvas, y: float) -> None:
    """A plank with its grain and the shadow under it."""
    canvas.paint([block(-10, y + 40, WIDTH + 20, 44)], "#9c7347", "#c79f6b", towards="down", reach=(0.1, 0.9))
    canvas.paint([block(-10, y - 6, WIDTH + 20, 48)], "#8a5530", "#5b341d", reach=(0.3, 0.9))
    grain = [curve((x, y + 10 + k * 9), (x + 160, y + 6 + k * 10), (x + 330, y + 12 + k * 9)) for k in range(3) for x in range(-60, WIDTH, 380)]
    canvas.cuts(grain, "#42240f", 3)


def jar(canvas: Canvas, spot: Point, size: tuple[float, float], tones: tuple[str, str]) -> None:
    """A glass jar with seed, a cloth lid, a string and a paper label."""
    (x, floor), (wide, tall) = spot, size
    top = floor - tall
    canvas.paint([[(x + wide, floor - 4), (x + wide + 70, floor - 4), (x + wide + 40, floor - tall * 0.6), (x + wide, top + 40)]], "#a9804f")
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
    corners = ((x + wide - r, y + r, -90), (x + wide - r, y + high - r, 0), (x + r, y + high - r, 90), (x + r, y + r, 180))
    return [(cx + math.cos(math.radians(a + k * 15)) * r, cy + math.sin(math.radians(a + k * 15)) * r) for cx, cy, a in corners for k in range(7)]


def seeds(canvas: Canvas, corner: Point, size: tuple[float, float], tones: tuple[str, str]) -> None:
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
    canvas.paint(dark, tones[0], tones[1], brush="dabs", towards="left", reach=(0.7, 1.2))
    canvas.paint(light, tones[1])


def lid(canvas: Canvas, x: float, top: float, wide: float) -> None:
    """A square of cloth tied over the mouth."""
    tone, shade = canvas.chance.choice([("#b5402f", "#7c2620"), ("#2b5a63", "#1b3b44"), ("#e3b04b", "#ad7a28"), ("#f1e7cf", "#c4b48c"), ("#3f4f7a", "#283358")])
    skirt = [(x + 4, top + 30), (x + wide - 4, top + 30), (x + wide + 14, top + 76)]
    skirt += [(x + wide - wide * k / 6, top + 76 - (k % 2) * 14) for k in range(1, 6)]
    canvas.paint([[*skirt, (x - 14, top + 76)]], tone, shade, brush="down", towards="right")
    canvas.paint([rounded(x + 2, top, wide - 4, 40, 18)], tone, shade, towards="right", reach=(0.5, 0.9))
    canvas.lines([[(x + 2, top + 36), (x + wide / 2, top + 40), (x + wide - 2, top + 36)]], "#e8d9b5", 5)


def label(canvas: Canvas, x: float, y: float, wide: float) -> None:
    """A paper label with three lines of handwriting."""
    canvas.paint([block(x - wide / 2, y - 36, wide, 84)], "#f6ecd2", "#dcc89b", brush="dabs", towards="right", reach=(0.5, 1.1))
    for k in range(3):
        start, end = x - wide * 0.38, x + wide * (0.38 - 0.14 * (k == 2))
        hand = []
        px = start
        while px < end:
            hand.append((px, y - 16 + k * 21 + canvas.chance.uniform(-4, 4)))
            px += 5
        canvas.lines([hand], "#4a3a30", 1.8)


def loom() -> Image.Image:
    """A loom with a half-finished cloth and balls of yarn."""
    canvas = Canvas(3404, "#e5d3ae")
    canvas.paint(SHEET, "#c9a877", "#8d6743", brush="dabs", towards="down", reach=(0.2, 1.1))
    floor = [(-10, 850), (WIDTH + 10, 850), (WIDTH + 10, HEIGHT + 10), (-10, HEIGHT + 10)]
    canvas.paint([floor], "#7b4f32", "#4b2e20", reach=(0.1, 0.9))
    warp(canvas)
    woven(canvas)
    frame(canvas)
    for spot, r, tone, shade in (((170, 930), 108, "#b5402f", "#742320"), ((360, 975), 84, "#e3b04b", "#a8772f"), ((1300, 965), 92, "#2b5a63", "#18363f"), ((1465, 920), 116, "#3f3a6b", "#262244"), ((1190, 1010), 58, "#f1e7cf", "#c4b48c")):
        yarn(canvas, spot, r, tone, shade)
    return canvas.finish()


def warp(canvas: Canvas) -> None:
    """The warp threads, from beam to beam."""
    tones = ["#f1e7cf", "#f1e7cf", "#b5402f", "#f1e7cf", "#e3b04b", "#2b5a63"]
    for n, tone in enumerate(tones):
        canvas.lines([[(420 + x * 9.6 + n * 1.6, 90), (420 + x * 9.6 + n * 1.6, 880)] for x in range(80)], tone, 1.3)
    canvas.paint([block(395, 236, 810, 24)], "#6b4527", "#432815")
    canvas.paint([block(405, 330, 790, 15)], "#8d5f37", "#5b3a20")


def woven(canvas: Canvas) -> None:
    """The finished part of the cloth, in bands."""
    top, y = 470.0, 880.0
    plan = [(44, "#8f2f2a", None), (16, "#e3b04b", None), (120, "#1f3a4d", "diamonds"), (16, "#e8d9b5", None), (52, "#b5452f", "teeth"), (14, "#e3b04b", None), (104, "#7a2530", "stars"), (18, "#e8d9b5", None), (26, "#2b5a63", None)]
    mask = canvas.stencil([[(414, top), (1194, top), (1194, y), (414, y)]])
    under = canvas.image.copy()
    for high, tone, motif in plan:
        y -= high
        canvas.paint([block(-20, y, WIDTH + 40, high + 1)], tone)
        if motif:
            MOTIFS[motif](canvas, y, high)
    weave_marks(canvas)
    canvas.image = Image.composite(canvas.image, under, mask)
    canvas.paint([[(560, 452), (1010, 436), (1060, 446), (1010, 458), (560, 472), (520, 462)]], "#c98f4a", "#8a5626")
    canvas.lines([[(600, 460), (1000, 446)]], "#b5402f", 9)


def frame(canvas: Canvas) -> None:
    """Two posts and two beams, pegged."""
    for x in (330, 1220):
        canvas.paint([block(x, 20, 54, 930)], "#8a5530", "#4f2f1a", brush="down", towards="right")
    for y in (58, 866):
        canvas.paint([block(290, y, 1030, 50)], "#9c6338", "#5b3820", reach=(0.3, 0.9))
    canvas.paint([disc((x, y + 25), 11) for x in (357, 1247) for y in (58, 866)], "#3a2213")
    loops = [[(424 + n * 16, 54), (424 + n * 16, 112)] for n in range(48)]
    canvas.lines(loops, "#f1e7cf", 3)


def yarn(canvas: Canvas, spot: Point, r: float, tone: str, shade: str) -> None:
    """A ball of yarn, wound three ways."""
    x, y = spot
    canvas.paint([blob((x + 10, y + r * 0.86), r * 1.05, r * 0.2, 0, lambda a: 1)], "#2f1c12")
    canvas.paint([disc(spot, r)], tone, shade, brush="dabs", towards="right", reach=(0.4, 0.9))
    for turn in (0.5, -0.6, 1.6):
        strands = []
        for k in range(-5, 6):
            off = k * r * 0.16
            half = math.sqrt(max(r * r * 0.92 - off * off, 0))
            ends = [(-half, off), (0.0, off * 0.4 - r * 0.24), (half, off)]
            a, b, c = ((x + px * math.cos(turn) - py * math.sin(turn), y + px * math.sin(turn) + py * math.cos(turn)) for px, py in ends)
            strands.append(curve(a, b, c))
        canvas.cuts(strands[::2] if turn > 1 else strands, shade, 4)


def cacao() -> Image.Image:
    """Cacao pods on the trunk."""
    canvas = Canvas(3505, "#24452f")
    canvas.paint(SHEET, "#3d6b44", "#16301f", brush="dabs", towards="down", reach=(0.1, 1.0))
    canvas.glow((1180, 180), 560, "#d9d68a", 0.5)
    for tone, seed_count, size in (("#2f5a38", 16, 420), ("#49794a", 12, 380)):
        backdrop(canvas, tone, seed_count, size)
    trunk(canvas)
    for spot, size, turn, tones in PODS:
        pod(canvas, spot, size, turn, tones)
    for start, angle, size in (((520, -30), 1.9, 430), ((300, -40), 1.35, 480), ((1120, -30), 1.75, 460), ((1380, -40), 1.2, 420), ((900, -60), 1.5, 300)):
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
        leaves.append(spindle(curve((x, y), ((x + tip[0]) / 2 + 40, (y + tip[1]) / 2), tip), size * 0.3))
    canvas.paint(leaves, tone, "#1d3a27", brush="dabs", reach=(0.4, 1.1))


def trunk(canvas: Canvas) -> None:
    """A mottled trunk that forks above."""
    shape = [(700, HEIGHT + 20), (735, 600), (720, 300), (640, -20), (760, -20), (800, 180), (850, -20), (950, -20), (860, 330), (872, 640), (920, HEIGHT + 20)]
    canvas.paint([shape], "#8d7355", "#3f2e24", brush="down", towards="right", reach=(0.3, 0.8))
    patches = [blob((canvas.chance.uniform(738, 850), canvas.chance.uniform(150, 1050)), canvas.chance.uniform(14, 34), canvas.chance.uniform(8, 20), canvas.chance.uniform(-0.5, 0.5), uneven(canvas.chance, 0.3)) for _ in range(26)]
    canvas.paint(patches, "#b7a583", "#8d7355", brush="dabs", reach=(0.3, 0.9))


def pod(canvas: Canvas, spot: Point, size: float, turn: float, tones: tuple[str, str]) -> None:
    """A ribbed pod hanging from its stalk."""
    x, y = spot
    trunk_x = min(max(x, 748), 856)
    canvas.lines([curve((trunk_x, y - size * 1.5), ((trunk_x + x) / 2, y - size * 1.5), (x + math.sin(turn) * size * 1.1, y - size * 1.08))], "#5b3f28", 15)
    canvas.paint([pod_outline((x + 16, y + 14), size, turn, 1)], "#14251a")
    canvas.paint([pod_outline(spot, size, turn, 1)], tones[0], tones[1], brush="down", towards="right", reach=(0.4, 0.85))
    ribs = []
    for k in (-0.66, -0.34, 0.0, 0.34, 0.66):
        ribs.append(pod_rib(spot, size, turn, k))
    canvas.cuts(ribs, tones[1], 11)
    canvas.cuts([pod_rib((x - 9, y), size, turn, k)[3:-4] for k in (-0.5, -0.18)], "#f6dca0", 6)


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
        points.append((spot[0] + x * math.cos(turn) - y * math.sin(turn), spot[1] + x * math.sin(turn) + y * math.cos(turn)))
    return points


def big_leaf(canvas: Canvas, start: Point, angle: float, size: float) -> None:
    """A long drooping leaf with veins."""
    tip = (start[0] + math.cos(angle) * size, start[1] + math.sin(angle) * size)
    spine = curve(start, ((start[0] + tip[0]) / 2 + 50, (start[1] + tip[1]) / 2 - 30), tip)
    canvas.paint([spindle(spine, size * 0.34)], "#5f9a4c", "#2a5f38", brush="dabs", towards="left", reach=(0.3, 1.0))
    canvas.lines([spine], "#c5d38a", 4)
    for n in range(3, 16, 2):
        x, y = spine[n]
        reach = size * 0.14 * math.sin(math.pi * n / 18)
        canvas.cuts([[(x, y), (x + math.cos(angle + s) * reach * 0.5, y + math.sin(angle + s) * reach * 0.5), (x + math.cos(angle + s) * reach, y + math.sin(angle + s) * reach)] for s in (-0.9, 0.9)], "#a3c270", 3.4)


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
                canvas.paint([blob(spot, 25, 20, 0.4, lambda a: 1)], "#fbf4e2", "#d9c8a4", brush="dabs", towards="right", reach=(0.4, 1.0))
