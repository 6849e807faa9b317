"""The benchmarks measure real pages: what they fill a site with is valid."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from bench import newsroom
from bench.filling import copies
from pages import states
from pages.models import BilingualPage, PagePath
from tests.pages.factories import make_home, make_index, make_person
from translations import desk

pytestmark = pytest.mark.django_db
COLUMNS = [
    "path", "depth", "numchild", "slug", "url_path", "state_es", "state_en",
    "words_es", "words_en", "public_path_es", "public_path_en", "progress_en",
]  # fmt: skip


@pytest.fixture
def filled():
    index = make_index(make_home())
    return index, newsroom.fill(index, 20)


def test_filled_pages_are_valid_pages(filled):
    index, ids = filled
    assert all(not found for found in Page.find_problems())
    assert {page.pk for page in index.get_children()} >= set(ids)
    pages = BilingualPage.objects.filter(pk__in=ids)
    before = list(pages.order_by("pk").values(*COLUMNS))
    for page in pages.specific():
        page.full_clean()
        page.save()
        states.refresh_state(page_id=page.pk)
    assert list(pages.order_by("pk").values(*COLUMNS)) == before
    assert PagePath.objects.filter(page__in=ids, is_current=True).count() >= len(ids)


def test_the_desk_and_readers_see_filled_pages(filled, client):
    _index, ids = filled
    waiting = desk.waiting("en").filter(pk__in=ids)
    assert {page.state_en for page in waiting} == {"behind", "draft", "missing"}
    client.force_login(make_person("itzel", "translator_en"))
    shown = client.get("/cms/translations/?language=en").content.decode()
    assert all(f"/cms/translations/{page.pk}/en/" in shown for page in waiting)
    live = BilingualPage.objects.filter(pk__in=ids, live_en=True).last()
    assert client.get(f"/en/{live.public_path_en}").status_code == 200


def test_a_listing_asks_no_more_for_more_pages(client):
    index = make_index(make_home())
    seeds = newsroom.make_seeds(index)
    client.force_login(make_person("itzel", "translator_en"))
    few = asked(client, index)
    copies(seeds["both"], 15)
    copies(seeds["draft"], 15)
    assert asked(client, index) == few


def asked(client, index):
    """How many queries a warm listing takes."""
    client.get(f"/cms/pages/{index.pk}/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/cms/pages/{index.pk}/")
    return len(captured)
