"""Choosing a page shows what it is in each language."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.pages.factories import make_story

pytestmark = pytest.mark.django_db


@pytest.fixture
def stories(index):
    make_story(index, live=("es",), headline_es="Publicada")
    make_story(index, headline_en="Draft only", original_language="en")


@pytest.mark.parametrize("page_type", ["news.newspage", "pages.bilingualpage"])
def test_choosing_shows_a_chip_per_language(stories, index, editor_client, page_type):
    url = reverse("wagtailadmin_choose_page_child", args=[index.pk])
    answer = editor_client.get(url, {"page_type": page_type}).json()["html"]
    # The list itself is live in both; of the stories one is in Spanish, one a draft.
    assert answer.count("pg-state--live") == 3
    assert answer.count("pg-state--draft") == 1
    assert answer.count("pg-state--missing") == 2
    assert "w-status" not in answer


def test_choosing_starts_at_the_top(stories, editor_client):
    answer = editor_client.get(reverse("wagtailadmin_choose_page"))
    assert "pg-state--live" in answer.json()["html"]


@pytest.mark.usefixtures("wagtails_index")
def test_searching_for_a_page_shows_a_chip_per_language(stories, editor_client):
    url = reverse("wagtailadmin_choose_page_search")
    html = editor_client.get(url, {"q": "Publicada"}).content.decode()
    assert html.count("pg-state--live") == 1
    assert html.count("pg-state--missing") == 1


def test_the_choosers_of_the_editor_lead_there(stories, index, editor_client):
    url = reverse("wagtailadmin_pages:add", args=["news", "newspage", index.pk])
    html = editor_client.get(url).content.decode()
    assert reverse("wagtailadmin_choose_page") in html
    assert "/choose-page/" not in html


def test_only_people_of_the_admin_choose(stories, client):
    for name in ("wagtailadmin_choose_page", "wagtailadmin_choose_page_search"):
        assert client.get(reverse(name)).status_code == 302
