"""Pages for what went wrong."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from pages.actions import unpublish_language
from tests.news.factories import make_story


@pytest.mark.parametrize(
    ("path", "lang", "action"),
    [("/es/nada/", "es", "/es/buscar/"), ("/en/nothing/", "en", "/en/search/")],
)
def test_a_missing_page_offers_search(client, home, path, lang, action):
    response = client.get(path)
    page = response.content.decode()
    assert response.status_code == 404
    assert f'<html lang="{lang}">' in page
    assert f'action="{action}"' in page


def test_a_story_taken_down_in_english_is_offered_in_spanish(client, index):
    story = make_story(index, 1)
    unpublish_language(page=story, language="en")
    response = client.get("/en/news/story-1/")
    assert response.status_code == 404
    assert 'href="/es/noticias/historia-1/" hreflang="es" lang="es"' in (
        response.content.decode()
    )


def test_a_path_of_the_other_language_is_recognised(client, index):
    make_story(index, 1, live=("es",))
    page = client.get("/en/noticias/historia-1/").content.decode()
    assert 'href="/es/noticias/historia-1/"' in page


def test_a_draft_is_not_given_away(client, index):
    make_story(index, 1, live=())
    page = client.get("/en/news/story-1/").content.decode()
    assert "Story 1" not in page
    assert "Historia 1" not in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_error_pages_need_no_database_and_speak_both_languages(name):
    page = render_to_string(name)
    assert '<html lang="es">' in page
    assert '<div lang="en">' in page
    assert 'href="/static/css/error.css"' in page
