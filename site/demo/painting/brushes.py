"""A small printmaker's bench on Pillow: shapes cut by hand, filled with dry brush.

Coordinates are those of the finished picture (1600 × 1067); everything is drawn at
twice the size and reduced, so edges are smooth. Every stroke comes from one seed, so
a picture is the same each time it is drawn.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1067
SCALE = 2
FULL = (WIDTH * SCALE, HEIGHT * SCALE)

Point = tuple[float, float]
Shape = Sequence[Point]
Box = tuple[int, int, int, int]


@lru_cache(maxsize=32)
def noise(columns: int, rows: int, seed: int = 7) -> Image.Image:
    """Random greys, `columns` × `rows` cells, blown up smoothly to the full size."""
    cells = random.Random(seed).randbytes(columns * rows)  # noqa: S311
    small = Image.frombytes("L", (columns, rows), cells)
    return small.resize(FULL, Image.Resampling.BICUBIC)


@lru_cache(maxsize=8)
def texture(name: str) -> Image.Image:
    """The marks a brush leaves: `along` (level strokes), `down`, `dabs` or `grain`."""
    fine = noise(1600, 1067, 3)
    coarse = {
        "along": noise(70, 700, 11),
        "down": noise(1000, 46, 13),
        "dabs": noise(260, 180, 17),
        "grain": noise(800, 533, 19),
    }[name]
    return ImageChops.blend(coarse, fine, 0.3)


@lru_cache(maxsize=8)
def ramp(direction: str) -> Image.Image:
    """A grey ramp of the full size, dark to light towards `direction`."""
    base = Image.linear_gradient("L")
    turns = {"down": 0, "up": 180, "right": 90, "left": 270}
    return base.rotate(turns[direction])


def contrast(low: float, high: float) -> list[int]:
    """A look-up table that spreads the greys between `low` and `high` (0 to 1)."""
    span = max(high - low, 0.001)
    steps = (min(max((i / 255 - low) / span, 0.0), 1.0) for i in range(256))
    return [round(255 * s * s * (3 - 2 * s)) for s in steps]


def mix(first: str, second: str, share: float) -> tuple[int, int, int]:
    """`first` with `share` (0 to 1) of `second` in it, as RGB."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return red, green, blue


def rgb(colour: str) -> tuple[int, int, int]:
    """`#aabbcc` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class Canvas:
    """One print in the making: a sheet, a source of chance, and the ways to ink it."""

    def __init__(self, seed: int, paper: str) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.image = Image.new("RGB", FULL, paper)

    def paint(
        self,
        shapes: Sequence[Shape],
        colour: str,
        shade: str | None = None,
        *,
        brush: str = "along",
        towards: str = "down",
        reach: tuple[float, float] = (0.35, 0.75),
        weight: float = 0.5,
    ) -> None:
        """Fill `shapes` with `colour`, brushed over with `shade` towards one side.

        `reach` says where on the way the shade begins and where it covers; `weight`
        is the share of brush marks in that edge.
        """
        box = _around(shapes)
        mask = _cut(shapes, box)
        self.ink(mask, colour, shade, brush, towards, reach, weight, corner=box[:2])

    def ink(
        self,
        mask: Image.Image,
        colour: str,
        shade: str | None = None,
        brush: str = "along",
        towards: str = "down",
        reach: tuple[float, float] = (0.35, 0.75),
        weight: float = 0.5,
        corner: tuple[int, int] = (0, 0),
    ) -> None:
        """Fill what `mask`, laid at a corner, leaves open, as `paint` does."""
        if (inside := mask.getbbox()) is None:
            return
        x, y = corner
        box = (inside[0] + x, inside[1] + y, inside[2] + x, inside[3] + y)
        mask = mask.crop(inside)
        if not shade:
            self.image.paste(colour, box, mask)
            return
        layer = Image.new("RGB", mask.size, colour)
        layer.paste(shade, (0, 0), brushed(box, brush, towards, reach, weight))
        self.image.paste(layer, box, mask)

    def stencil(self, shapes: Sequence[Shape]) -> Image.Image:
        """A mask of the whole sheet, open where any of `shapes` lies."""
        return _cut(shapes, (0, 0, *FULL))

    def lines(self, paths: Sequence[Shape], colour: str, width: float) -> None:
        """Draw each path as a line of one width with round joints."""
        draw = ImageDraw.Draw(self.image)
        for path in paths:
            points = [(x * SCALE, y * SCALE) for x, y in path]
            draw.line(
                points, fill=colour, width=max(round(width * SCALE), 1), joint="curve"
            )

    def cuts(self, paths: Sequence[Shape], colour: str, width: float) -> None:
        """Draw each path as a gouge leaves it: thick in the middle, pointed ends."""
        self.paint([spindle(path, width) for path in paths], colour)

    def glow(self, centre: Point, radius: float, colour: str, strength: float) -> None:
        """Lay light of `colour` round a point, fading outwards."""
        side = round(radius * 2 * SCALE)
        light = ImageChops.invert(Image.radial_gradient("L")).resize((side, side))
        light = light.point(
            [round(strength * max(i - 75, 0) * 255 / 180) for i in range(256)]
        )
        corner = (
            round((centre[0] - radius) * SCALE),
            round((centre[1] - radius) * SCALE),
        )
        self.image.paste(colour, corner + (corner[0] + side, corner[1] + side), light)

    def finish(self, grain: float = 0.28) -> Image.Image:
        """The print: reduced to its size, with the tooth of the paper in it."""
        image = self.image.reduce(SCALE)
        tooth = texture("grain").reduce(SCALE).point(contrast(0.2, 0.8))
        soft = ImageChops.soft_light(image, Image.merge("RGB", [tooth] * 3))
        specks = (
            noise(1600, 1067, 23)
            .reduce(SCALE)
            .point([255 if i > 236 else 0 for i in range(256)])
        )
        pale = Image.new("RGB", image.size, "#fff4e0")
        worn = Image.composite(Image.blend(soft, pale, 0.35), soft, specks)
        return Image.blend(image, worn, grain)


def _around(shapes: Sequence[Shape]) -> Box:
    """The part of the sheet that holds `shapes`: most are small, and many."""
    xs, ys = zip(*(point for shape in shapes for point in shape), strict=True)
    left, top = (max(math.floor(min(each) * SCALE) - 1, 0) for each in (xs, ys))
    right, bottom = (math.ceil(max(each) * SCALE) + 2 for each in (xs, ys))
    return left, top, max(min(right, FULL[0]), left), max(min(bottom, FULL[1]), top)


def _cut(shapes: Sequence[Shape], box: Box) -> Image.Image:
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    draw = ImageDraw.Draw(mask)
    for shape in shapes:
        points = [(x * SCALE - box[0], y * SCALE - box[1]) for x, y in shape]
        draw.polygon(points, fill=255)
    return mask


def brushed(
    box: Box, brush: str, towards: str, reach: tuple[float, float], weight: float
) -> Image.Image:
    """Where the shade lies inside `box`: a ramp broken up by brush marks."""
    size = (box[2] - box[0], box[3] - box[1])
    slope = ramp(towards).resize(size)
    marks = texture(brush).crop(box).point(contrast(0.15, 0.85))
    low, high = reach
    edge = weight / 2
    mixed = Image.blend(slope, marks, weight)
    shift = 1 - weight
    return mixed.point(contrast(low * shift + edge * 0.6, high * shift + edge * 1.4))


def spindle(path: Shape, width: float) -> Shape:
    """The outline of a stroke along `path`, `width` at its thickest."""
    left, right = [], []
    last = len(path) - 1
    for i, (x, y) in enumerate(path):
        x0, y0 = path[max(i - 1, 0)]
        x1, y1 = path[min(i + 1, last)]
        length = math.hypot(x1 - x0, y1 - y0) or 1.0
        half = width / 2 * max(math.sin(math.pi * i / last), 0.0) ** 0.7
        left.append((x - (y1 - y0) / length * half, y + (x1 - x0) / length * half))
        right.append((x + (y1 - y0) / length * half, y - (x1 - x0) / length * half))
    return left + right[::-1]


def blob(
    centre: Point, rx: float, ry: float, turn: float, wobble: Callable[[float], float]
) -> Shape:
    """A rounded shape: an ellipse turned by `turn`, its radius scaled by `wobble`."""
    points = []
    for i in range(48):
        angle = math.tau * i / 48
        reach = wobble(angle)
        x, y = math.cos(angle) * rx * reach, math.sin(angle) * ry * reach
        points.append(
            (
                centre[0] + x * math.cos(turn) - y * math.sin(turn),
                centre[1] + x * math.sin(turn) + y * math.cos(turn),
            )
        )
    return points


def disc(centre: Point, radius: float, squash: float = 1.0) -> Shape:
    """A circle, or an ellipse as high as `squash` says."""
    return blob(centre, radius, radius * squash, 0, lambda angle: 1.0)


def uneven(chance: random.Random, amount: float) -> Callable[[float], float]:
    """A wobble for `blob`: a hand-cut outline, different each time."""
    waves = [
        (n, chance.uniform(0, math.tau), chance.uniform(0.3, 1) * amount / n)
        for n in (2, 3, 5)
    ]
    return lambda angle: 1 + sum(a * math.sin(n * angle + p) for n, p, a in waves)


def ridge(
    chance: random.Random,
    base: float,
    height: float,
    rough: float = 0.55,
    steps: int = 7,
) -> list[Point]:
    """A skyline from left to right by midpoint displacement."""
    line = [base + height * chance.uniform(-0.5, 0.5) for _ in range(4)]
    spread = height * 0.6
    for _ in range(steps):
        grown = []
        for left, right in zip(line, line[1:], strict=False):
            grown += [left, (left + right) / 2 + chance.uniform(-spread, spread)]
        line, spread = [*grown, line[-1]], spread * rough
    last = len(line) - 1
    return [(-20 + (WIDTH + 40) * i / last, y) for i, y in enumerate(line)]


def rolling(
    chance: random.Random, base: float, height: float, waves: float = 1.5
) -> list[Point]:
    """A soft skyline: a few slow waves laid over one another."""
    parts = [
        (waves * n, chance.uniform(0, math.tau), height / n**1.3) for n in (1, 2, 3)
    ]
    return [
        (x, base + sum(a * math.sin(math.tau * w * x / WIDTH + p) for w, p, a in parts))
        for x in range(-20, WIDTH + 21, 8)
    ]


def ground(skyline: Sequence[Point], floor: float = HEIGHT + 20) -> Shape:
    """Everything below a skyline."""
    return [(skyline[0][0], floor), *skyline, (skyline[-1][0], floor)]


def band(upper: Sequence[Point], lower: Sequence[Point]) -> Shape:
    """What lies between two lines."""
    return [*upper, *reversed(list(lower))]


def height_at(line: Sequence[Point], x: float) -> float:
    """How high a skyline stands at `x`."""
    for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / ((x1 - x0) or 1)
    return line[-1][1]


def curve(start: Point, bend: Point, end: Point, steps: int = 18) -> list[Point]:
    """A quadratic curve from `start` to `end`, pulled towards `bend`."""
    points = []
    for i in range(steps + 1):
        t = i / steps
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        points.append(
            (
                a * start[0] + b * bend[0] + c * end[0],
                a * start[1] + b * bend[1] + c * end[1],
            )
        )
    return points


def softened(mask: Image.Image, radius: float) -> Image.Image:
    """A mask with blurred edges, for mist and light."""
    return mask.filter(ImageFilter.GaussianBlur(radius * SCALE))


def summits(
    heights: Sequence[Point], chance: random.Random, rough: float
) -> list[Point]:
    """A skyline through given corners, with broken edges between them."""
    line: list[Point] = []
    for (x0, y0), (x1, y1) in zip(heights, heights[1:], strict=False):
        steps = max(int(abs(x1 - x0) / 12), 2)
        for i in range(steps):
            t = i / steps
            shake = chance.uniform(-rough, rough) * math.sin(math.pi * t)
            line.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + shake))
    return [*line, heights[-1]]


def block(x: float, y: float, wide: float, high: float) -> Shape:
    """A rectangle by its corner and size."""
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
