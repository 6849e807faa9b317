"""A project or country in use is not deleted, by any way an editor has."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from tests.news.factories import make_story
from tests.offices.factories import make_office
from tests.topics.factories import make_country, make_project
from topics.errors import TermInUseError
from topics.models import CountryPage, ProjectPage


@pytest.fixture
def used(index, projects, countries):
    """A project with two stories and a country with an office."""
    project = make_project(projects)
    make_story(index, 1, projects=[project])
    make_story(index, 2, projects=[project])
    make_country(countries)
    make_office("PE")
    return {"project": project, "country": CountryPage.objects.get()}


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("term", "words"), [("project", "noticias: 2"), ("country", "oficinas: 1")]
)
def test_a_used_term_is_kept_and_its_uses_named(admin_client, used, term, words):
    delete = reverse("wagtailadmin_pages:delete", args=[used[term].pk])
    response = admin_client.post(delete, follow=True)
    assert words in text(response)
    assert type(used[term]).objects.filter(pk=used[term].pk).exists()


def test_an_index_is_kept_for_the_terms_below_it(admin_client, used, countries):
    delete = reverse("wagtailadmin_pages:delete", args=[countries.pk])
    admin_client.post(delete)
    assert CountryPage.objects.exists()


@pytest.mark.parametrize("term", ["project", "country"])
def test_terms_are_kept_in_bulk_too(admin_client, used, term):
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    admin_client.post(f"{bulk}?id={used[term].pk}&next=/cms/")
    assert type(used[term]).objects.filter(pk=used[term].pk).exists()


def test_in_bulk_the_uses_of_a_project_are_named(admin_client, used):
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    url = f"{bulk}?id={used['project'].pk}&next=/cms/"
    assert "noticias: 2" in text(admin_client.post(url, follow=True))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("project", "noticias: 2"),
        ("country", "Lima"),
        ("projects", "noticias: 2"),
        ("home", "Lima"),
    ],
)
def test_the_admins_api_keeps_them_too(
    admin_client, used, home, projects, target, words
):
    page = {**used, "projects": projects, "home": home}[target]
    page = Page.objects.get(pk=page.pk)
    tree, logged = shape(), PageLogEntry.objects.count()
    url = reverse("wagtailadmin_api:pages:action", args=[page.pk, "delete"])
    response = admin_client.post(url, "{}", content_type="application/json")
    assert response.status_code == 400
    assert words in text(response)
    assert shape() == tree
    assert PageLogEntry.objects.count() == logged


def test_the_admins_api_deletes_an_unused_term(admin_client, projects):
    project = make_project(projects)
    url = reverse("wagtailadmin_api:pages:action", args=[project.pk, "delete"])
    response = admin_client.post(url, "{}", content_type="application/json")
    assert response.status_code == 204
    assert not ProjectPage.objects.exists()


def shape():
    """The tree, which a deletion that failed half-way would leave broken."""
    return list(Page.objects.order_by("path").values_list("path", "numchild"))


@pytest.mark.parametrize("whole", [False, True])
def test_code_cannot_delete_a_used_term(used, projects, whole):
    tree = shape()
    page = projects if whole else used["project"]
    with pytest.raises(TermInUseError, match=r"Agua.*noticias: 2|Agua.*stories: 2"):
        page.delete()
    with pytest.raises(TermInUseError), transaction.atomic():
        Page.objects.filter(pk=page.pk).delete()
    assert shape() == tree


def test_an_unused_term_can_go(admin_client, projects):
    project = make_project(projects)
    admin_client.post(reverse("wagtailadmin_pages:delete", args=[project.pk]))
    assert not ProjectPage.objects.exists()
