"""The sign-up form on any page, the hub preselected, interests kept to the end."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from newsletter.models import IssuePage, NewsletterPage, Subscription
from tests.newsletter.readers import PATHS, active_reader, link_in, own_path, sign_up
from tests.newsletter.trees import plant, plant_home, plant_topics

pytestmark = pytest.mark.django_db
TAG = Template(
    "{% load newsletter_tags %}"
    "{% signup_form lang newsletter=newsletter project=project country=country %}"
)


@pytest.fixture
def home():
    return plant_home()


@pytest.fixture
def topics(home):
    return plant_topics(home)


def _form(lang, **known):
    with translation.override(lang):
        return TAG.render(Context({"lang": lang, **known}))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_form_is_preset_to_the_page_and_holds_no_token(newsletter, lang):
    page = _form(lang)
    assert f'action="{PATHS[lang]["join"]}"' in page
    assert f'<option value="{lang}" selected>' in page
    assert "csrf" not in page
    assert getattr(newsletter, f"description_{lang}") in page
    assert 'type="email"' in page
    assert "autofocus" not in page


@pytest.mark.parametrize(
    ("lang", "path", "status"),
    [
        ("es", "/es/buscar/", 200),
        ("en", "/en/search/", 200),
        ("es", "/es/nada/", 404),
        ("en", "/en/nothing/", 404),
    ],
)
def test_search_and_missing_pages_offer_sign_up(newsletter, home, lang, path, status):
    answer = Client().get(path)
    assert answer.status_code == status
    assert answer.text.count(f'action="{PATHS[lang]["join"]}"') == 1
    assert f'name="newsletter" value="{newsletter.pk}"' in answer.text


def test_there_is_no_form_without_a_newsletter():
    assert "<form" not in _form("es")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_hub_in_view_is_chosen_already(newsletter, topics, lang):
    project, country = topics
    page = _form(lang, country=country)
    assert getattr(country, f"headline_{lang}") in page
    (checked,) = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert 'name="countries"' in checked
    assert f'value="{country.pk}"' in checked
    assert "<details" in page
    assert re.search(r"<details[^>]* open", page)
    assert not re.search(r"<details[^>]* open", _form(lang))
    (checked,) = re.findall(r"<input[^>]*checked[^>]*>", _form(lang, project=project))
    assert 'name="projects"' in checked


def test_two_forms_on_a_page_share_no_id(newsletter, topics):
    first = set(re.findall(r'id="([^"]+)"', _form("es")))
    page = Client().get(PATHS["es"]["join"]).content.decode()
    assert first
    assert not first & set(re.findall(r'id="(join[^"]+)"', page))


def test_the_form_costs_four_queries(newsletter, topics, django_assert_num_queries):
    with django_assert_num_queries(4):
        _form("es")


def test_interests_are_kept_from_the_form_to_the_confirmation(
    newsletter, topics, inbox
):
    project, country = topics
    browser = Client(enforce_csrf_checks=True)
    sign_up(
        browser,
        "en",
        address="ana@lector.example.org",
        language="es",
        projects=[project.pk],
        countries=[country.pk],
    )
    mail = inbox.only()
    assert "Agua segura" in mail.body
    assert "Safe water" not in mail.body
    done = browser.post(link_in(mail, PATHS["es"]["confirm"])).content.decode()
    assert "Agua segura, Perú" in done
    subscription = Subscription.objects.get()
    assert [*subscription.projects.all()] == [project]
    assert [*subscription.countries.all()] == [country]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_interests_say_what_they_are_for(newsletter, topics, inbox, lang):
    """Who chooses nothing gets everything."""
    note = {"es": "recibe todo", "en": "gets everything"}[lang]
    assert note in _form(lang)
    subscription = active_reader(newsletter, lang)
    assert note in Client().get(own_path(subscription, "preferences")).text
    sign_up(Client(), lang, address="eva@lector.example.org")
    path = link_in(inbox.only(), PATHS[lang]["confirm"])
    none = {"es": "ninguno en particular", "en": "none in particular"}[lang]
    assert none in Client().get(path).text


def test_a_wrong_address_loses_nothing_else(newsletter, topics):
    _project, country = topics
    answer = sign_up(
        Client(), "en", address="no", language="es", countries=[country.pk]
    )
    page = answer.content.decode()
    assert '<option value="es" selected>' in page
    (checked,) = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert f'value="{country.pk}"' in checked
    assert 'value="no"' in page


def test_preferences_start_from_what_was_chosen_and_save(newsletter, topics):
    project, country = topics
    subscription = active_reader(newsletter, "en")
    subscription.countries.set([country])
    path = own_path(subscription, "preferences")
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path).content.decode()
    (checked,) = re.findall(r"<input[^>]*checked[^>]*>", page)
    assert f'value="{country.pk}"' in checked
    saved = browser.post(path, {"language": "en", "projects": [project.pk]})
    assert b"Saved." in browser.get(saved["Location"]).content
    assert [*subscription.projects.all()] == [project]
    assert not subscription.countries.exists()


def test_made_up_preferences_change_nothing(newsletter, topics):
    _project, country = topics
    subscription = active_reader(newsletter, "en")
    subscription.countries.set([country])
    path = own_path(subscription, "preferences")
    for fields in ({}, {"language": "xx"}, {"language": "es", "projects": ["0"]}):
        assert Client().post(path, fields).status_code == 422
    subscription.subscriber.refresh_from_db()
    assert subscription.subscriber.language == "en"
    assert [*subscription.countries.all()] == [country]


def test_an_interest_without_a_hub_in_the_readers_language_survives(newsletter, topics):
    project, _country = topics
    subscription = active_reader(newsletter, "en")
    subscription.projects.set([project])
    type(project).objects.update(live_en=False, headline_en="")
    path = own_path(subscription, "preferences")
    page = Client().get(path).content.decode()
    assert "Agua segura" in page
    Client().post(path, {"language": "en", "projects": [project.pk]})
    assert [*subscription.projects.all()] == [project]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_newsletters_page_offers_sign_up_and_past_issues(newsletter, home, lang):
    words = {"headline_es": "Boletín", "headline_en": "Newsletter"}
    shown = plant(home, NewsletterPage(newsletter=newsletter, **words))
    plant(shown, IssuePage(headline_es="Número uno", headline_en="Issue one"))
    plant(shown, IssuePage(headline_es="Solo en español"))
    page = Client().get(shown.url_in(lang)).content.decode()
    assert 'name="address"' in page
    assert {"es": "Número uno", "en": "Issue one"}[lang] in page
    assert ("Solo en español" in page) == (lang == "es")


def test_a_newsletters_page_without_issues_says_so(newsletter, home):
    words = {"headline_es": "Boletín", "headline_en": "Newsletter"}
    shown = plant(home, NewsletterPage(newsletter=newsletter, **words))
    assert (
        b"The first issue is still to come." in Client().get(shown.url_in("en")).content
    )
