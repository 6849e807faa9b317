"""A page's card: its headline over the lead picture, or on paper beside a weave.

Both carry the organisation's mark on a tab at the top and a rule in its colour. White
on a photograph is always readable: the shade is measured and deepened until it is.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps

from front.sharing.typesetting import INTERFACE, Setting, fit, font, writable
from pages import contrast

Colour = tuple[int, int, int]
WIDTH, HEIGHT = 1200, 630  # pixels, what every service that shows previews asks for
MARGIN = 64
TAB_HEIGHT, TAB_PADDING, TAB_GAP = 84, 28, 20
LOGO_HEIGHT, LOGO_WIDTH = 52, 360
RULE = (72, 8)
RULE_GAP = 34  # between the rule and the capitals
PAPER, INK, WHITE = (251, 248, 240), (32, 35, 27), (255, 255, 255)
NIGHT, MAIZE = (21, 23, 15), (244, 213, 138)
ACCENT = "#2a4577"  # where the organisation chose none
NEEDED = 7.0  # contrast of white on what is under it: AAA, for small previews
SHADE_STEP = 0.05
SHADE_REACH = 190  # pixels above the words in which the shade begins
WEAVE_WIDTH = 216
QUALITY = 86
NARROWEST = 600  # pixels; a smaller picture would be blurred at this size


@dataclass(frozen=True)
class Mark:
    """Whose card it is: a name, the colour as #rrggbb, a logo for light paper."""

    name: str
    accent: str = ACCENT
    logo: Image.Image | None = None


def draw(
    headline: str, mark: Mark, picture: Image.Image | None, *, seed: str = ""
) -> bytes:
    """The card as JPEG, 1200 × 630 pixels.

    `seed` names the page: its weave is always the same, and another one than others'.
    """
    if picture is not None and picture.width >= NARROWEST:
        card = _on_picture(headline, mark, picture)
    else:
        card = _on_paper(headline, mark, seed)
    data = io.BytesIO()
    card.save(data, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return data.getvalue()


def _on_picture(headline: str, mark: Mark, picture: Image.Image) -> Image.Image:
    card = ImageOps.fit(
        picture.convert("RGB"), (WIDTH, HEIGHT), Image.Resampling.LANCZOS
    )
    words = fit(headline, WIDTH - 2 * MARGIN, 320)
    top = HEIGHT - MARGIN - words.height
    card = shaded(card, top - RULE_GAP - RULE[1])
    _write(card, words, (MARGIN, top), WHITE, _mixed(_rgb(mark.accent), WHITE, 0.55))
    _put_mark(card, mark)
    return card


def shaded(card: Image.Image, top: int) -> Image.Image:
    """The card darker below `top`, just so much that white can be read there."""
    ramp = _ramp(top)
    night = Image.new("RGB", card.size, NIGHT)
    strength = 0.55
    while True:
        mask = ramp.point([round(level * strength) for level in range(256)])
        found = Image.composite(night, card, mask)
        if strength >= 1 or white_on(found.crop((0, top, WIDTH, HEIGHT))) >= NEEDED:
            return found
        strength = min(1.0, strength + SHADE_STEP)


def _ramp(top: int) -> Image.Image:
    """How much shade each row takes: none above, all of it from `top` on."""
    begin = top - SHADE_REACH
    levels = [
        round(255 * _eased(min(max((row - begin) / SHADE_REACH, 0.0), 1.0)))
        for row in range(HEIGHT)
    ]
    column = Image.new("L", (1, HEIGHT))
    column.putdata(levels)
    return column.resize((WIDTH, HEIGHT))


def _eased(part: float) -> float:
    return part * part * (3 - 2 * part)


def white_on(area: Image.Image) -> float:
    """Contrast of white with the lightest part of an area that an eye makes out."""
    small = area.convert("RGB").reduce(8)
    colours = small.getcolors(small.width * small.height) or []
    lightest = max(contrast.luminance(_hex(colour)) for _count, colour in colours)
    return 1.05 / (lightest + 0.05)


def _on_paper(headline: str, mark: Mark, seed: str) -> Image.Image:
    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    card.paste(_weave(_rgb(mark.accent), seed), (WIDTH - WEAVE_WIDTH, 0))
    words = fit(headline, WIDTH - WEAVE_WIDTH - 2 * MARGIN, 400)
    top = HEIGHT - MARGIN - words.height
    _write(card, words, (MARGIN, top), INK, _rgb(mark.accent))
    _put_mark(card, mark)
    return card


def _write(
    card: Image.Image, words: Setting, at: tuple[int, int], ink: Colour, rule: Colour
) -> None:
    pen = ImageDraw.Draw(card)
    left, top = at
    over = top - RULE_GAP
    pen.rectangle((left, over - RULE[1], left + RULE[0] - 1, over - 1), fill=rule)
    ascent = round(words.font.size * 0.78)
    for number, line in enumerate(words.lines):
        baseline = top + ascent + number * words.leading
        pen.text((left, baseline), line, font=words.font, fill=ink, anchor="ls")


def _put_mark(card: Image.Image, mark: Mark) -> None:
    """The logo on a white tab, else the name on one in the organisation's colour."""
    pen = ImageDraw.Draw(card)
    if mark.logo is not None:
        logo = _logo(mark.logo)
        right = MARGIN + logo.width + 2 * TAB_PADDING
        pen.rectangle((MARGIN, 0, right, TAB_HEIGHT), fill=WHITE)
        pen.rectangle((MARGIN, TAB_HEIGHT - 5, right, TAB_HEIGHT), fill=mark.accent)
        at = (MARGIN + TAB_PADDING, (TAB_HEIGHT - 5 - logo.height) // 2)
        card.paste(logo, at, logo)
        return
    face = font(INTERFACE, 34, 600)
    name = _shortened(writable(mark.name, INTERFACE))
    right = MARGIN + round(face.getlength(name)) + 2 * TAB_PADDING
    pen.rectangle((MARGIN, 0, right, TAB_HEIGHT), fill=mark.accent)
    at = (MARGIN + TAB_PADDING, TAB_HEIGHT - 29)
    pen.text(at, name, font=face, fill=WHITE, anchor="ls")


def _logo(logo: Image.Image) -> Image.Image:
    fitted = logo.convert("RGBA")
    scale = min(LOGO_HEIGHT / fitted.height, LOGO_WIDTH / fitted.width)
    size = (max(1, round(fitted.width * scale)), max(1, round(fitted.height * scale)))
    return fitted.resize(size, Image.Resampling.LANCZOS)


def _shortened(name: str) -> str:
    return name if len(name) <= 44 else name[:43].rstrip() + "…"


# --- The weave: bands as of a highland cloth, in the organisation's colours

DETAIL = 2  # drawn larger and made smaller: its edges are slanted


def _weave(accent: Colour, seed: str) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311 - a pattern, not a secret
    palette = [
        accent,
        _mixed(accent, NIGHT, 0.35),
        _mixed(accent, WHITE, 0.35),
        _mixed(accent, PAPER, 0.7),
        MAIZE,
    ]
    size = (WEAVE_WIDTH * DETAIL, HEIGHT * DETAIL)
    cloth = Image.new("RGB", size, accent)
    pen, top, last = ImageDraw.Draw(cloth), 0, accent
    while top < size[1]:
        height = chance.choice((8, 12, 12, 20, 48, 54)) * DETAIL
        ground = chance.choice([colour for colour in palette if colour != last])
        pen.rectangle((0, top, size[0], top + height - 1), fill=ground)
        if height >= 48 * DETAIL:
            figure = chance.choice([colour for colour in palette if colour != ground])
            _figures(pen, (top, height), figure, chance.choice((2, 3, 4)))
        top, last = top + height, ground
    return cloth.resize((WEAVE_WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _figures(
    pen: ImageDraw.ImageDraw, band: tuple[int, int], colour: Colour, number: int
) -> None:
    """Stepped diamonds side by side in a band."""
    top, height = band
    width = WEAVE_WIDTH * DETAIL / number
    steps = 4
    for place in range(number):
        middle = width * (place + 0.5)
        for step in range(2 * steps - 1):
            reach = width * 0.44 * (steps - abs(step - steps + 1)) / steps
            row = height * 0.76 / (2 * steps - 1)
            upper = top + height * 0.12 + step * row
            box: Sequence[float] = (middle - reach, upper, middle + reach, upper + row)
            pen.rectangle(tuple(map(round, box)), fill=colour)


# --- Colours


def _rgb(colour: str) -> Colour:
    red, green, blue = (round(part * 255) for part in contrast.channels(colour))
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (
        round(a + (b - a) * part) for a, b in zip(one, other, strict=True)
    )
    return red, green, blue
