"""The index of stories: order, years, the way on."""

from __future__ import annotations

import re
from datetime import date

import pytest

from news import listing
from tests.news.factories import make_story
from tests.topics.factories import make_country, make_project

TITLE = r'class="card__title"><a href="([^"]+)"'


def listed(client, path="/es/noticias/"):
    response = client.get(path)
    assert response.status_code == 200
    return re.findall(TITLE, response.content.decode())


def test_the_newest_story_comes_first(client, index):
    make_story(index, 2)
    make_story(index, 1)
    assert listed(client) == ["/es/noticias/historia-1/", "/es/noticias/historia-2/"]


@pytest.mark.parametrize(
    ("path", "shown"), [("/es/noticias/", "historia-1"), ("/en/news/", "story-2")]
)
def test_only_stories_in_the_language_are_listed(client, index, path, shown):
    make_story(index, 1, live=("es",))
    make_story(index, 2, live=("en",))
    assert [address.split("/")[3] for address in listed(client, path)] == [shown]


def test_the_list_says_what_only_the_other_language_has(client, index):
    make_story(index, 1, live=("es",))
    make_story(index, 2)
    english = client.get("/en/news/").content.decode()
    assert "1 more story, only in Spanish" in english
    assert 'href="/es/noticias/" hreflang="es">1 more' in english
    assert 'class="elsewhere"' not in client.get("/es/noticias/").content.decode()


def test_every_story_is_reached_once_by_going_on(client, index, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    day = date(2026, 5, 1)
    for number in range(10):  # five a day: the way on must not lose any of a day
        make_story(index, number, date=day.replace(day=1 + number // 5))
    seen, path = [], "/es/noticias/"
    while path:
        seen += listed(client, path)
        page = client.get(path).content.decode()
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/es/noticias/" + following.group(1) if following else ""
    assert len(seen) == 10
    assert len(set(seen)) == 10


def test_a_year_shows_its_stories_only(client, index):
    make_story(index, 1, date=date(2025, 3, 1))
    make_story(index, 2, date=date(2026, 3, 1))
    assert listed(client, "/es/noticias/?year=2025") == ["/es/noticias/historia-1/"]


def test_the_year_stays_chosen_on_the_way_on(client, index, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 3)
    for number in range(4):
        make_story(index, number, date=date(2025, 3, 1 + number))
    page = client.get("/es/noticias/?year=2025").content.decode()
    assert re.search(r'rel="next" href="\?year=2025&amp;after=2025-03-02_\d+"', page)


@pytest.mark.parametrize(
    "query",
    [
        "year=abc",
        "year=0000",
        "year=٢٠٢٥",
        "after=x",
        "after=2026-01-01_",
        "after=2026-01-01_99999999999999999999",
        "after=9999-99-99_1",
        "year=2026&year=x&after=%00",
    ],
)
def test_a_query_that_makes_no_sense_shows_the_list(client, index, query):
    make_story(index, 1)
    assert listed(client, f"/es/noticias/?{query}") == ["/es/noticias/historia-1/"]


@pytest.fixture
def archive(index, projects, countries):
    """Four stories: 1 and 2 about water, 1 and 3 in Peru, 4 about neither."""
    water, peru = make_project(projects), make_country(countries)
    make_project(projects, "Semillas", "Seeds")
    make_story(index, 1, projects=[water], countries=[peru])
    make_story(index, 2, projects=[water], date=date(2025, 1, 2))
    make_story(index, 3, countries=[peru], date=date(2025, 1, 1))
    make_story(index, 4)


@pytest.mark.parametrize(
    ("path", "shown", "total"),
    [
        ("/en/news/", "1423", "4 stories"),
        ("/en/news/?project=water", "12", "2 stories"),
        ("/en/news/?country=pe", "13", "2 stories"),
        ("/en/news/?year=2025", "23", "2 stories"),
        ("/en/news/?year=2025&country=pe", "3", "1 story"),
        ("/en/news/?project=water&country=pe&year=", "1", "1 story"),
        ("/en/news/?project=seeds", "", "0 stories"),
        ("/en/projects/water/", "12", "2 stories"),
        ("/en/projects/water/?country=pe", "1", "1 story"),
        ("/en/projects/water/?project=seeds", "12", "2 stories"),
        ("/en/countries/peru/?project=water", "1", "1 story"),
    ],
)
def test_filters_go_together_and_are_counted(client, archive, path, shown, total):
    page = client.get(path).content.decode()
    assert "".join(
        re.findall(r"/en/news/story-(\d)/", "".join(listed(client, path)))
    ) == (shown)
    assert f">{total}</p>" in page


def test_a_filter_offers_what_has_stories_and_can_be_taken_away(client, archive):
    page = client.get("/en/news/?country=pe&year=2025").content.decode()
    assert '<option value="pe" selected>Peru (1)</option>' in page
    assert '<option value="2026">2026 (1)</option>' in page
    assert "Water (" not in page
    assert "Seeds (" not in page
    assert 'chip--chosen" href="?year=2025"' in page
    assert 'chip--chosen" href="?country=pe"' in page


def test_a_filter_that_there_is_not_is_left_out_and_said(client, archive):
    page = client.get("/en/news/?project=%22%3E%3Cb%3E&country=pe").content.decode()
    assert "it was left out" in page
    assert "<b>" not in page
    assert "2 stories" in page


@pytest.mark.parametrize(
    ("query", "is_kept"), [("", True), ("?utm_source=x", True), ("?year=2025", False)]
)
def test_robots_keep_the_whole_list_only(client, archive, query, is_kept):
    page = client.get(f"/en/news/{query}").content.decode()
    assert ('content="noindex"' not in page) == is_kept


def test_what_was_left_is_found_again_by_going_back(client, index, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(7):
        make_story(index, number, date=date(2026, 5, 1 + number // 5))
    ways, path = [], "/es/noticias/"
    while path:
        ways.append(listed(client, path))
        path, last = on(client, path, "next"), path
    back, path = [], last
    while path:
        back.append(listed(client, path))
        path = on(client, path, "prev")
    assert [len(screen) for screen in ways] == [2, 2, 2, 1]
    assert back == ways[::-1]


def on(client, path, rel):
    """The address of the list after or before the one at a path."""
    page = client.get(path).content.decode()
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', page)
    return "/es/noticias/" + found.group(1).replace("&amp;", "&") if found else ""


@pytest.mark.parametrize(
    "query", ["before=2000-01-01_1", "after=9999-12-31_1", "before=x", "page=-1"]
)
def test_a_mark_that_is_far_off_shows_the_first_screen(client, index, query):
    make_story(index, 1)
    assert listed(client, f"/es/noticias/?{query}") == ["/es/noticias/historia-1/"]


@pytest.mark.parametrize("query", ["q=%ff", "year=99999", "x=" + "y" * 65_000])
def test_no_query_breaks_a_list(client, index, query):
    assert client.get(f"/es/noticias/?{query}").status_code == 200
    assert client.post(f"/es/noticias/?{query}").status_code == 405


def test_an_empty_index_says_so(client, index):
    response = client.get("/en/news/")
    assert "No story has been published here yet." in response.content.decode()
