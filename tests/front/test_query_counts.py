"""How many queries each kind of page costs; it does not grow with what is shown."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.front.filled import FilledSite

# As measured; a query more is a decision, not an accident.
COSTS = {
    "front page": 21,
    "story": 31,
    "news index": 21,
    "project index": 18,
    "project hub": 27,
    "country index": 18,
    "country hub": 29,
    "offices index": 17,
    "newsletter index": 17,
    "newsletter page": 18,
    "issue page": 25,
    "plain page": 21,
    "search": 12,
    "sign-up page": 9,
    "feed": 5,
    "sitemap": 17,
    "missing page": 14,
}


def paths_of(site, lang):
    """One address of each kind of page."""
    own = {
        "es": {"search": "/es/buscar/?q=agua", "sign-up page": "/es/suscripcion/alta/"},
        "en": {
            "search": "/en/search/?q=water",
            "sign-up page": "/en/subscription/join/",
        },
    }
    found = {kind: page.url_in(lang) for kind, page in site.pages().items()}
    return {
        **found,
        **own[lang],
        "feed": f"{found['news index']}feed/",
        "sitemap": "/sitemap.xml",
        "missing page": f"/{lang}/nada/",
    }


def queries_of(path):
    """How many queries a page costs, with its pictures made and the cache empty."""
    client = Client()
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == (404 if path.endswith("/nada/") else 200)
    return len(queries)


def measure(site):
    return {
        (kind, lang): queries_of(path)
        for lang in ("es", "en")
        for kind, path in paths_of(site, lang).items()
    }


@pytest.mark.django_db
def test_no_page_costs_more_for_showing_more(subtests):
    """One site for all kinds of page, measured with little on it and with much."""
    site = FilledSite()
    few = measure(site)
    site.grow()
    site.grow()
    for (kind, lang), cost in measure(site).items():
        with subtests.test(kind=kind, lang=lang):
            assert cost == few[kind, lang]
            assert cost == COSTS[kind]
