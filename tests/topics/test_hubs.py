"""The hubs of projects and countries, and their indexes."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from newsletter.models import Newsletter
from tests.news.factories import make_story
from tests.offices.factories import make_office
from tests.pages.factories import make_person
from tests.topics.factories import make_country, make_project
from topics.models import CountryPage

TITLE = r'class="card__title"><a href="([^"]+)"'


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_hub_lists_its_own_stories(client, index, projects):
    project = make_project(projects)
    make_story(index, 1, projects=[project])
    make_story(index, 2, projects=[make_project(projects, "Semillas", "Seeds")])
    assert re.findall(TITLE, read(client, "/en/projects/water/")) == [
        "/en/news/story-1/"
    ]


def test_a_country_shows_its_offices(client, countries):
    make_country(countries)
    make_office("PE", name_en="Lima office")
    hub = read(client, "/en/countries/peru/")
    assert 'class="hub-offices"' in hub
    assert "Lima office" in hub


def test_a_hub_chooses_itself_for_a_subscriber(client, countries):
    hub = make_country(countries)
    Newsletter.objects.create(
        key="letter", name_en="Letter", from_address="a@site.example"
    )
    page = read(client, "/en/countries/peru/")
    assert re.search(rf'name="countries"[^>]*value="{hub.pk}"[^>]*checked', page)
    assert 'href="#subscribe"' in page


def test_a_hub_has_its_feed(client, projects):
    make_project(projects)
    assert 'href="/es/proyectos/agua/feed/"' in read(client, "/es/proyectos/agua/")


@pytest.mark.parametrize(
    ("path", "names"),
    [("/es/proyectos/", ["Agua", "Semillas"]), ("/en/projects/", ["Water"])],
)
def test_an_index_lists_what_can_be_read_in_its_language(client, projects, path, names):
    make_project(projects, "Semillas", "", live=("es",))
    make_project(projects)
    make_project(projects, "Borrador", "Draft", live=())
    terms = read(client, path).split('class="terms')[1].split("</ul>")[0]
    assert re.findall(r'<a href="[^"]+">([^<]+)</a>', terms) == names


def test_an_empty_index_says_so(client, countries):
    assert "Nothing has been published here yet." in read(client, "/en/countries/")


@pytest.mark.parametrize("code", ["pe", "P", "P1"])
def test_a_country_code_is_two_capital_letters(countries, code):
    with pytest.raises(ValidationError):
        make_country(countries, code)


def test_a_country_stands_once(countries):
    make_country(countries)
    with pytest.raises(ValidationError) as refused:
        CountryPage(headline_es="Otra", code="PE").validate_unique()
    assert list(refused.value.message_dict) == ["code"]


@pytest.mark.parametrize("rows", [2, 7])
def test_editors_see_what_each_hub_is_in_each_language(
    client, projects, rows, django_assert_num_queries
):
    client.force_login(make_person("editor", "editor"))
    for number in range(rows):
        make_project(projects, f"Agua {number}", f"Water {number}", live=("es",))
    url = reverse("wagtailadmin_explore", args=[projects.pk])
    client.get(url)
    with django_assert_num_queries(32):
        html = client.get(url).content.decode()
    assert html.count("pg-state--live") == html.count("pg-state--draft") == rows


@pytest.mark.parametrize("rows", [2, 7])
def test_choosing_a_hub_shows_the_same(
    client, countries, rows, django_assert_num_queries
):
    client.force_login(make_person("editor", "editor"))
    for number in range(rows):
        code = ("PE", "CL", "AR", "BO", "EC", "CO", "MX")[number]
        make_country(countries, code, (f"País {code}", ""), live=("es",))
    url = reverse("wagtailadmin_choose_page_child", args=[countries.pk])
    client.get(url)
    # One a row is Wagtail's own, for the parent of each; the chips ask for nothing.
    with django_assert_num_queries(15 + rows):
        html = client.get(url, {"page_type": "topics.countrypage"}).json()["html"]
    assert html.count("pg-state--missing") == rows
