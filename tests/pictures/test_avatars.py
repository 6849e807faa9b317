"""One's own picture in the account form follows the rules of all pictures."""

from __future__ import annotations

import pytest
from PIL import Image
from wagtail.users.models import UserProfile

from tests.pages.factories import make_person
from tests.people.accounts import save_account
from tests.pictures.photos import photo, upload
from tests.pictures.test_pictures import SVG

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def person(client):
    person = make_person("ana", "editor")
    client.force_login(person)
    return person


def avatar_of(person):
    return UserProfile.objects.get(user=person).avatar


def test_a_portrait_is_small_upright_and_without_place(client, person):
    data = photo(size=(900, 600), gps=True)
    assert (
        save_account(client, **{"avatar-avatar": upload(data=data)}).status_code == 302
    )
    with avatar_of(person).open("rb") as file, Image.open(file) as image:
        assert image.format == "WEBP"
        assert image.size == (267, 400)
        assert not dict(image.getexif())


@pytest.mark.parametrize(
    ("name", "data", "limits"),
    [
        ("yo.jpg", SVG, {}),
        ("yo.svg", SVG, {}),
        ("yo.jpg", photo()[:60], {}),
        ("yo.bmp", photo("BMP"), {}),
        ("yo.jpg", photo(), {"WAGTAILIMAGES_MAX_UPLOAD_SIZE": 100}),
        ("yo.jpg", photo(), {"WAGTAILIMAGES_MAX_IMAGE_PIXELS": 1000}),
    ],
    ids=["hidden svg", "svg", "cut off", "bmp", "bytes", "pixels"],
)
def test_what_no_picture_may_be_no_portrait_is(
    client, person, settings, tmp_path, name, data, limits
):
    for setting, value in limits.items():
        setattr(settings, setting, value)
    answer = save_account(client, **{"avatar-avatar": upload(name, data)})
    assert answer.status_code == 200
    assert 'class="error-message"' in answer.content.decode()
    assert not avatar_of(person)
    assert not list(tmp_path.rglob("*.*"))


def test_a_portrait_stays_until_it_is_taken_away(client, person, tmp_path):
    save_account(client, **{"avatar-avatar": upload()})
    first = avatar_of(person).name
    save_account(client)
    assert avatar_of(person).name == first
    save_account(client, **{"avatar-avatar-clear": "on"})
    assert not avatar_of(person)
    assert not list(tmp_path.rglob("*.webp"))
