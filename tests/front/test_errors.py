"""Pages for what went wrong."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from wagtail.contrib.redirects.models import Redirect

from news.models import NewsPage
from pages.actions import unpublish_language
from tests.news.factories import make_story


def fresh(story):
    return NewsPage.objects.get(pk=story.pk)


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


def test_the_words_of_an_address_are_searched(client, index):
    make_story(index, 1, headline_es="El río crece", headline_en="The river rises")
    page = client.get("/es/noticias/rio_crece-2/").content.decode()
    assert 'value="rio crece 2"' in page
    page = client.get("/es/noticias/los-rios/").content.decode()
    assert '<a href="/es/noticias/historia-1/">El <mark>río</mark> crece</a>' in page


def test_what_was_taken_down_everywhere_is_gone(client, index):
    story = make_story(index, 1)
    unpublish_language(page=story, language="en")
    unpublish_language(page=fresh(story), language="es")
    response = client.get("/en/news/story-1/")
    assert response.status_code == 410
    page = response.content.decode()
    assert "This page was taken down" in page
    assert "Story 1" not in page
    assert client.get("/en/news/story-1/more/").status_code == 404


def test_what_was_deleted_is_gone_unless_it_never_was_public(client, index):
    for number, live in ((1, ("es",)), (2, ())):
        make_story(index, number, live=live).delete()
    codes = [
        client.get(f"/{path}/").status_code
        for path in (
            "es/noticias/historia-1",
            "en/news/story-1",
            "es/noticias/historia-2",
            "es/noticias/historia",
        )
    ]
    assert codes == [410, 404, 404, 404]


def test_a_redirect_wins_over_gone(client, index):
    make_story(index, 1, live=("es",)).delete()
    Redirect.objects.create(
        old_path="/es/noticias/historia-1", redirect_link="/es/noticias/"
    )
    response = client.get("/es/noticias/historia-1/")
    assert (response.status_code, response["Location"]) == (301, "/es/noticias/")


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


def test_an_address_that_no_database_can_look_for_is_missing(client, db):
    assert client.get("/es/a%00b/").status_code == 404
