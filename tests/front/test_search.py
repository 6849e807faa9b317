"""The search page of each language."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from front import searching as searching_page
from news.models import NewsPage
from pages import searching
from pages.actions import unpublish_language
from pages.tasks import remember_again
from pictures.models import File
from tests.news.factories import make_picture, make_story
from tests.topics.factories import make_country, make_project


@pytest.fixture
def terms(projects, countries):
    """A project and a country."""
    return make_project(projects), make_country(countries)


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
    return re.findall(r'<a href="(/.*?)"', results)


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


def shown(client, query, path="/es/buscar/"):
    """The stories found, by number, in their order."""
    page = client.get(f"{path}?{query}").content.decode()
    return "".join(
        re.findall(r'<a href="/.*?/(?:historia|story)-(\d)/"', found_part(page))
    )


def found_part(page):
    return page.split('class="results"')[1].split("</ul>")[0]


def test_the_newer_of_two_equal_matches_stands_first(client, index):
    make_story(index, 1, headline_es="Agua vieja", date=date(2015, 1, 1))
    make_story(index, 2, headline_es="Agua nueva", date=date(2026, 1, 1))
    make_story(index, 3, lead_es="Sobre el agua", date=date(2018, 12, 1))
    make_story(index, 4, lead_es="Sobre el agua", date=date(2019, 1, 2))
    assert shown(client, "q=agua") == "2413"


def test_many_are_ranked_like_few(client, index, terms, monkeypatch):
    test_the_newer_of_two_equal_matches_stands_first(client, index)
    monkeypatch.setattr(searching_page, "MOST_COUNTED", 2)
    monkeypatch.setattr(searching_page, "RESULTS", 4)
    page = client.get("/es/buscar/?q=agua").content.decode()
    urls = re.findall(r'<a href="(/.*?)"', found_part(page))
    assert [url.strip("/").split("-")[-1] for url in urls] == [
        "es/proyectos/agua", "2", "4", "1",
    ]  # fmt: skip


def test_search_is_narrowed_by_project_country_and_year(client, index, terms):
    water, peru = terms
    make_story(index, 1, projects=[water], countries=[peru])
    make_story(index, 2, projects=[water], date=date(2025, 1, 1))
    make_story(index, 3, countries=[peru])
    assert shown(client, "q=historia&project=agua") == "12"
    assert shown(client, "q=historia&project=agua&country=pe") == "1"
    assert shown(client, "project=agua&year=2025") == "2"
    page = client.get("/es/buscar/?q=historia&project=agua").content.decode()
    assert 'class="chip chip--chosen" href="?q=historia"' in page
    english = client.get("/en/search/?q=historia&project=water").content.decode()
    assert 'href="/es/buscar/?project=agua&amp;q=historia" hreflang="es">2' in english


def test_stories_are_found_by_their_project_and_country(client, index, terms):
    water, peru = terms
    make_story(index, 1, projects=[water], countries=[peru])
    make_story(index, 2, countries=[peru])
    assert shown(client, "q=peru") == "12"
    assert shown(client, "q=historia+aguas+peru") == "1"


def test_a_country_stands_above_what_mentions_it(client, index, terms):
    make_story(index, 1, headline_es="Perú en noviembre")
    page = search(client, "perú")
    first = re.findall(r'<a href="(/.*?)"', found_part(page))[0]
    assert first == "/es/paises/peru/"
    assert "País</p>" in page
    assert '<time datetime="2026-12-05">5 de diciembre de 2026</time>' in page


def test_captions_credits_authors_and_documents_are_searched(client, index):
    picture = make_picture(caption_es="Una tejedora", credit="Rosa Poma")
    file = File.objects.create(title="actas.pdf", label_es="Reglamento de riego")
    block = {"file": file.pk, "label": ""}
    body = [{"type": "document", "value": block}]
    make_story(index, 1, picture=picture, body_es=body, author_es="Itzel Huamán")
    for words in ("tejedoras", "rosa poma", "reglamento", "huaman"):
        assert shown(client, f"q={words}") == "1"
    picture.caption_es = "Un alfarero"
    picture.save()
    remember_again(searching.showing(picture))
    assert shown(client, "q=alfarero") == "1"
    assert shown(client, "q=tejedora") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bosqe", "bosque"),
        ("bsoque", "bosque"),
        ("vosque seco", "bosque seco"),
        ("inundacionn", "inundación"),
        ("ormigas", "hormigas"),
    ],
)
def test_a_slip_leads_to_the_word_that_the_site_knows(client, index, typed, meant):
    make_story(index, 1, lead_es="Inundación, hormigas y bosque seco")
    page = search(client, typed)
    assert f"<em>{meant}</em>" in page
    assert shown(client, f"q={meant}") == "1"


def test_nothing_is_suggested_that_finds_nothing(client, index):
    story = make_story(index, 1, lead_es="Un bosque seco")
    assert "<em>" not in search(client, "xilofono")
    unpublish_language(page=story, language="es")
    assert "<em>" not in search(client, "bosqe")


def test_a_search_without_words_offers_ways_in(client, index, terms):
    make_story(index, 1)
    for page in (search(client, ""), search(client, "xyzzy")):
        assert 'href="/es/proyectos/agua/"' in page
        assert 'href="/es/noticias/historia-1/"' in page


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=" + "a" * 65_000, "q=a&page=-1&year=99999"]
)
def test_no_query_breaks_search(client, index, query):
    assert client.get(f"/es/buscar/?{query}").status_code == 200


def test_more_than_is_counted_says_so(client, many, monkeypatch):
    monkeypatch.setattr(searching_page, "MOST_COUNTED", 40)
    assert "More than 40 results" in search(client, "agua", "/en/search/")
