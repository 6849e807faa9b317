"""Feeds of the index and of hubs."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.news.factories import make_story
from tests.topics.factories import make_country, make_project

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    tree = ET.fromstring(response.content)  # noqa: S314 our own feed
    titles = [item.text for item in tree.findall("a:entry/a:title", ATOM)]
    return tree, titles


@pytest.mark.parametrize(
    ("path", "title", "link"),
    [
        ("/es/noticias/feed/", "Historia 1", "/es/noticias/historia-1/"),
        ("/en/news/feed/", "Story 1", "/en/news/story-1/"),
    ],
)
def test_a_feed_speaks_one_language(client, index, path, title, link):
    make_story(index, 1)
    tree, titles = entries(client, path)
    assert titles == [title]
    found = tree.find("a:entry/a:link", ATOM).get("href")
    assert found == f"http://testserver{link}"
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == path[1:3]


def test_a_hub_has_a_feed_of_its_own_stories(client, index, projects, countries):
    project, country = make_project(projects), make_country(countries)
    make_story(index, 1, projects=[project])
    make_story(index, 2, countries=[country])
    assert entries(client, "/es/proyectos/agua/feed/")[1] == ["Historia 1"]
    assert entries(client, "/en/countries/peru/feed/")[1] == ["Story 2"]


def test_drafts_and_other_languages_are_not_fed(client, index):
    make_story(index, 1, live=())
    make_story(index, 2, live=("en",))
    assert entries(client, "/es/noticias/feed/")[1] == []


def test_a_page_that_is_no_list_has_no_feed(client, index):
    make_story(index, 1)
    assert client.get("/es/noticias/historia-1/feed/").status_code == 404
    assert client.get("/es/nada/feed/").status_code == 404


def test_readers_of_feeds_find_it(client, index):
    make_story(index, 1)
    page = client.get("/es/noticias/").content.decode()
    assert 'type="application/atom+xml"' in page
    assert 'href="/es/noticias/feed/"' in page
    story = client.get("/es/noticias/historia-1/").content.decode()
    assert "atom+xml" not in story
