"""The demo's pictures, drawn and stored with their words in both languages."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.images import ImageFile
from PIL import Image
from wagtail.models import Collection

from demo import content
from demo.painting import (
    fields,
    harvest,
    mountains,
    pantry,
    settlements,
    textiles,
    water,
)
from pictures.models import Picture

Draw = Callable[[str], Image.Image]

SCENES: dict[str, Callable[[], Image.Image]] = {
    "boats": water.boats,
    "cacao": harvest.cacao,
    "channel": water.channel,
    "cloth": textiles.cloth,
    "coffee": fields.coffee,
    "delta": water.delta,
    "jars": pantry.jars,
    "lake": mountains.lake,
    "loom": textiles.loom,
    "maize": fields.maize,
    "paramo": mountains.paramo,
    "potatoes": harvest.potatoes,
    "rain": mountains.rain,
    "terraces": mountains.terraces,
    "village": settlements.village,
    "vines": fields.vines,
}
QUALITY = 85


def draw(key: str) -> Image.Image:
    """A picture by its key; the same one each time."""
    return SCENES[key]()


def store_pictures(*, collection: Collection, draw: Draw) -> dict[str, Picture]:
    """Draw all pictures and keep them in a collection; by key."""
    return {
        key: _store(key, words, collection, draw(key))
        for key, words in content.read("pictures").items()
    }


def _store(
    key: str, words: dict[str, Any], collection: Collection, image: Image.Image
) -> Picture:
    brand = content.read("brand")
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, optimize=True)
    file.seek(0)
    rights = {f"rights_{code}": brand[code]["rights"] for code in content.LANGUAGES}
    return Picture.objects.create(
        title=words["caption_en"],
        file=ImageFile(file, name=f"demo-{key}.jpg"),
        collection=collection,
        credit=brand["credit"],
        **words,
        **rights,
    )
