"""The search page of each language."""

from __future__ import annotations

import re
from html import unescape

import pytest

from news.models import NewsPage
from pages import searching
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


def links(page, rel):
    return [unescape(found) for found in re.findall(rf'rel="{rel}" href="(.*?)"', page)]


@pytest.fixture
def many(index):
    """41 stories that search finds, live without the cost of publishing each."""
    words = {"headline_es": "Agua y sol", "headline_en": "Agua & sol"}
    live = {"live": True, "live_es": True, "live_en": True}
    for number in range(41):
        slugs = {"slug_es": f"n-{number}", "slug_en": f"n-{number}"}
        index.add_child(instance=NewsPage(**words, **slugs, **live))
    searching.settle()


WORDS = {
    "/es/buscar/": ("Página 1 de 3", "Más resultados", "Resultados anteriores"),
    "/en/search/": ("Page 1 of 3", "More results", "Previous results"),
}


def test_every_result_is_reached_by_going_on_and_back(client, many):
    for path, (where, more, back) in WORDS.items():
        page = search(client, "agua & sol", path)
        assert where in page
        assert more in page
        assert back not in page
        seen, on = found_in(page), links(page, "next")
        while on:
            page = client.get(path + on[0]).content.decode()
            seen += found_in(page)
            on = links(page, "next")
        assert len(seen) == len(set(seen)) == 41
        assert links(page, "prev") == ["?q=agua+%26+sol&page=2"]
        assert back in page
        assert 'value="agua &amp; sol"' in page
        assert '<nav class="pager" aria-label=' in page


def found_in(page):
    results = page.split('class="results"')[1].split("</ul>")[0]
    return re.findall(r'<li><a href="(/.*?)"', results)


def test_a_screen_that_makes_no_sense_is_the_nearest(client, many):
    shown = {"0": 1, "x": 1, "-1": 1, "٣": 1, "2": 2, "99": 3, "9" * 40: 1}
    for asked, number in shown.items():
        page = client.get("/es/buscar/", {"q": "agua", "page": asked})
        assert f"Página {number} de 3" in page.content.decode()


def test_few_results_need_no_way_on(client, index):
    make_story(index, 1, headline_es="Agua")
    assert 'class="pager"' not in search(client, "agua")


def test_search_is_only_read(client, index):
    assert client.post("/es/buscar/", {"q": "agua"}).status_code == 405
