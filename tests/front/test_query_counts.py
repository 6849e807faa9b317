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
    "front page": 20,
    "story": 31,
    "news index": 20,
    "project index": 17,
    "project hub": 26,
    "country index": 17,
    "country hub": 28,
    "offices index": 16,
    "newsletter index": 16,
    "newsletter page": 17,
    "issue page": 24,
    "plain page": 20,
    "search": 11,
    "sign-up page": 8,
    "feed": 5,
    "sitemap": 17,
    "missing page": 13,
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
