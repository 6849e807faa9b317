"""Stories in the explorer: their projects and countries, and filters by them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from news.lists import related
from news.models import NewsPage
from tests.news.factories import make_story
from tests.pages.editor import add_url, edit_url, fresh, story_data
from tests.pages.factories import make_person
from tests.topics.factories import make_country, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client):
    client.force_login(make_person("editor", "editor"))
    return client


@pytest.fixture
def terms(projects, countries):
    """Two projects and two countries."""
    return {
        "projects": [make_project(projects), make_project(projects, "Maíz", "Maize")],
        "countries": [
            make_country(countries),
            make_country(countries, "CL", ("Chile", "Chile")),
        ],
    }


@pytest.fixture
def stories(index, terms):
    """One of the first project and country, one of all, one of none."""
    first = {name: found[:1] for name, found in terms.items()}
    return [
        make_story(index, 1, **first),
        make_story(index, 2, **terms),
        make_story(index, 3, live=("es",)),
    ]


def url_of(index):
    return reverse("wagtailadmin_explore", args=[index.pk])


def shown(client, index, **query):
    """The numbers of the stories listed."""
    pages = client.get(url_of(index), query).context["pages"]
    return sorted(int(page.headline_es.split()[1]) for page in pages)


def test_stories_show_their_projects_and_countries(index, stories, editor_client):
    html = editor_client.get(url_of(index)).content.decode()
    assert html.count("Agua, Maíz") == 1
    assert html.count("Chile, Perú") + html.count("Perú, Chile") == 1
    assert html.count("pg-state--live") == 5


def test_the_form_names_projects_and_countries_in_spanish(index, editor_client):
    url = reverse("wagtailadmin_pages:add", args=["news", "newspage", index.pk])
    html = editor_client.get(url).content.decode()
    assert "Proyectos" in html
    assert "Projects" not in html


def test_stories_are_filtered_by_project_and_country(
    index, terms, stories, editor_client
):
    first, second = (project.pk for project in terms["projects"])
    chile = terms["countries"][1].pk
    assert shown(editor_client, index) == [1, 2, 3]
    assert shown(editor_client, index, projects=first) == [1, 2]
    assert shown(editor_client, index, projects=second) == [2]
    assert shown(editor_client, index, projects=[first, second]) == [1, 2]
    assert shown(editor_client, index, countries=chile) == [2]
    assert shown(editor_client, index, state_en="draft") == [3]
    assert shown(editor_client, index, projects=first, state_en="draft") == []


@pytest.mark.usefixtures("wagtails_index")
def test_stories_are_searched_within_a_filter(index, terms, stories, editor_client):
    query = {"q": "Historia", "countries": terms["countries"][0].pk}
    assert shown(editor_client, index, **query) == [1, 2]
    assert shown(editor_client, index, q="Historia", state_en="draft") == [3]


@pytest.mark.parametrize("rows", [3, 12])
def test_more_stories_cost_no_more_queries(
    index, terms, editor_client, rows, django_assert_max_num_queries
):
    for number in range(rows):
        make_story(index, number, **terms)
    editor_client.get(url_of(index))
    with django_assert_max_num_queries(48):
        html = editor_client.get(url_of(index)).content.decode()
    assert html.count("Agua, Maíz") == rows


def test_other_lists_keep_their_columns(home, stories, editor_client):
    html = editor_client.get(url_of(home)).content.decode()
    assert "pg-state--live" in html
    assert "Agua, Maíz" not in html


def test_stories_chosen_in_the_form_come_first_in_its_order(index, editor_client):
    new, old, older = (make_story(index, number) for number in (1, 2, 3))
    hand = streamfield([("story", str(older.pk)), ("story", str(old.pk))])
    data = story_data("action-publish-es", headline_es="Uno", related=hand)
    assert editor_client.post(add_url(index), data).status_code == 302
    story = NewsPage.objects.get(headline_es="Uno")
    lists = related(story, "es")
    assert lists["chosen"] == [older, old]
    assert lists["latest"] == [new]
    form = editor_client.get(edit_url(story)).context["form"]
    assert [block.value for block in form["related"].value()] == [older, old]


def test_no_more_related_stories_are_chosen_than_are_shown(index, editor_client):
    story = make_story(index, 1)
    others = [make_story(index, number) for number in range(2, 9)]
    hand = streamfield([("story", str(other.pk)) for other in others])
    data = story_data("action-publish-es", headline_es="Uno", related=hand)
    response = editor_client.post(edit_url(story), data)
    assert "related" in response.context["form"].errors
    assert not fresh(story).related
