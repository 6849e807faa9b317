"""Every way in for a file holds to the same rules and keeps nothing that it refuses."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from django.urls import reverse
from wagtail.models import UploadedFile

from pictures.models import File, Picture
from tests.pages.factories import make_person
from tests.pictures.photos import photo, upload
from tests.pictures.test_pictures import SVG

pytestmark = pytest.mark.django_db
HTML = b"<!doctype html><script>alert(1)</script>"
PDF = b"%PDF-1.4\n" + b"x" * 500


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def editor_client(client):
    client.force_login(make_person("editor", "editor"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def by_form(client, kind, file):
    post = {"title": "x", "file": file, "collection": 1}
    answer = client.post(reverse(f"wagtail{kind}:add"), post)
    return answer.context["form"].errors["file"]


def by_many(client, kind, file):
    post = {"title": "x", "files[]": file, "collection": 1}
    answer = client.post(reverse(f"wagtail{kind}:add_multiple"), post).json()
    assert answer["success"] is False
    return answer["error_message"].splitlines()


def by_chooser(client, kind, file):
    prefix = {"images": "image-chooser-upload", "docs": "document-chooser-upload"}[kind]
    post = {f"{prefix}-title": "x", f"{prefix}-file": file, f"{prefix}-collection": 1}
    answer = client.post(reverse(f"wagtail{kind}_chooser:create"), post)
    assert answer.json()["step"] == "reshow_creation_form"
    return re.findall(r'error-message">\s*([^<]+)', answer.json()["htmlFragment"])


def huge(side: int) -> bytes:
    """A few bytes of PNG that say they are a square of `side` pixels."""
    data = photo("PNG")
    header = b"IHDR" + struct.pack(">II", side, side) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


ways_in = pytest.mark.parametrize("way_in", [by_form, by_many, by_chooser])


@ways_in
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("dibujo.svg", SVG, "Not a supported image format"),
        ("pagina.html", HTML, "valid image"),
        ("foto.jpg", SVG, "does not match"),
        ("foto.jpg", HTML, "valid image"),
        ("foto.png", photo("JPEG"), "does not match"),
        ("foto.jpg", photo()[:60], "broken"),
        ("foto.png", huge(60_000), "too many pixels"),
        ("foto.png", huge(2_000_000), "too many pixels"),
    ],
    ids=["svg", "html", "svg.jpg", "html.jpg", "jpeg.png", "cut-off", "huge", "vast"],
)
def test_no_way_in_takes_what_is_no_picture(
    editor_client, media, way_in, name, data, reason
):
    errors = way_in(editor_client, "images", upload(name, data, "image/jpeg"))
    assert any(reason in error for error in errors), errors
    assert not Picture.objects.exists()
    assert not UploadedFile.objects.exists()
    assert not list(media.rglob("*.*"))


@ways_in
@pytest.mark.parametrize("name", ["dibujo.svg", "pagina.html", "x.js"])
def test_no_way_in_takes_a_document_that_runs(editor_client, media, way_in, name):
    errors = way_in(editor_client, "docs", upload(name, HTML, "application/pdf"))
    assert any("not allowed" in error for error in errors), errors
    assert not File.objects.exists()
    assert not list(media.rglob("*.*"))


@ways_in
def test_no_way_in_takes_a_document_of_too_many_bytes(
    editor_client, media, settings, way_in
):
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 500
    errors = way_in(editor_client, "docs", upload("i.pdf", PDF, "application/pdf"))
    assert any("too big" in error for error in errors), errors
    assert not File.objects.exists()
    assert not list(media.rglob("*.*"))
