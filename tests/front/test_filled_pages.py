"""The pages of a site that has some of everything, as readers get them."""

from __future__ import annotations

import re

import pytest

from pages.models import BrandSettings
from tests.front.filled import FilledSite

PARTS = {
    "es": [
        "Noticias",
        "Noticias del proyecto",
        "Noticias del país",
        "Suscribirse",
        "Nuestras oficinas",
    ],
    "en": ["News", "Project news", "Country news", "Subscribe", "Our offices"],
}


@pytest.fixture
def site(db):
    return FilledSite()


def read(client, page, lang):
    response = client.get(page.url_in(lang))
    assert response.status_code == 200
    return response.content.decode()


def test_the_parts_under_a_story_stand_in_their_order(client, site):
    for lang, parts in PARTS.items():
        html = read(client, site.stories[0], lang).split("</article>", 1)[1]
        assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == parts


def test_no_page_says_none_or_leaves_an_address_empty(client, site, subtests):
    for kind, page in site.pages().items():
        for lang in PARTS:
            with subtests.test(kind=kind, lang=lang):
                html = read(client, page, lang)
                assert ">None<" not in html
                assert not re.search(r'(?:href|src|action)="(?:None)?"', html)


def test_every_page_has_one_description(client, site, subtests):
    BrandSettings.objects.update(tagline_es="Noticias del campo", tagline_en="News")
    addresses = [page.url_in(lang) for page in site.pages().values() for lang in PARTS]
    for path in [*addresses, "/es/privacidad/", "/es/suscripcion/alta/", "/en/search/"]:
        with subtests.test(path=path):
            html = client.get(path).content.decode()
            assert html.count('<meta name="description"') == 1
