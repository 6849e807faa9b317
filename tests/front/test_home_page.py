"""The front page, and the frame that every page shares."""

from __future__ import annotations

import re

import pytest
from wagtail.models import Site

from front.models import PlainPage
from pages.actions import publish_languages, unpublish_language
from pages.models import BilingualPage, BrandSettings
from tests.news.factories import make_story
from tests.topics.factories import make_country, make_project

TITLE = r'class="card__title"><a href="([^"]+)"'


def read(client, path="/es/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def brand(**fields):
    return BrandSettings.objects.create(site=Site.objects.get(), **fields)


def test_the_latest_story_leads(client, index):
    for number in range(4):
        make_story(index, number)
    page = read(client)
    assert re.findall(TITLE, page)[0] == "/es/noticias/historia-0/"
    assert page.count("card--lead") == 1


def test_the_editors_choice_leads_and_stands_once(client, home, index):
    chosen = [make_story(index, number) for number in range(12)][11]
    home.lead_story_id = chosen.pk
    home.save()
    listed = re.findall(TITLE, read(client))
    assert listed[0] == "/es/noticias/historia-11/"
    assert len(listed) == len(set(listed)) == 9


def test_a_choice_missing_in_a_language_leads_only_in_the_other(client, home, index):
    make_story(index, 1)
    home.lead_story_id = make_story(index, 2, live=("es",)).pk
    home.save()
    assert re.findall(TITLE, read(client))[0] == "/es/noticias/historia-2/"
    assert re.findall(TITLE, read(client, "/en/")) == ["/en/news/story-1/"]


@pytest.mark.parametrize(("lang", "way_on"), [("es", True), ("en", False)])
def test_the_way_on_to_all_news_is_there_where_the_index_is(
    client, index, lang, way_on
):
    for number in range(4):
        make_story(index, number)
    unpublish_language(page=index, language="en")
    assert ('class="more"' in read(client, f"/{lang}/")) is way_on


def test_the_front_page_stays_when_the_news_index_is_taken_down(client, index):
    for number in range(4):
        make_story(index, number)
    BilingualPage.objects.get(pk=index.pk).specific.unpublish()
    assert 'class="more"' not in read(client)


def test_projects_and_countries_are_ways_in(client, index, projects, countries):
    make_project(projects)
    make_country(countries)
    page = read(client, "/en/")
    assert 'href="/en/projects/water/"' in page
    assert 'href="/en/countries/peru/"' in page


def test_an_empty_site_looks_meant(client, home):
    assert "The first story is on its way." in read(client, "/en/")


def test_the_menu_has_five_links_at_most_in_the_language(client, home):
    for number in range(7):
        page = PlainPage(
            headline_es=f"Página {number}", headline_en="", show_in_menus=True
        )
        page.live = False
        home.add_child(instance=page)
        publish_languages(page=page, languages=["es"])
    assert len(re.findall(r">Página \d<", read(client))) == 5
    assert "Página" not in read(client, "/en/")


def test_the_name_of_the_site_comes_from_the_brand(client, home):
    brand(name="Minga", tagline_es="Noticias del valle", tagline_en="Valley news")
    page = read(client, "/en/")
    assert "· Minga</title>" in page
    assert "Valley news" in page
    assert "Noticias del valle" not in page


def test_the_accent_is_a_style_sheet_of_its_own(client, home):
    assert "brand.css" not in read(client)
    settings = brand(name="Minga", accent="#8a1c3b")
    address = re.search(r'href="(/brand\.css\?v=\w+)"', read(client)).group(1)
    response = client.get(address)
    assert "--accent: light-dark(#8a1c3b," in response.content.decode()
    assert "immutable" in response["Cache-Control"]
    settings.accent = "#1c3b8a"
    settings.save()
    assert address not in read(client)


def test_a_reader_gets_no_cookie(client, index):
    response = client.get("/es/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_plain_page_shows_its_own_words(client, home, lang):
    page = PlainPage(
        headline_es="Sobre nosotros",
        headline_en="About us",
        body_es=[{"type": "paragraph", "value": "<p>Somos doce.</p>"}],
        body_en=[{"type": "paragraph", "value": "<p>We are twelve.</p>"}],
        show_in_footer=True,
    )
    page.live = False
    home.add_child(instance=page)
    publish_languages(page=page, languages=["es", "en"])
    page = BilingualPage.objects.get(pk=page.pk)
    text = read(client, page.url_in(lang))
    own, other = ("Somos doce.", "We are twelve.")[:: 1 if lang == "es" else -1]
    assert own in text
    assert other not in text
    assert f'href="{page.url_in(lang)}"' in text.split("<footer")[1]
