"""Where people live: a village at night."""

from __future__ import annotations

from PIL import Image

from demo.painting.backgrounds import hills, sky
from demo.painting.brushes import WIDTH, Canvas, disc, ground, rolling


def village() -> Image.Image:
    """A village in the hills at night."""
    canvas = Canvas(1808, "#1d2a4a")
    sky(canvas, "#131d3a", "#3f5b86", 760)
    stars = [
        disc(
            (canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(0, 480)),
            canvas.chance.choice((1.3, 1.8, 2.6)),
        )
        for _ in range(230)
    ]
    canvas.paint(stars, "#f3e8c4")
    canvas.glow((1240, 210), 300, "#d9dfe8", 0.45)
    canvas.paint(
        [disc((1240, 210), 66)], "#f6edcf", "#d9cda4", brush="dabs", towards="right"
    )
    hills(
        canvas,
        [(-20, 520), (260, 380), (520, 500), (860, 360), (1180, 520), (1640, 400)],
        12,
        "#26375f",
        "#3a5078",
    )
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
    tone, shade = canvas.chance.choice(
        [
            ("#3b4a72", "#26335a"),
            ("#51557a", "#333a60"),
            ("#5b4a63", "#3a3050"),
            ("#2f4a68", "#1f3350"),
        ]
    )
    canvas.paint(
        [[(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]],
        tone,
        shade,
        towards="right",
    )
    roof = [
        (x - 10 * scale, y + 4),
        (x + wide * 0.2, y - 44 * scale),
        (x + wide * 0.8, y - 44 * scale),
        (x + wide + 10 * scale, y + 4),
    ]
    canvas.paint([roof], "#7a3f37", "#41262f", towards="right")
    if canvas.chance.random() < 0.66:
        left, top = x + wide * canvas.chance.uniform(0.2, 0.55), y + 24 * scale
        canvas.glow((left + 12 * scale, top + 14 * scale), 62 * scale, "#f7b84f", 0.55)
        pane = [
            (left, top),
            (left + 24 * scale, top),
            (left + 24 * scale, top + 30 * scale),
            (left, top + 30 * scale),
        ]
        canvas.paint([pane], "#ffd778")


def church(canvas: Canvas, x: float, y: float) -> None:
    """The church with its one tower."""
    canvas.paint(
        [[(x - 80, y - 40), (x + 80, y - 40), (x + 80, y + 66), (x - 80, y + 66)]],
        "#8d8ba6",
        "#55587c",
        towards="right",
    )
    canvas.paint([[(x - 96, y - 36), (x, y - 96), (x + 96, y - 36)]], "#6b3a38")
    tower = [(x - 34, y - 190), (x + 34, y - 190), (x + 34, y + 66), (x - 34, y + 66)]
    canvas.paint([tower], "#b3aebb", "#63658a", towards="right", reach=(0.4, 0.8))
    canvas.paint(
        [[(x - 42, y - 188), (x, y - 262), (x + 42, y - 188)]],
        "#7d413b",
        "#4a2a30",
        towards="right",
    )
    canvas.paint(
        [
            disc((x, y - 150), 15),
            [
                (x - 15, y - 150),
                (x + 15, y - 150),
                (x + 15, y - 118),
                (x - 15, y - 118),
            ],
        ],
        "#ffd778",
    )
    canvas.lines(
        [[(x, y - 296), (x, y - 256)], [(x - 11, y - 282), (x + 11, y - 282)]],
        "#d9cfae",
        4,
    )
