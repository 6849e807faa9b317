"""Feeds of the index and of hubs."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from wagtail.models import PageViewRestriction

from pages.actions import publish_languages
from tests.news.factories import make_story
from tests.pages.factories import save_draft
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/es/proyectos/agua/feed/", "/es/proyectos/rios/feed/"),
        ("/en/projects/water/feed/", "/en/projects/rivers/feed/"),
    ],
)
def test_a_feed_moves_with_its_hub(client, projects, old, new):
    project = make_project(projects)
    save_draft(project, slug_es="rios", slug_en="rivers")
    publish_languages(page=project, languages=["es", "en"])
    response = client.get(f"{old}?from=reader")
    assert (response.status_code, response["Location"]) == (301, f"{new}?from=reader")
    assert client.get(new).status_code == 200


def test_a_feed_moves_with_the_index_its_hub_stands_under(client, projects):
    make_project(projects)
    save_draft(projects, slug_es="planes")
    publish_languages(page=projects, languages=["es", "en"])
    response = client.get("/es/proyectos/agua/feed/")
    assert response["Location"] == "/es/planes/agua/feed/"


def test_an_old_feed_of_what_only_some_may_read_is_not_told(client, projects):
    project = make_project(projects)
    save_draft(project, slug_es="rios")
    publish_languages(page=project, languages=["es", "en"])
    PageViewRestriction.objects.create(
        page=project, restriction_type=PageViewRestriction.LOGIN
    )
    assert client.get("/es/proyectos/agua/feed/").status_code == 404


def ids_of(tree):
    """What names the feed and its entries."""
    found = [tree.find("a:id", ATOM), *tree.findall("a:entry/a:id", ATOM)]
    return [item.text for item in found]


def test_a_story_renamed_is_the_same_entry(client, index):
    story = make_story(index, 1)
    before = ids_of(entries(client, "/es/noticias/feed/")[0])
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in before)
    for page, slug in ((story, "otra"), (index, "novedades")):
        save_draft(page, slug_es=slug)
        publish_languages(page=page, languages=["es", "en"])
    tree, _titles = entries(client, "/es/novedades/feed/")
    link = tree.find("a:entry/a:link", ATOM).get("href")
    assert link == "http://testserver/es/novedades/otra/"
    assert ids_of(tree) == before


def test_each_language_of_a_story_is_an_entry_of_its_own(client, index):
    make_story(index, 1)
    paths = ("/es/noticias/feed/", "/en/news/feed/")
    ids = {one for path in paths for one in ids_of(entries(client, path)[0])}
    assert len(ids) == 4


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
