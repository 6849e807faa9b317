"""What only some may read shows in no list, no feed and no search."""

from __future__ import annotations

import pytest
from wagtail.models import Page, PageViewRestriction

from front.models import PlainPage
from newsletter.models import Newsletter, NewsletterIndexPage, NewsletterPage
from pages.actions import publish_languages
from pages.models import BilingualPage, SearchEntry
from tests.news.factories import make_story
from tests.topics.factories import (
    make_countries,
    make_country,
    make_project,
    make_projects,
)

WORDS = {"headline_es": "Reservado", "headline_en": "Reserved"}
WORDS |= {"lead_es": "Cacao oculto", "lead_en": "Hidden cocoa"}
WORDS |= {"slug_es": "reservado", "slug_en": "reserved"}
SECRETS = ("Reservado", "Reserved", "Cacao oculto", "Hidden cocoa")

pytestmark = pytest.mark.django_db


def restrict(page, kind=PageViewRestriction.LOGIN, **fields):
    return PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=kind, **fields
    )


@pytest.fixture
def projects(home):
    return make_projects(home)


@pytest.fixture
def story(index, projects):
    """A story beside another one that names it and shares its project."""
    shared = [make_project(projects)]
    story = make_story(index, 1, projects=shared, **WORDS)
    body = [{"type": "related_story", "value": story.pk}]
    make_story(index, 2, projects=shared, body_es=body, body_en=body)
    return story


LISTS = [
    "/es/", "/en/", "/es/noticias/", "/en/news/", "/es/noticias/historia-2/",
    "/en/news/story-2/", "/es/noticias/feed/", "/en/news/feed/", "/es/proyectos/agua/",
    "/en/projects/water/", "/es/proyectos/agua/feed/", "/es/buscar/?q=cacao",
    "/en/search/?q=cocoa", "/sitemap-es-1.xml",
]  # fmt: skip


def secrets_in(response):
    text = response.getvalue().decode()
    return [word for word in (*SECRETS, "/reservado/", "/reserved/") if word in text]


@pytest.mark.parametrize("path", LISTS)
def test_a_story_that_only_some_may_read_is_in_no_list(client, story, path):
    assert secrets_in(client.get(path))
    restrict(story)
    response = client.get(path)
    assert response.status_code == 200
    assert not secrets_in(response)


def test_its_headline_is_not_offered_where_a_page_is_missing(client, story):
    path = "/en/noticias/reservado/"
    assert secrets_in(client.get(path))
    restrict(story)
    response = client.get(path)
    assert response.status_code == 404
    assert "Reservado" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/es/", "/es/noticias/", "/es/noticias/historia-1/", "/en/news/story-1/",
        "/es/proyectos/", "/en/projects/", "/es/suscripcion/alta/", "/sitemap-es-1.xml",
        "/es/buscar/?q=cacao",
    ],
)  # fmt: skip
def test_a_hub_that_only_some_may_read_is_named_nowhere(client, index, projects, path):
    newsletter = Newsletter.objects.create(key="a", from_address="a@site.example")
    assert newsletter.is_active
    hub = make_project(projects, **_hub_words())
    make_story(index, 1, projects=[hub])
    assert secrets_in(client.get(path))
    restrict(hub)
    assert not secrets_in(client.get(path))


def _hub_words():
    words = {name: WORDS[name] for name in WORDS if not name.startswith("headline")}
    return {"spanish": "Reservado", "english": "Reserved", **words}


@pytest.mark.parametrize("where", ["hub", "index"])
def test_a_list_that_only_some_may_read_has_no_feed(client, index, projects, where):
    hub = make_project(projects)
    make_story(index, 1, projects=[hub])
    path = "/es/proyectos/agua/feed/"
    assert client.get(path).status_code == 200
    restrict({"hub": hub, "index": projects}[where])
    assert client.get(path).status_code == 404
    assert client.get("/es/noticias/feed/").status_code == 200


def test_a_country_that_only_some_may_read_is_no_way_in(client, home):
    hub = make_country(make_countries(home), names=("Reservado", "Reserved"))
    assert secrets_in(client.get("/en/countries/"))
    restrict(hub)
    for path in ("/en/", "/en/countries/"):
        assert not secrets_in(client.get(path))


def test_newsletters_and_issues_follow_the_same_rule(client, home):
    parent = NewsletterIndexPage(headline_es="Boletines", live=False)
    home.add_child(instance=parent)
    publish_languages(page=parent, languages=["es"])
    newsletter = Newsletter.objects.create(key="a", from_address="a@site.example")
    page = NewsletterPage(headline_es="Reservado", newsletter=newsletter, live=False)
    parent.add_child(instance=page)
    publish_languages(page=page, languages=["es"])
    assert secrets_in(client.get("/es/boletines/"))
    restrict(page)
    assert not secrets_in(client.get("/es/boletines/"))


def rows_of(page):
    return sorted(SearchEntry.objects.filter(page_id=page.pk).values_list("language"))


@pytest.mark.parametrize("above", [False, True])
def test_search_forgets_what_is_restricted_and_learns_it_again(index, story, above):
    restriction = restrict(index if above else story)
    assert rows_of(story) == []
    publish_languages(page=story, languages=["es", "en"])
    assert rows_of(story) == []
    restriction.delete()
    assert rows_of(story) == [("en",), ("es",)]


def test_search_follows_a_page_into_a_restricted_part_and_out_again(home):
    public, closed, page = (
        _plain(home, headline_es=name) for name in ("Abierto", "Cerrado", "Hoja")
    )
    restrict(closed, PageViewRestriction.PASSWORD, password="x")
    page.move(closed, pos="last-child")
    assert rows_of(page) == []
    PlainPage.objects.get(pk=page.pk).move(
        PlainPage.objects.get(pk=public.pk), pos="last-child"
    )
    assert rows_of(page) == [("es",)]


def test_deleting_a_restricted_page_leaves_no_row(home):
    page = _plain(home, headline_es="Cerrado")
    restrict(page)
    PlainPage.objects.get(pk=page.pk).delete()
    assert not SearchEntry.objects.filter(title="Cerrado").exists()


def _plain(home, **words):
    page = PlainPage(live=False, **words)
    BilingualPage.objects.get(pk=home.pk).add_child(instance=page)
    return publish_languages(page=page, languages=["es"])


def test_lists_ask_nothing_more_for_leaving_out_what_is_restricted(
    story, django_assert_num_queries
):
    restrict(story)
    with django_assert_num_queries(1):
        found = list(BilingualPage.objects.readable_in("es"))
    assert story.pk not in [page.pk for page in found]
