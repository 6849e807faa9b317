"""Files that phones load are worth more of the worker's time."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pictures import rendering
from pictures.models import Picture

SERIES = ("width-480", "width-752", "width-1200")


@pytest.fixture
def sizes(db, patient_encoder, monkeypatch):
    """How many bytes the AVIF files of a picture have, by their width."""

    def encode(size, **settings):
        for name, value in settings.items():
            monkeypatch.setattr(rendering, name, value)
        noise = Image.effect_noise((size[0] // 4, size[1] // 4), 80).convert("RGB")
        original = rendering.Original(noise.resize(size), size, "JPEG")
        picture = Picture(width=size[0], height=size[1])
        made = rendering.files(original, picture, SERIES, ["avif"])
        return {file.size[0]: len(file.data) for file in made}

    return encode


def test_they_are_lighter_than_the_quick_encoder_makes_them(sizes):
    patient = sizes((1200, 900))
    quick = sizes((1200, 900), AVIF_FOR_PHONES=rendering.AVIF)
    assert patient[480] < quick[480]
    assert patient[752] < quick[752]
    assert patient[1200] == pytest.approx(quick[1200], rel=0.05)


def test_a_long_strip_keeps_no_worker_for_minutes(sizes):
    tall = sizes((800, 4000), AVIF_FOR_PHONES={"quality": "never asked for"})
    assert set(tall) == {480, 752, 800}


def test_an_encoder_that_knows_no_tuning_makes_files_as_well(monkeypatch):
    rendering._tuning.cache_clear()

    def refuse(image, file, format, **options):
        if options.get("advanced"):
            raise ValueError("Invalid codec-specific option")
        return save(image, file, format, **options)

    save = Image.Image.save
    monkeypatch.setattr(Image.Image, "save", refuse)
    data = rendering._encoded(Image.new("RGB", (480, 270)), "avif")
    rendering._tuning.cache_clear()
    assert Image.open(io.BytesIO(data)).size == (480, 270)
