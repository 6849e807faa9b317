"""What readers see of offices, in both languages."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation

from offices.json_ld import office_node
from offices.models import Office, OfficeIndexPage
from pages.actions import publish_languages
from pages.structured import as_script_text
from tests.offices.factories import make_country, make_office
from tests.pages.factories import make_home
from topics.models import CountryPage

MONDAY = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)


def render(tag: str, **context) -> str:
    template = Template("{% load offices_tags %}" + tag)
    with time_machine.travel(MONDAY, tick=False):
        return template.render(Context(context))


@pytest.fixture
def site(db):
    """A site with an office index, live in both languages."""
    home = make_home()
    words = {"headline_es": "Oficinas", "headline_en": "Offices"}
    words |= {"slug_es": "oficinas", "slug_en": "offices", "lead_en": "Come in"}
    index = home.add_child(instance=OfficeIndexPage(**words, live=False))
    publish_languages(page=index, languages=["es", "en"])
    return home


@pytest.fixture
def lima(db):
    return make_office()


@pytest.mark.parametrize("active", ["es", "en"])
def test_the_footer_speaks_the_language_it_is_asked_for(lima, active):
    with translation.override(active):
        english = render("{% footer_offices 'en' %}")
        spanish = render("{% footer_offices 'es' %}")
    assert "Lima office" in english
    assert "Lima, Peru" in english
    assert "Open now, closes at 18:00 (Lima time)" in english
    assert "Oficina de Lima" in spanish
    assert "Lima, Perú" in spanish
    assert "Lima office" not in spanish
    assert 'href="tel:+51-1-4280000"' in english


def test_a_site_without_offices_shows_nothing(db):
    assert not render("{% footer_offices 'es' %}").strip()
    assert not render("{% offices_of c 'es' %}", c=make_country()).strip()


def test_drafts_are_not_shown(lima):
    make_office(name_es="Secreta", name_en="Secret", live=False)
    assert "Secret" not in render("{% footer_offices 'en' %}{% all_offices 'en' %}")


@pytest.mark.parametrize("tag", ["footer_offices", "all_offices"])
def test_one_query_however_many_offices(db, tag, django_assert_num_queries):
    for _number in range(5):
        make_office()
    make_office("CL", time_zone="America/Santiago", phones="")
    with django_assert_num_queries(1):
        html = render("{% " + tag + " 'es' %}")
    assert html.count("Oficina de Lima") >= 6


def test_a_hub_shows_its_own_offices_only(lima):
    make_office("CL", name_en="Santiago office", phones="")
    html = render("{% offices_of c 'en' %}", c=lima.country)
    assert "Lima office" in html
    assert "Santiago office" not in html


def test_a_text_missing_in_one_language_is_marked_as_foreign(lima):
    Office.objects.update(name_en="", notes_en=None, notes_es="Toque <el> timbre")
    html = render("{% all_offices 'en' %}")
    assert '<span lang="es">Oficina de Lima</span>' in html
    assert '<span lang="es">Toque &lt;el&gt; timbre</span>' in html
    assert "<el>" not in html
    assert 'lang="en"' not in html


def test_everything_a_visitor_needs_is_there(lima):
    Office.objects.update(last_confirmed_on=dt.date(2026, 11, 3))
    html = render("{% all_offices 'en' %}")
    assert "Jirón de la Unión 100" in html
    assert "mailto:lima@oficinas.example" in html
    assert "Monday to Friday" in html
    assert "Immaculate Conception" in html
    assert re.search(r"Confirmed\s+(3 November 2026|Nov\. 3, 2026)", html)


def test_the_internal_contact_is_never_shown(lima):
    Office.objects.update(internal_contact="Ask for Rosa")
    assert "Rosa" not in render("{% footer_offices 'es' %}{% all_offices 'es' %}")


def test_a_hidden_point_is_nowhere(lima):
    assert render("{% all_offices 'en' %}").count("-12.046400") > 1
    Office.objects.update(show_point=False)
    html = render("{% all_offices 'en' %}")
    assert "12.0464" not in html
    assert "77.0428" not in html
    assert "openstreetmap" not in html


def structured(html: str) -> dict:
    script = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    return json.loads(script[1])


def test_structured_data_says_what_the_page_says(lima):
    data = office_node(lima, MONDAY, "en")
    assert data["@type"] == "LocalBusiness"
    assert data["name"] == "Lima office"
    assert data["address"]["addressCountry"] == "PE"
    assert data["telephone"] == ["+51-1-4280000"]
    assert data["geo"]["latitude"] == "-12.046400"
    week, *holidays = data["openingHoursSpecification"]
    assert len(week["dayOfWeek"]) == 5
    assert (week["opens"], week["closes"]) == ("09:00", "18:00")
    assert "2026-12-08" in [day["validFrom"] for day in holidays]
    assert {day["closes"] for day in holidays} == {"00:00"}


def test_structured_data_cannot_be_broken_out_of(lima):
    lima.name_en = "</script><script>alert(1)</script>&"
    data = office_node(lima, MONDAY, "en")
    source = "{% load front_tags %}{% structured_data text %}"
    html = Template(source).render(Context({"text": as_script_text(data)}))
    assert html.count("<script") == 1
    assert structured(html)["name"] == lima.name_en


def test_an_office_with_nothing_but_a_name_is_shown(db):
    empty = {"city_es": "", "city_en": "", "address": "", "postal_code": ""}
    empty |= {"phones": "", "email": "", "opening_hours": ""}
    office = make_office("UY", latitude=None, longitude=None, **empty)
    html = render("{% all_offices 'en' %}")
    assert "Lima office" in html
    data = office_node(office, MONDAY, "en")
    assert set(data) == {"@type", "@id", "name", "address"}
    assert office.public_point is None


@pytest.mark.parametrize(
    ("path", "headline", "name", "other"),
    [
        ("/es/oficinas/", "Oficinas", "Oficina de Lima", "Lima office"),
        ("/en/offices/", "Offices", "Lima office", "Oficina de Lima"),
    ],
)
def test_the_index_shows_all_offices_in_its_language(
    client, site, path, headline, name, other
):
    lima = make_office()
    html = client.get(path).content.decode()
    assert f"<h1>{headline}</h1>" in html
    assert f'id="office-{lima.pk}"' in html
    assert name in html
    assert other not in html
    assert "office__hours" in html


@pytest.mark.parametrize("path", ["/es/offices/", "/en/oficinas/"])
def test_the_index_has_one_address_per_language(client, site, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/es/oficinas/", "/en/offices/"])
def test_the_index_of_a_site_without_offices_looks_intentional(client, site, path):
    html = client.get(path).content.decode()
    assert "offices__empty" in html
    assert "footer-offices" not in html


def test_the_index_costs_the_same_for_many_offices(
    client, site, django_assert_max_num_queries
):
    make_office()
    client.get("/es/oficinas/")
    with django_assert_max_num_queries(40) as few:
        client.get("/es/oficinas/")
    for _number in range(6):
        make_office()
    with django_assert_max_num_queries(len(few)):
        client.get("/es/oficinas/")


def test_an_office_leads_to_its_countrys_hub_where_that_is_live(site):
    country = CountryPage(headline_es="Perú", headline_en="Peru", code="PE", live=False)
    site.add_child(instance=country)
    publish_languages(page=country, languages=["es"])
    make_office()
    assert 'href="/es/peru/"' in render("{% all_offices 'es' %}")
    assert 'href="/en/' not in render("{% all_offices 'en' %}")
