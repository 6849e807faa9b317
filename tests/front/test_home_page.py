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


def shown(client, path="/es/"):
    """The addresses of the stories on the front page."""
    return re.findall(TITLE, read(client, path))


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


def test_the_editors_order_comes_before_the_latest(client, home, index):
    made = [make_story(index, number) for number in range(12)]
    hidden = make_story(index, 20, live=("es",))
    order = [made[9], hidden, made[1], made[9]]
    home.next_stories = [("story", story) for story in order]
    home.save()
    numbers = [int(url.rstrip("/").rpartition("-")[2]) for url in shown(client)]
    assert numbers == [0, 9, 20, 1, 2, 3, 4, 5, 6]
    home.lead_story_id = made[1].pk
    home.save()
    numbers = [int(url.rstrip("/").rpartition("-")[2]) for url in shown(client, "/en/")]
    assert numbers == [1, 9, 0, 2, 3, 4, 5, 6, 7]


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


def test_menus_are_the_editors_where_there_are_any(client, home, index):
    story = make_story(index, 1, live=("es",))
    page = {"words_es": "", "words_en": ""}
    radio = {
        "words_es": "",
        "words_en": "Radio",
        "url_es": "",
        "url_en": "https://r.example/",
    }
    menu = [
        ("link", radio),
        ("page", {**page, "page": story}),
        ("page", {**page, "page": index, "words_es": "Todo"}),
    ]
    brand(header_menu=menu, footer_menu=menu)
    found = {}
    for lang in ("es", "en"):
        for part in ("header", "footer"):
            html = read(client, f"/{lang}/").split(f'<{part} class="site-')[1]
            html = html.split(f"</{part}>")[0]
            found[lang, part] = re.findall(r'<li><a href="([^"]+)">([^<]+)<', html)
    spanish = [("/es/noticias/historia-1/", "Historia 1"), ("/es/noticias/", "Todo")]
    english = [("https://r.example/", "Radio"), ("/en/news/", "News")]
    assert found["es", "header"][:2] == spanish
    assert found["en", "header"][:2] == english
    assert found["es", "footer"][:2] == spanish
    assert found["en", "footer"][:2] == english
    assert 'href="/es/noticias/" aria-current="true">Todo' in (
        read(client, "/es/noticias/historia-1/")
    )


def test_a_name_written_in_one_language_stands_in_both(client, home):
    brand(name_es="Minga")
    assert "· Minga</title>" in read(client, "/en/")


def test_the_name_of_the_site_comes_from_the_brand(client, home):
    brand(name_en="Minga", tagline_es="Noticias del valle", tagline_en="Valley news")
    page = read(client, "/en/")
    assert "· Minga</title>" in page
    assert "Valley news" in page
    assert "Noticias del valle" not in page


def test_the_accent_is_a_style_sheet_of_its_own(client, home):
    assert "brand.css" not in read(client)
    settings = brand(name_es="Minga", accent="#8a1c3b")
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


def test_a_page_below_another_leads_up(client, home):
    about = PlainPage(headline_es="Nosotros", headline_en="About", live=False)
    home.add_child(instance=about)
    publish_languages(page=about, languages=["es", "en"])
    team = PlainPage(headline_es="Equipo", headline_en="Team", live=False)
    PlainPage.objects.get(pk=about.pk).add_child(instance=team)
    publish_languages(page=team, languages=["es", "en"])
    assert 'class="way"' not in read(client, "/en/about/")
    assert '<ol class="way"><li><a href="/en/about/">About</a></li></ol>' in (
        read(client, "/en/about/team/")
    )
