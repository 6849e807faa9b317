"""The demo with small plain pictures: drawing the real ones is tested apart."""

from __future__ import annotations

import pytest
from PIL import Image

from demo import actions


def plain_picture(key: str) -> Image.Image:
    """A stand-in of the right shape."""
    return Image.new("RGB", (320, 213), f"#{sum(key.encode()) % 4096:06x}")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def lines():
    return []


@pytest.fixture
def load(db, media, lines):
    """Load the demo; whatever it says is kept in `lines`."""

    def load_with(**options) -> bool:
        return actions.load_demo(say=lines.append, draw=plain_picture, **options)

    return load_with
