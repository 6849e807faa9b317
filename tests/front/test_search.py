"""The search page of each language."""

from __future__ import annotations

import pytest

from tests.news.factories import make_story


def search(client, query, path="/es/buscar/"):
    response = client.get(path, {"q": query})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("query", ["riego", "RIEGO", "riegos"])
def test_words_are_found_whatever_their_form(client, index, query):
    make_story(index, 1, headline_es="El riego de noche")
    page = search(client, query)
    assert "<mark>riego</mark>" in page
    assert 'href="/es/noticias/historia-1/"' in page


def test_accents_do_not_matter(client, index):
    make_story(index, 1, headline_es="Páramo común")
    assert "<mark>Páramo</mark>" in search(client, "paramo")


def test_a_search_stays_in_its_language_and_points_to_the_other(client, index):
    make_story(index, 1, live=("es",), headline_es="Cacao en Quevedo")
    page = search(client, "cacao", "/en/search/")
    assert "0 results" in page
    assert "/es/noticias/historia-1/" not in page
    assert 'href="/es/buscar/?q=cacao" hreflang="es"' in page


def test_drafts_are_not_found(client, index):
    make_story(index, 1, live=(), headline_es="Secreto")
    assert "historia-1" not in search(client, "secreto")


def test_nothing_found_is_helpful(client, index):
    assert "Try another word" in search(client, "xyz", "/en/search/")


@pytest.mark.parametrize(
    "query", ["", "   ", "\0", "'\"<b>%_\\", "a" * 5000, "🌽", "-"]
)
def test_any_query_is_answered(client, index, query):
    page = search(client, query)
    assert "<b>%" not in page


def test_what_was_asked_is_escaped(client, index):
    make_story(index, 1, headline_es="Un <i>caso</i> raro")
    page = search(client, "caso")
    assert "&lt;i&gt;<mark>caso</mark>&lt;/i&gt;" in page


def test_a_search_costs_few_queries(client, index, django_assert_max_num_queries):
    for number in range(8):
        make_story(index, number, headline_es=f"Agua {number}")
    search(client, "agua")
    with django_assert_max_num_queries(25):
        search(client, "agua")


def test_search_is_only_read(client, index):
    assert client.post("/es/buscar/", {"q": "agua"}).status_code == 405
