"""Which uploads the public may read: renditions, and documents that are not private."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from pictures.models import File, Picture
from tests.pages.factories import make_person
from tests.pictures.photos import photo, upload

pytestmark = pytest.mark.django_db
CADDYFILE = Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()  # Wagtail finds renditions of other tests there
    (tmp_path / "secret-key").write_text("secret")


@pytest.fixture
def picture():
    file = ContentFile(photo(), name="puente.jpg")
    return Picture.objects.create(title="Puente", file=file)


@pytest.fixture
def collection():
    return Collection.get_first_root_node().add_child(name="Equipo")


@pytest.fixture
def document(collection):
    file = ContentFile(b"%PDF-1.4", name="acta.pdf")
    return File.objects.create(title="Acta", file=file, collection=collection)


@pytest.mark.parametrize("kind", ["login", "password"])
def test_a_private_document_is_kept_from_the_public(client, collection, document, kind):
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=kind, password="adivine"
    )
    by_wagtail = client.get(document.url)
    assert by_wagtail.status_code == {"login": 302, "password": 200}[kind]
    assert b"%PDF" not in by_wagtail.content
    assert client.get(f"/media/{document.file.name}").status_code == 404


def test_who_may_log_in_reads_a_private_document(client, collection, document):
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="login"
    )
    client.force_login(make_person("ana", "editor"))
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    assert client.get(f"/media/{document.file.name}").status_code == 404


def test_anybody_reads_another_document_at_its_own_address_only(client, document):
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    assert client.get(f"/media/{document.file.name}").status_code == 404


def test_anybody_sees_a_rendition_and_nobody_an_original(client, picture):
    rendition = client.get(picture.get_rendition("max-20x20").url)
    assert rendition["Content-Type"] == "image/jpeg"
    assert rendition["Content-Security-Policy"] == "default-src 'none'"
    assert client.get(picture.file.url).status_code == 404


def test_a_file_that_waits_for_its_title_is_not_public(client, settings):
    client.force_login(make_person("ana", "editor"))
    post = {"title": "x" * 300, "files[]": upload(data=photo(gps=True))}
    client.post(reverse("wagtailimages:add_multiple"), {**post, "collection": 1})
    (waiting,) = (settings.MEDIA_ROOT / "wagtail_uploads").iterdir()
    client.logout()
    assert client.get(f"/media/wagtail_uploads/{waiting.name}").status_code == 404


@pytest.mark.parametrize(
    "path", ["../documents/acta.pdf", "%2e%2e/documents/acta.pdf", "../../secret-key"]
)
def test_no_path_leads_out_of_a_public_folder(client, document, path):
    assert client.get(f"/media/images/{path}").status_code in {400, 404}


def test_the_reverse_proxy_serves_renditions_and_cards_only():
    roots = re.findall(r"^\s*root .*$", CADDYFILE.read_text(), re.M)
    assert [root.split()[-1] for root in roots] == [
        "/data/pregon/media/images",
        "/data/pregon/media/share",
    ]
