"""Pictures and files: what is kept of an upload, and what is refused."""

from __future__ import annotations

import io
import struct

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from PIL import Image
from wagtail.utils.file import hash_filelike

from pictures.models import File, Picture
from tests.pages.factories import make_person
from tests.pictures.photos import (
    ASCII,
    FLOAT,
    frames_of,
    moving,
    odd_photo,
    photo,
    upload,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def editor_client(client):
    client.force_login(make_person("editor", "editor"))
    return client


def send(client, file, **fields):
    data = {"title": "Foto", "file": file, "collection": 1, **fields}
    return client.post(reverse("wagtailimages:add"), data)


def stored(picture) -> bytes:
    with picture.file.open("rb") as file:
        return file.read()


@pytest.mark.parametrize(
    ("format", "name", "kind"),
    [
        ("JPEG", "foto.jpg", "image/jpeg"),
        ("PNG", "foto.png", "image/png"),
        ("WEBP", "foto.webp", "image/webp"),
        ("AVIF", "foto.avif", "image/avif"),
        ("HEIF", "foto.heic", "image/heic"),
    ],
)
def test_the_place_is_taken_out_of_an_upload(editor_client, format, name, kind):
    before = photo(format, gps=True, xmp=format in ("JPEG", "WEBP"))
    assert Image.open(io.BytesIO(before)).getexif().get_ifd(0x8825)
    assert send(editor_client, upload(name, before, kind)).status_code == 302
    after = stored(Picture.objects.get())
    assert b"GPS" not in after
    exif = Image.open(io.BytesIO(after)).getexif()
    assert not exif.get_ifd(0x8825)
    # A HEIF decoder turns the picture itself.
    assert exif[0x0112] == (1 if format == "HEIF" else 6)
    assert exif[0x8298] == "Casa Comun"


def test_size_and_hash_are_those_of_what_is_stored(editor_client):
    send(editor_client, upload(data=photo(gps=True)))
    picture = Picture.objects.get()
    data = stored(picture)
    assert picture.file_size == len(data)
    assert picture.file_hash == hash_filelike(io.BytesIO(data))


def test_a_picture_without_a_place_is_kept_byte_for_byte():
    data = photo()
    picture = Picture.objects.create(title="F", file=ContentFile(data, name="f.jpg"))
    assert stored(picture) == data


def test_a_picture_saved_by_code_loses_its_place_too():
    data = photo(gps=True)
    picture = Picture.objects.create(title="F", file=ContentFile(data, name="f.jpg"))
    assert not Image.open(io.BytesIO(stored(picture))).getexif().get_ifd(0x8825)


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
def test_words_go_and_all_frames_stay(editor_client, format):
    before = moving(format)
    kind = f"image/{format.lower()}"
    send(editor_client, upload(f"m.{format.lower()}", before, kind))
    after = stored(Picture.objects.get())
    assert [time for _pixels, time in frames_of(after)] == [100, 200, 300]
    assert frames_of(after) == frames_of(before)
    assert not [word for word in (b"GPS", b"Lima", b"Location") if word in after]
    with Image.open(io.BytesIO(after)) as image:
        assert image.info["loop"] == 2
        assert not image.getexif().get_ifd(0x8825)


def test_what_follows_a_picture_goes(editor_client):
    """A phone hangs a second picture or a film behind the first, with its own place."""
    send(editor_client, upload(data=photo() + photo(gps=True, xmp=True)))
    assert stored(Picture.objects.get()) == photo()


def test_a_maker_keeps_the_accents_of_the_name(editor_client):
    data = photo(gps=True).replace(b"Casa Comun", "Casa Comú".encode())
    send(editor_client, upload(data=data))
    with Image.open(io.BytesIO(stored(Picture.objects.get()))) as image:
        assert image.getexif()[0x8298].encode("latin-1").decode() == "Casa Comú"


@pytest.mark.parametrize(
    "data",
    [
        odd_photo(0x0112, ASCII, b"6"),
        odd_photo(0x8298, FLOAT, struct.pack(">f", 1.5)),
    ],
    ids=["orientation", "copyright"],
)
def test_exif_of_the_wrong_type_is_left_out(editor_client, data):
    assert send(editor_client, upload(data=data)).status_code == 302
    with Image.open(io.BytesIO(stored(Picture.objects.get()))) as image:
        assert dict(image.getexif()) == {}


def test_a_picture_that_waits_for_a_title_loses_its_place_too(editor_client):
    """Wagtail keeps the file aside, and puts it past the form into the storage."""
    file = upload(data=photo(gps=True))
    post = {"title": "x" * 300, "files[]": file, "collection": 1}
    waiting = editor_client.post(reverse("wagtailimages:add_multiple"), post).json()
    number = waiting["uploaded_file_id"]
    prefix = f"uploaded-image-{number}"
    answer = editor_client.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number]),
        {f"{prefix}-title": "Foto", f"{prefix}-collection": 1},
    )
    assert answer.json()["success"]
    data = stored(Picture.objects.get())
    assert not Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    assert Picture.objects.get().file_size == len(data)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("dibujo.svg", SVG, "image/svg+xml"),
        ("foto.jpg", SVG, "image/jpeg"),
        ("foto.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg"),
        ("foto.png", photo("JPEG"), "image/png"),
        ("foto.jpg", photo()[:60], "image/jpeg"),
        ("foto.gif", moving("GIF")[:150], "image/gif"),
        ("foto.png", moving("PNG", profile=b""), "image/png"),
        ("foto.jpg", b"", "image/jpeg"),
    ],
)
def test_what_is_no_picture_is_a_form_error(editor_client, name, data, kind):
    response = send(editor_client, upload(name, data, kind))
    assert response.status_code == 200
    assert "file" in response.context["form"].errors
    assert not Picture.objects.exists()


def test_too_many_bytes_are_a_form_error(editor_client, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    response = send(editor_client, upload())
    assert "file" in response.context["form"].errors
    assert not Picture.objects.exists()


def test_too_many_pixels_are_a_form_error(editor_client, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 1000
    response = send(editor_client, upload())
    assert "file" in response.context["form"].errors
    assert not Picture.objects.exists()


def test_words_are_kept_per_language_and_never_the_file_name(editor_client):
    words = {
        "alt_es": "Un puente",
        "alt_en": "A bridge",
        "caption_es": "El puente",
        "credit": "Ana",
        "rights_en": "All rights reserved",
    }
    send(editor_client, upload(), **words)
    picture = Picture.objects.get()
    for language, alt in (("es", "Un puente"), ("en", "A bridge")):
        with translation.override(language):
            assert picture.default_alt_text == alt
    assert picture.caption_in("en") == ""
    assert picture.rights_en == "All rights reserved"
    assert Picture(title="IMG_1").default_alt_text == ""


@pytest.mark.parametrize("name", ["pagina.html", "dibujo.svg", "programa.exe", "x.js"])
def test_files_that_run_in_a_browser_are_refused(editor_client, name):
    file = upload(name, b"<script>alert(1)</script>", "text/html")
    data = {"title": "x", "file": file, "collection": 1}
    response = editor_client.post(reverse("wagtaildocs:add"), data)
    assert "file" in response.context["form"].errors
    assert not File.objects.exists()


def test_a_file_has_a_name_per_language():
    file = File(title="informe_final_v3.pdf", label_es="Informe")
    assert file.label_in("es") == "Informe"
    assert file.label_in("en") == "informe_final_v3.pdf"


def test_a_translator_chooses_pictures_but_adds_none(client):
    client.force_login(make_person("translator", "translator_en"))
    assert client.get(reverse("wagtailimages_chooser:choose")).status_code == 200
    send(client, upload())
    assert not Picture.objects.exists()
