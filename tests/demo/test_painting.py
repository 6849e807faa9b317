"""Pictures come out of the code whole, varied and always the same."""

from __future__ import annotations

import pytest
from PIL import ImageStat

from demo import pictures
from demo.painting.brushes import HEIGHT, WIDTH


@pytest.mark.parametrize("key", sorted(pictures.SCENES))
def test_a_picture_fills_its_sheet_with_colour(key):
    image = pictures.draw(key)
    assert (image.size, image.mode) == ((WIDTH, HEIGHT), "RGB")
    assert min(ImageStat.Stat(image).stddev) > 15
    corners = [(0, 0), (WIDTH - 1, 0), (0, HEIGHT - 1), (WIDTH - 1, HEIGHT - 1)]
    assert all(image.getpixel(corner) != (0, 0, 0) for corner in corners)


def test_a_picture_is_the_same_each_time():
    assert pictures.draw("lake").tobytes() == pictures.draw("lake").tobytes()
