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
    "front page": 24,
    "story": 37,
    "news index": 26,
    "project index": 21,
    "project hub": 34,
    "country index": 21,
    "country hub": 37,
    "offices index": 20,
    "newsletter index": 19,
    "newsletter page": 20,
    "issue page": 27,
    "plain page": 23,
    "search": 23,
    "sign-up page": 10,
    "feed": 13,
    "JSON feed": 13,
    "sitemap": 2,
    "sitemap index": 6,
    "news sitemap": 4,
    "missing page": 20,
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
        "sitemap": f"/sitemap-{lang}-1.xml",
        "sitemap index": "/sitemap.xml",
        "news sitemap": "/sitemap-news.xml",
        "JSON feed": f"{found['news index']}feed.json",
        "missing page": f"/{lang}/nada/",
    }


def queries_of(path):
    """How many queries a page costs, with its pictures made and the cache empty."""
    client = Client()
    client.get(path)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
        b"".join(response)  # some are read while they are sent
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
            assert cost == few[kind, lang], (kind, "grows", cost)
            assert cost == COSTS[kind], (kind, cost)
