"""Wide views: mountains, fields, water and weather."""

from __future__ import annotations

import math

from PIL import Image

from demo.painting.brushes import (
    HEIGHT,
    WIDTH,
    Canvas,
    Point,
    Shape,
    band,
    blob,
    curve,
    disc,
    ground,
    height_at,
    ridge,
    rolling,
    softened,
    spindle,
    summits,
    uneven,
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
    canvas.paint([ground(rolling(canvas.chance, 1010, 22, 1.2))], "#2b2d2a", "#1c2322")
    agave(canvas, 170, 1010, 150, "#1f2a28")
    agave(canvas, 1460, 1030, 110, "#1f2a28")
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
        rows = [terrace_line(step, y + 20 + step * 3 + n * (6 + step)) for n in range(2)]
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
    earth = [(-20, 560), (WIDTH + 20, 560), (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)]
    canvas.paint([earth], "#b5793f", "#7a4526", reach=(0.1, 0.9))
    strips = []
    for n in range(-26, 27):
        x = point[0] + n * 150
        strips.append([(point[0] + n * 7, 556), (x, HEIGHT + 20), (x + 66, HEIGHT + 20)])
    canvas.paint(strips, "#5f7a35", "#3f5a2c", brush="dabs", reach=(0.1, 0.8))


def maize_row(canvas: Canvas, depth: int) -> None:
    """One rank of plants; nearer ranks are taller and darker."""
    scale = 0.16 + 0.014 * 2.05 ** (depth * 0.86 + 1) * 1.6
    base = 580 + depth**1.9 * 17
    tones = ["#8a9a50", "#7f9448", "#6f8a40", "#5d7d3a", "#4a6c34", "#37592e", "#274727"]
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
            spindle(curve(start, bend, (x + side * long, start[1] + long * 0.1)), 34 * scale)
        )
    canvas.paint(leaves, tone)
    tassel = [
        spindle(curve(top, (top[0], top[1] - 60 * scale), (top[0] + s * 46 * scale, top[1] - 88 * scale)), 9 * scale)
        for s in (-1, -0.4, 0.2, 0.8)
    ]
    canvas.paint(tassel, "#e3bd62")
    if scale > 0.3:
        cob = blob((x + 24 * scale, y - tall * 0.46), 20 * scale, 66 * scale, 0.3, lambda a: 1)
        canvas.paint([cob], "#efc94f", "#b98a2c", towards="right")


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
    for x, count, tall in ((120, 34, 430), (330, 20, 300), (1430, 36, 470), (1240, 12, 260)):
        reeds(canvas, x, count, tall)
    return canvas.finish()


def snow(canvas: Canvas, peaks: list[Point]) -> None:
    """Snow on whatever stands high, with a ragged lower edge."""
    line = 345
    caps = [(x, min(y, line)) for x, y in peaks]
    ragged = [(x, min(y, line) if y >= line else y + (line - y) * canvas.chance.uniform(0.35, 0.95)) for x, y in peaks]
    canvas.paint([band(caps, ragged)], "#f6f3e8", "#b9ccd3", towards="right", reach=(0.3, 0.9))


def water(canvas: Canvas) -> None:
    """Still water: the sky's colour and long light cuts."""
    surface = [(-20, 512), (WIDTH + 20, 512), (WIDTH + 20, HEIGHT + 20), (-20, HEIGHT + 20)]
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
    canvas.paint([[(x - 22, y - 34), (x + 24, y - 34), (x + 18, y + 6), (x - 16, y + 6)]], "#2b2f3a")
    canvas.paint([poncho], "#b5402f", "#7c2620", towards="right")
    canvas.lines([[(x - 33, y - 52), (x + 36, y - 52)]], "#f0c865", 5)
    canvas.paint([disc((x + 1, y - 126), 15)], "#7a4a2d")
    canvas.paint([disc((x + 1, y - 137), 28, 0.26), disc((x + 1, y - 143), 15, 0.8)], "#2a2320")


def reeds(canvas: Canvas, x: float, count: int, tall: float) -> None:
    """A stand of reeds leaning with the wind, dark behind and light in front."""
    for tone, share in (("#23452f", 1.0), ("#47703a", 0.86), ("#8d9a45", 0.7)):
        stems = []
        for _ in range(count):
            foot = x + canvas.chance.gauss(0, 62)
            high = tall * share * canvas.chance.uniform(0.7, 1.1)
            tip = (foot + canvas.chance.uniform(10, 70), HEIGHT + 20 - high)
            stems.append(spindle(curve((foot, HEIGHT + 60), (foot, HEIGHT - high * 0.5), tip), 13))
        canvas.paint(stems, tone)


def coffee() -> Image.Image:
    """A coffee hillside in the cloud belt, with a branch in front."""
    canvas = Canvas(1404, "#e8e3cd")
    sky(canvas, "#b9cfc4", "#f3ecd2", 600)
    tones = [("#9db7a6", "#c9d5bf"), ("#6f9a80", "#a9c0a0"), ("#44785a", "#7f9f76"), ("#2d5c40", "#547c4c")]
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
        canvas.paint([disc((x - size * 0.2, height_at(line, x) + drop - size * 0.22), size * 0.62, 0.7) for x in spots], light)


def farmhouse(canvas: Canvas, x: float, y: float) -> None:
    """A whitewashed house with a tiled roof and a drying floor."""
    canvas.paint([[(x - 70, y), (x + 70, y), (x + 70, y + 62), (x - 70, y + 62)]], "#f4ead2", "#d8c7a4", towards="right")
    canvas.paint([[(x - 86, y + 4), (x - 58, y - 44), (x + 58, y - 44), (x + 86, y + 4)]], "#b5512f", "#8a3922", towards="right")
    canvas.paint([[(x - 12, y + 18), (x + 12, y + 18), (x + 12, y + 62), (x - 12, y + 62)]], "#2f6d78")
    canvas.paint([[(x + s, y + 20), (x + s + 22, y + 20), (x + s + 22, y + 40), (x + s, y + 40)] for s in (-52, 30)], "#3b4a45")


def branch(canvas: Canvas) -> None:
    """A branch with glossy leaves and ripe cherries across the foreground."""
    stem = curve((-40, 1010), (620, 720), (1180, 905), 40)
    canvas.paint([spindle([*stem, (1190, 908)], 22)], "#5b3b25")
    spots = stem[3::4]
    for n, (x, y) in enumerate(spots):
        for side in (-1, 1):
            leaf(canvas, (x, y), side * (0.95 + 0.15 * math.sin(n)) - math.pi / 2 * (side < 0) * 0, 230, side)
    for n, (x, y) in enumerate(spots):
        cherries(canvas, x, y, 5 + n % 3)


def leaf(canvas: Canvas, start: Point, tilt: float, size: float, side: int) -> None:
    """A pointed leaf in two tones with its midrib."""
    angle = tilt - 0.25
    tip = (start[0] + math.cos(angle) * size, start[1] + math.sin(angle) * size)
    bend = ((start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2 - 30)
    spine = curve(start, bend, tip)
    canvas.paint([spindle(spine, size * 0.42)], "#2f6b3c", "#17402b", brush="dabs", towards="down" if side > 0 else "up")
    canvas.lines([spine[:-2]], "#a9c279", 3)
    for n in range(4, 15, 2):
        x, y = spine[n]
        canvas.lines([[(x, y), (x + math.cos(angle + s) * size * 0.13, y + math.sin(angle + s) * size * 0.13)] for s in (-0.7, 0.7)], "#7fa565", 1.6)


def cherries(canvas: Canvas, x: float, y: float, count: int) -> None:
    """A cluster of cherries, most of them red."""
    for n in range(count):
        angle = math.tau * n / count + canvas.chance.uniform(-0.3, 0.3)
        spot = (x + math.cos(angle) * 30, y + math.sin(angle) * 25)
        tone, shade = canvas.chance.choice([("#c8372b", "#86201f")] * 3 + [("#d98b35", "#a35c22")])
        canvas.paint([disc(spot, 25)], tone, shade, brush="dabs", towards="right")
        canvas.paint([disc((spot[0] - 8, spot[1] - 9), 5)], "#f6d9c0")


def delta() -> Image.Image:
    """A river delta from the air."""
    canvas = Canvas(1505, "#4b7a4a")
    canvas.paint(SHEET, "#6f9450", "#2f6a4f", brush="dabs", towards="down", reach=(0.1, 0.9))
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
        shape = blob(spot, size * 1.5, size * 0.7, canvas.chance.uniform(-0.4, 0.4), uneven(canvas.chance, 0.4))
        canvas.paint([shape], canvas.chance.choice(tones), "#4d7d4b", brush="dabs", reach=(0.4, 1.0))


def fork(canvas: Canvas, start: Point, heading: float, wide: float, depth: int, found: list[tuple[list[Point], float]]) -> None:
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
        (x, 905 + 34 * math.sin(x / 120) + 20 * math.sin(x / 47 + 1) + canvas.chance.uniform(-5, 5))
        for x in range(-20, WIDTH + 21, 14)
    ]


def trees(canvas: Canvas, channels: list[tuple[list[Point], float]]) -> None:
    """Mangrove along the banks, as dark dabs."""
    spots = []
    for path, wide in channels:
        for x, y in path[::2]:
            side = canvas.chance.choice((-1, 1)) * (wide / 2 + canvas.chance.uniform(12, 34))
            if y < 890:
                spots.append((x + side, y + canvas.chance.uniform(-8, 8)))
    canvas.paint([disc((x + 3, y + 4), 11) for x, y in spots], "#16402f")
    canvas.paint([disc(spot, 9) for spot in spots], "#35724a")


def vines() -> Image.Image:
    """A desert valley with vines on its floor."""
    canvas = Canvas(1606, "#f0cfa0")
    sky(canvas, "#3f7fa0", "#f3dcb4", 520)
    canvas.paint([ground(summits([(-20, 330), (240, 210), (560, 350), (820, 250), (1180, 400), (1640, 260)], canvas.chance, 14))], "#c79a86", "#e3bf9b")
    canvas.paint([ground(summits([(-20, 300), (150, 290), (420, 430), (700, 560), (1640, 600)], canvas.chance, 18))], "#b8653d", "#d98f57", brush="down", towards="right")
    canvas.paint([ground(summits([(-20, 640), (700, 580), (1000, 500), (1330, 330), (1460, 300), (1640, 360)], canvas.chance, 18))], "#a2522f", "#cf7d48", brush="down", towards="left")
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
        paths.append(curve((x, 330 + n * 17), (x + 24, 400 + n * 14), (x + 6, 470 + n * 8)))
    for n in range(14):
        x = 1120 + n * 38
        top = 470 - n * 14 if n < 8 else 330 + (n - 8) * 10
        paths.append(curve((x, top + 20), (x - 30, top + 90), (x - 8, top + 150)))
    canvas.cuts(paths, "#7d3c24", 9)


def vineyard(canvas: Canvas) -> None:
    """Rows of vines that run to the end of the valley."""
    floor = [(-20, 640), (600, 572), (760, 566), (900, 572), (1640, 650), (1640, 1100), (-20, 1100)]
    canvas.paint([floor], "#d9a761", "#b67a41", reach=(0.1, 0.9))
    for n in range(-15, 16):
        row = []
        for i in range(26):
            t = (i / 25) ** 2
            x = 760 + n * (13 + t * 170)
            row.append((x + 8 * math.sin(i), 574 + t * 560))
        crowns = [disc((x, y), 2 + (y - 570) * 0.085, 0.75) for x, y in row]
        canvas.paint(crowns, "#3b6b3a", "#24512f", towards="right")
        canvas.paint([disc((x - (y - 570) * 0.02, y - (y - 570) * 0.03), 1 + (y - 570) * 0.05, 0.6) for x, y in row], "#86a24c")


def cactus(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A branching column cactus."""
    arms = [((0, 0), 330), ((-62, -90), 150), ((64, -130), 170), ((-112, -120), 90)]
    for (dx, dy), tall in arms:
        foot = (x + dx * scale, y + dy * scale)
        stem = [foot, (foot[0], foot[1] - tall * scale)]
        canvas.paint([[(foot[0] - 24 * scale, foot[1]), (foot[0] + 24 * scale, foot[1]), (foot[0] + 24 * scale, stem[1][1]), (foot[0] - 24 * scale, stem[1][1])], disc(stem[1], 24 * scale), disc(foot, 24 * scale)], "#3f6a4a", "#1f4434", brush="down", towards="right", reach=(0.3, 0.7))
        canvas.lines([[(foot[0] + k * scale, foot[1]), (stem[1][0] + k * scale, stem[1][1])] for k in (-12, 0, 12)], "#8aa56b", 2)
    joints = [[(x + a * scale, y - h * scale), (x, y - h * scale)] for a, h in ((-62, 84), (64, 124))]
    canvas.lines([*joints, [(x - 112 * scale, y - 114 * scale), (x - 62 * scale, y - 114 * scale)]], "#2f5a40", 34 * scale)


def rain() -> Image.Image:
    """Rain coming over the mountains."""
    canvas = Canvas(1707, "#c9cdc4")
    sky(canvas, "#39485a", "#d8cfb2", 700)
    storm(canvas)
    canvas.paint([ground(summits([(-20, 470), (220, 330), (480, 450), (700, 310), (1000, 480), (1280, 370), (1640, 500)], canvas.chance, 14))], "#546a78", "#9aa5a0")
    mist(canvas, 560, 110, "#cfd0c2", 0.7)
    canvas.paint([ground(summits([(-20, 600), (300, 500), (620, 640), (940, 520), (1300, 640), (1640, 540)], canvas.chance, 12))], "#35574f", "#6d8a74")
    canvas.paint([ground(rolling(canvas.chance, 770, 40, 1.3))], "#4f7a45", "#2f5a3c")
    plots(canvas)
    downpour(canvas)
    hut(canvas, 420, 830, 1.2)
    return canvas.finish()


def storm(canvas: Canvas) -> None:
    """A shelf of cloud, heaped and dark below."""
    for tone, y, size in (("#5a6a78", 150, 150), ("#46566a", 90, 150), ("#2f3c50", 20, 140)):
        puffs = [disc((x, y + canvas.chance.uniform(-36, 36)), canvas.chance.uniform(0.6, 1) * size, 0.7) for x in range(-40, WIDTH + 80, 95)]
        canvas.paint(puffs, tone, "#27323f" if y < 100 else "#3d4c5c", brush="dabs", towards="up", reach=(0.5, 1.0))


def plots(canvas: Canvas) -> None:
    """Ploughed plots and green ones on the near slope."""
    for n, tone in enumerate(("#8c5a38", "#7fa04c", "#a8743f", "#5b8a46", "#c2a24e")):
        x = 640 + n * 200
        y = 800 + (n % 2) * 34
        plot = [(x, y), (x + 190, y - 22), (x + 250, y + 110), (x + 10, y + 140)]
        canvas.paint([plot], tone, "#4a4a30", brush="dabs", reach=(0.6, 1.1))
        canvas.lines([[(x + k * 38, y + 4 - k * 4), (x + 10 + k * 48, y + 136 - k * 6)] for k in range(1, 5)], "#3a3a28", 2)


def downpour(canvas: Canvas) -> None:
    """Slanting strokes, thick where the shower is."""
    drops = []
    for _ in range(620):
        x = canvas.chance.gauss(1020, 300)
        y = canvas.chance.uniform(170, 900)
        long = canvas.chance.uniform(40, 120)
        drops.append([(x, y), (x - long * 0.16, y + long / 2), (x - long * 0.32, y + long)])
    canvas.cuts(drops[::2], "#dfe3da", 3)
    canvas.cuts(drops[1::2], "#8fa1a8", 3.4)


def hut(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """An adobe house with a thatched roof and a lit door."""
    wall = [(x - 90 * scale, y), (x + 90 * scale, y), (x + 90 * scale, y + 90 * scale), (x - 90 * scale, y + 90 * scale)]
    canvas.paint([wall], "#c98f5a", "#8d5a38", towards="right")
    roof = [(x - 118 * scale, y + 10 * scale), (x - 66 * scale, y - 72 * scale), (x + 66 * scale, y - 72 * scale), (x + 118 * scale, y + 10 * scale)]
    canvas.paint([roof], "#d8b365", "#8a6a35", brush="down", towards="right")
    canvas.paint([[(x - 20 * scale, y + 24 * scale), (x + 20 * scale, y + 24 * scale), (x + 20 * scale, y + 90 * scale), (x - 20 * scale, y + 90 * scale)]], "#f5cf72")


def village() -> Image.Image:
    """A village in the hills at night."""
    canvas = Canvas(1808, "#1d2a4a")
    sky(canvas, "#131d3a", "#3f5b86", 760)
    stars = [disc((canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(0, 480)), canvas.chance.choice((1.3, 1.8, 2.6))) for _ in range(230)]
    canvas.paint(stars, "#f3e8c4")
    canvas.glow((1240, 210), 300, "#d9dfe8", 0.45)
    canvas.paint([disc((1240, 210), 66)], "#f6edcf", "#d9cda4", brush="dabs", towards="right")
    canvas.paint([ground(summits([(-20, 520), (260, 380), (520, 500), (860, 360), (1180, 520), (1640, 400)], canvas.chance, 12))], "#26375f", "#3a5078")
    canvas.paint([ground(rolling(canvas.chance, 600, 40, 1.1))], "#1c2c4a", "#22385a")
    for row in range(6):
        street(canvas, row)
    church(canvas, 800, 640)
    canvas.paint([ground(rolling(canvas.chance, 1030, 20, 1.6))], "#0f1830")
    return canvas.finish()


def street(canvas: Canvas, row: int) -> None:
    """One row of houses with some windows lit; nearer rows are larger."""
    scale = 0.42 + row * 0.13
    base = 640 + row * 62
    x = -40.0 + row * 23
    while x < WIDTH + 60:
        wide = canvas.chance.uniform(90, 170) * scale
        if canvas.chance.random() < 0.8 and not (row < 2 and 700 < x < 900):
            house(canvas, x, base + canvas.chance.uniform(-14, 14), wide, scale)
        x += wide + canvas.chance.uniform(4, 60) * scale


def house(canvas: Canvas, x: float, y: float, wide: float, scale: float) -> None:
    """A gabled house; its window is lit two times out of three."""
    tall = 84 * scale
    tone, shade = canvas.chance.choice([("#3b4a72", "#26335a"), ("#51557a", "#333a60"), ("#5b4a63", "#3a3050"), ("#2f4a68", "#1f3350")])
    canvas.paint([[(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]], tone, shade, towards="right")
    roof = [(x - 10 * scale, y + 4), (x + wide * 0.2, y - 44 * scale), (x + wide * 0.8, y - 44 * scale), (x + wide + 10 * scale, y + 4)]
    canvas.paint([roof], "#7a3f37", "#41262f", towards="right")
    if canvas.chance.random() < 0.66:
        left, top = x + wide * canvas.chance.uniform(0.2, 0.55), y + 24 * scale
        canvas.glow((left + 12 * scale, top + 14 * scale), 62 * scale, "#f7b84f", 0.55)
        pane = [(left, top), (left + 24 * scale, top), (left + 24 * scale, top + 30 * scale), (left, top + 30 * scale)]
        canvas.paint([pane], "#ffd778")


def church(canvas: Canvas, x: float, y: float) -> None:
    """The church with its one tower."""
    canvas.paint([[(x - 80, y - 40), (x + 80, y - 40), (x + 80, y + 66), (x - 80, y + 66)]], "#8d8ba6", "#55587c", towards="right")
    canvas.paint([[(x - 96, y - 36), (x, y - 96), (x + 96, y - 36)]], "#6b3a38")
    tower = [(x - 34, y - 190), (x + 34, y - 190), (x + 34, y + 66), (x - 34, y + 66)]
    canvas.paint([tower], "#b3aebb", "#63658a", towards="right", reach=(0.4, 0.8))
    canvas.paint([[(x - 42, y - 188), (x, y - 262), (x + 42, y - 188)]], "#7d413b", "#4a2a30", towards="right")
    canvas.paint([disc((x, y - 150), 15), [(x - 15, y - 150), (x + 15, y - 150), (x + 15, y - 118), (x - 15, y - 118)]], "#ffd778")
    canvas.lines([[(x, y - 296), (x, y - 256)], [(x - 11, y - 282), (x + 11, y - 282)]], "#d9cfae", 4)


def channel() -> Image.Image:
    """An irrigation channel winding through fields."""
    canvas = Canvas(1909, "#dfe3b8")
    sky(canvas, "#7fb0b5", "#f3e8bf", 430)
    canvas.paint([ground(summits([(-20, 380), (300, 250), (620, 360), (950, 220), (1250, 350), (1640, 280)], canvas.chance, 14))], "#6c8f95", "#a9bba5")
    canvas.paint([ground(rolling(canvas.chance, 405, 14, 1.4))], "#7d9a52", "#a8ae5c")
    strips(canvas)
    stream(canvas)
    for x, y, s in ((1320, 440, 0.7), (1390, 446, 0.9), (1465, 452, 1.1), (160, 430, 0.7), (225, 436, 0.85)):
        poplar(canvas, x, y, s)
    return canvas.finish()


def strips(canvas: Canvas) -> None:
    """Fields in strips, ruled with rows."""
    tones = ["#8fa64f", "#c9b356", "#5f8d48", "#b0793f", "#789a4a", "#d6c36a", "#4b7f45"]
    for n in range(14):
        left, right = 430 + (n / 14) ** 1.7 * 700, 430 + ((n + 1) / 14) ** 1.7 * 700
        strip = [(-20, left), (WIDTH + 20, left - 12), (WIDTH + 20, right - 10), (-20, right + 2)]
        canvas.paint([strip], tones[n % 7], "#557a3f", brush="along", reach=(0.5, 1.0))
        gap = (right - left) / 5
        rows = [[(-20, left + k * gap), (WIDTH + 20, left + k * gap - 11)] for k in range(1, 5)]
        canvas.lines(rows, ["#55702f", "#9c8436", "#3a6533", "#80522a"][n % 4], 1 + n * 0.22)


def stream(canvas: Canvas) -> None:
    """The channel itself: stone lip, water, light."""
    path = []
    for i in range(60):
        t = i / 59
        path.append((760 + 330 * math.sin(t * 5.2 + 0.3) * t**0.8 + 60 * t, 424 + t**1.8 * 690))
    for tone, shade, wide in (("#e2d2a4", "#a98d5c", 1.34), ("#5d4a35", None, 1.12), ("#4fa3ad", "#1f6580", 1.0)):
        left = [(x - wide * (5 + (y - 424) * 0.2), y) for x, y in path]
        right = [(x + wide * (5 + (y - 424) * 0.2), y) for x, y in path]
        canvas.paint([band(left, right)], tone, shade, reach=(0.2, 0.9))
    glints = []
    for x, y in path[14:]:
        for _ in range(3):
            half = 5 + (y - 424) * 0.2
            start = x + canvas.chance.uniform(-0.8, 0.4) * half
            glints.append([(start, y), (start + half * 0.2, y + 3), (start + half * 0.42, y + 1)])
    canvas.cuts(glints, "#cfe9e0", 6)


def poplar(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A tall narrow tree."""
    crown = blob((x, y - 130 * scale), 34 * scale, 140 * scale, 0, uneven(canvas.chance, 0.12))
    canvas.lines([[(x, y - 30 * scale), (x, y + 34 * scale)]], "#4f3a26", 8 * scale)
    canvas.paint([crown], "#7d9a45", "#2f5a35", brush="dabs", towards="right", reach=(0.3, 0.8))


def boats() -> Image.Image:
    """Fishing boats drawn up at first light."""
    canvas = Canvas(2010, "#f0d2b0")
    sky(canvas, "#e79a6a", "#f8e2bd", 520)
    canvas.glow((420, 430), 380, "#fff0c8", 0.85)
    canvas.paint([disc((420, 440), 60)], "#fdf1d0")
    canvas.paint([ground(summits([(-20, 500), (200, 490), (900, 505), (1180, 440), (1400, 370), (1640, 410)], canvas.chance, 8))], "#8f6f78", "#c99b88")
    sea(canvas)
    canvas.paint([ground([(x, 800 + 22 * math.sin(x / 260) - x * 0.03) for x in range(-20, WIDTH + 21, 10)])], "#e3c08a", "#b98a55", reach=(0.1, 1.0))
    skiff(canvas, (1180, 800), 0.72, ("#d9a441", "#9c6a22"))
    skiff(canvas, (380, 880), 1.0, ("#2f7480", "#1b4a58"))
    skiff(canvas, (1040, 985), 1.25, ("#b5402f", "#7a2721"))
    birds(canvas)
    return canvas.finish()


def sea(canvas: Canvas) -> None:
    """A calm sea with the sun's path on it."""
    canvas.paint([[(-20, 506), (1640, 506), (1640, 900), (-20, 900)]], "#e5b48d", "#3f7f8c", reach=(0.0, 0.7), weight=0.4)
    glints = []
    for n in range(120):
        y = 512 + (n / 120) ** 1.4 * 270
        x = canvas.chance.gauss(420, 60 + (y - 500) * 0.7)
        long = canvas.chance.uniform(20, 90)
        glints.append([(x, y), (x + long / 2, y + 1), (x + long, y)])
    canvas.cuts(glints, "#fbe6bd", 5)
    foam = [[(x, 800 - x * 0.03 + 22 * math.sin(x / 260) - 10 + 4 * math.sin(x / 23)) for x in range(s, s + 300, 12)] for s in range(-20, 1600, 260)]
    canvas.cuts(foam, "#fbf0d8", 13)


def skiff(canvas: Canvas, spot: Point, scale: float, tones: tuple[str, str]) -> None:
    """A wooden boat on the sand with its stripe, thwarts and shadow."""
    x, y = spot

    def at(dx: float, dy: float) -> Point:
        return (x + dx * scale, y + dy * scale)

    canvas.paint([blob(at(10, 30), 280 * scale, 24 * scale, 0, lambda a: 1)], "#8a6238")
    hull = [*curve(at(-270, -112), at(-210, 30), at(-120, 34)), *curve(at(-120, 34), at(150, 40), at(210, 20)), at(250, -84)]
    hull += curve(at(250, -84), at(0, -30), at(-270, -112))
    canvas.paint([hull], *tones, reach=(0.4, 0.9))
    inside = [*curve(at(-270, -112), at(0, -30), at(250, -84)), *curve(at(250, -84), at(0, -88), at(-270, -112))]
    canvas.paint([inside], "#4a3325")
    stripe = [*curve(at(-264, -96), at(0, -12), at(247, -66)), *curve(at(243, -46), at(0, 12), at(-257, -74))]
    canvas.paint([stripe], "#f6ead0")
    canvas.lines([curve(at(-270, -112), at(0, -30), at(250, -84))], "#f0d9a8", 7 * scale)
    canvas.paint([[at(k, -76), at(k + 26, -75), at(k + 40, -56), at(k + 8, -57)] for k in (-120, 0, 110)], "#c99a5c")


def birds(canvas: Canvas) -> None:
    """A few gulls."""
    for x, y, s in ((760, 220, 34), (850, 260, 24), (690, 290, 20), (1010, 180, 28)):
        canvas.cuts([curve((x - s, y - s * 0.3), (x - s * 0.4, y - s * 0.8), (x, y)), curve((x, y), (x + s * 0.4, y - s * 0.8), (x + s, y - s * 0.3))], "#4b3a44", 7)


def paramo() -> Image.Image:
    """A road through the páramo, among frailejones."""
    canvas = Canvas(2111, "#d5d6c3")
    sky(canvas, "#8fa7ad", "#e9e3c9", 560)
    canvas.paint([ground(summits([(-20, 420), (280, 300), (560, 430), (860, 340), (1250, 450), (1640, 360)], canvas.chance, 10))], "#7d9298", "#b3bba9")
    mist(canvas, 470, 90, "#e9e6d3", 0.8)
    canvas.paint([ground(rolling(canvas.chance, 510, 34, 1.2))], "#7f8a55", "#a79f58")
    canvas.paint([ground(rolling(canvas.chance, 600, 30, 0.9))], "#98934a", "#6f7438", brush="dabs")
    road(canvas)
    grass(canvas)
    for x, y, s in ((1250, 640, 0.42), (300, 660, 0.45), (1420, 720, 0.62), (150, 760, 0.7), (1130, 760, 0.7), (480, 800, 0.8), (1330, 920, 1.15), (210, 985, 1.35)):
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
    canvas.paint([band([(x - 10 - (y - 556) * 0.04, y) for x, y in left], [(x + 10 + (y - 556) * 0.04, y) for x, y in right])], "#5f6334")
    canvas.paint([band(left, right)], "#e2cfa2", "#b3935f", reach=(0.2, 1.0))
    for share in (0.3, 0.7):
        rut = [(a[0] + (b[0] - a[0]) * share, a[1]) for a, b in zip(left, right, strict=True)]
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
            blades.append(spindle(curve((x, y), (x, y - tall * 0.6), (x + lean, y - tall), 6), 3 + tall * 0.06))
        canvas.paint(blades, tone)


def frailejon(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A frailejón: a shaggy trunk, a pale rosette and yellow flowers."""
    trunk = [(x - 26 * scale, y), (x + 26 * scale, y), (x + 20 * scale, y - 190 * scale), (x - 20 * scale, y - 190 * scale)]
    canvas.paint([trunk], "#6b5334", "#3a2d20", brush="dabs", towards="right")
    skirt = [spindle([(x + k * scale, y - 190 * scale), (x + k * 1.25 * scale, y - 130 * scale), (x + k * 1.1 * scale, y - 70 * scale)], 16 * scale) for k in range(-28, 29, 8)]
    canvas.paint(skirt, "#8d7440", "#5a4728", towards="right")
    for tone, turn, reach in (("#5d7a55", 0.0, 1.0), ("#8fa57a", 0.12, 0.92), ("#c4cfa4", 0.26, 0.72)):
        leaves = []
        for n in range(17):
            angle = math.pi + (n / 16) * math.pi + turn * 0.3
            long = 150 * scale * reach * (0.82 + 0.18 * math.sin(n * 2.3 + turn))
            tip = (x + math.cos(angle) * long, y - 200 * scale + math.sin(angle) * long * 0.95 + 22 * scale)
            leaves.append(spindle([(x, y - 196 * scale), ((x + tip[0]) / 2, (y - 196 * scale + tip[1]) / 2 - 6 * scale), tip], 30 * scale))
        canvas.paint(leaves, tone)
    for angle in (-1.9, -1.5, -1.15):
        top = (x + math.cos(angle) * 190 * scale, y - 200 * scale + math.sin(angle) * 150 * scale)
        canvas.lines([[(x, y - 220 * scale), top]], "#a5b183", 5 * scale)
        canvas.paint([disc(top, 15 * scale)], "#edc244", "#b98722", towards="right")
