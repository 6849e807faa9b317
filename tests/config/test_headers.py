"""Every answer carries the headers that limit what a page may do."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse

from front.models import HomePage
from newsletter.models import Newsletter
from pictures.models import Picture
from tests.newsletter.readers import active_reader, own_path
from tests.pages.factories import make_home, make_person
from tests.pictures.photos import photo

STRICT = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "img-src": "'self' data:",
    "frame-src": "'self' https://www.youtube-nocookie.com https://player.vimeo.com "
    "https://www.openstreetmap.org",
}
POLICIES = {
    "page": STRICT,
    "token page": STRICT,
    "missing page": STRICT,
    "admin": STRICT
    | {
        "script-src": "'self' 'unsafe-inline'",
        "script-src-attr": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
    },
    "login": {"script-src-attr": "'none'", "object-src": "'none'"},
    "picture": {"default-src": "'none'"},
}


@pytest.fixture(autouse=True)
def https(settings, tmp_path):
    """As in production: the site's address begins with https."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()  # Wagtail finds renditions of other tests there
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


@pytest.fixture
def paths(db):
    """A path of each kind."""
    make_home()
    newsletter = Newsletter.objects.create(key="m", from_address="m@centre.example")
    file = ContentFile(photo(), name="puente.jpg")
    picture = Picture.objects.create(title="Puente", file=file)
    return {
        "page": "/en/",
        "token page": own_path(active_reader(newsletter, "en"), "preferences"),
        "missing page": "/en/nothing/",
        "admin": reverse("wagtailadmin_home"),
        "login": reverse("wagtailadmin_login"),
        "picture": picture.get_rendition("max-20x20").url,
    }


@pytest.fixture
def answer_of(client, paths):
    """What a browser gets at a path of a kind, through https."""

    def ask(kind):
        if kind == "admin":
            client.force_login(make_person("ana", "editor"))
        return client.get(paths[kind], secure=True)

    return ask


@pytest.mark.parametrize("kind", POLICIES)
def test_every_answer_limits_what_it_may_load(answer_of, kind):
    given = answer_of(kind)["Content-Security-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in given.split(";"))
    assert policy.items() >= POLICIES[kind].items()


@pytest.mark.parametrize("kind", POLICIES)
def test_every_answer_carries_the_other_headers(answer_of, kind):
    answer = answer_of(kind)
    assert answer.status_code == (404 if kind == "missing page" else 200)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    for feature in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in answer["Permissions-Policy"]
    assert answer["Referrer-Policy"] == (
        "no-referrer" if kind == "token page" else "strict-origin-when-cross-origin"
    )


OPENER = "Cross-Origin-Opener-Policy"


@pytest.mark.parametrize("kind", POLICIES)
def test_only_what_everybody_may_read_stays_with_its_opener(answer_of, kind):
    is_public = kind in {"page", "missing page"}
    assert answer_of(kind)[OPENER] == ("unsafe-none" if is_public else "same-origin")


def test_what_an_editor_sees_parts_from_its_opener(client, paths):
    client.force_login(make_person("ana", "editor"))
    page = HomePage.objects.get()
    draft = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    for path in (paths["page"], draft):
        answer = client.get(path, secure=True)
        assert answer.status_code == 200
        assert answer[OPENER] == "same-origin", path
