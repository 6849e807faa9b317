"""Cards for link previews: every headline fits, and white is readable on any photo."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from front.sharing import cards, typesetting

LONG = "Electroencefalografistas y otorrinolaringólogos " * 6


@pytest.mark.parametrize(
    "text", ["Sí", "¿Ñandú, pingüino o «vicuña»?", LONG, "W" * 255, ""]
)
@pytest.mark.parametrize(("width", "height"), [(1072, 320), (856, 400)])
def test_a_headline_fits_its_place_in_even_lines(text, width, height):
    found = typesetting.fit(text, width, height)
    assert found.height <= height
    assert max(map(found.font.getlength, found.lines)) <= width
    said = " ".join(found.lines)
    if 0 < len(text) < 60:
        assert said == text
        assert found.font.size >= 80
    elif text:
        assert said == text.strip() or said.endswith("…")


def test_a_headline_is_broken_evenly_and_no_dash_begins_a_line():
    text = "Las guardianas del páramo miden el agua que baja — y la que falta"
    lines = typesetting.fit(text, 1072, 320).lines
    lengths = [len(line) for line in lines]
    assert min(lengths) > max(lengths) / 2
    assert not any(line.startswith("—") for line in lines)


def test_what_the_fonts_cannot_write_is_left_out():
    assert typesetting.writable("Maíz 🌽 y\x07 路 agua") == "Maíz y agua"


def photos():
    white = Image.new("RGB", (1600, 900), "white")
    stripes = Image.new("RGB", (1600, 900), "black")
    pen = ImageDraw.Draw(stripes)
    for left in range(0, 1600, 80):
        pen.rectangle((left, 0, left + 40, 900), fill="#fff8c0")
    return {
        "white": white,
        "stripes": stripes,
        "dark": Image.new("RGB", (900, 1600), "#111"),
    }


@pytest.mark.parametrize("kind", ["white", "stripes", "dark"])
def test_white_is_readable_on_any_photo(kind):
    card = Image.new("RGB", (cards.WIDTH, cards.HEIGHT))
    card.paste(photos()[kind].resize(card.size))
    below = (0, 300, cards.WIDTH, cards.HEIGHT)
    shaded = cards.shaded(card, 300)
    assert cards.white_on(shaded.crop(below)) >= 7
    assert (
        shaded.crop((0, 0, 1200, 100)).tobytes()
        == card.crop((0, 0, 1200, 100)).tobytes()
    )


@pytest.mark.parametrize("picture", [None, "white", "small"])
def test_a_card_is_small_enough_to_be_shown_and_always_the_same(picture):
    photo = {"white": photos()["white"], "small": Image.new("RGB", (200, 90))}.get(
        picture
    )
    logo = Image.new("RGBA", (900, 90), (200, 0, 0, 128))
    for mark in (cards.Mark("Centro " * 20), cards.Mark("", "#8a1c3b", logo)):
        data = cards.draw("Agua para todos", mark, photo, seed="7")
        assert data == cards.draw("Agua para todos", mark, photo, seed="7")
        assert len(data) < 300_000
        assert Image.open(io.BytesIO(data)).size == (1200, 630)
