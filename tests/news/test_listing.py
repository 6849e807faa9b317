"""The index of stories: order, years, the way on."""

from __future__ import annotations

import re
from datetime import date

import pytest

from news import listing
from tests.news.factories import make_story

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


def test_an_empty_index_says_so(client, index):
    response = client.get("/en/news/")
    assert "No story has been published here yet." in response.content.decode()
