"""The page above all newsletters: what it lists and where one can subscribe."""

from __future__ import annotations

import pytest
from django.test import Client

from front.models import HomePage
from news.models import NewsIndexPage
from newsletter.models import IssuePage, NewsletterIndexPage, NewsletterPage
from tests.newsletter.sending import a_newsletter
from tests.newsletter.trees import plant, plant_home

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    words = {"headline_es": "Boletines", "headline_en": "Newsletters"}
    leads = {"lead_es": "Elija uno.", "lead_en": "Choose one."}
    return plant(plant_home(), NewsletterIndexPage(**words, **leads))


def add_newsletter(index, key, **values):
    """A newsletter with a page in both languages, unless told otherwise."""
    kept = {name: values.pop(name) for name in list(values) if "headline" in name}
    newsletter = a_newsletter(
        key=key,
        description_es=f"Trae {key}.",
        description_en=f"Brings {key}.",
        **values,
    )
    words = {"headline_es": f"Carta {key}", "headline_en": f"Letter {key}"} | kept
    return plant(index, NewsletterPage(newsletter=newsletter, **words))


def read(page, lang):
    return Client().get(page.url_in(lang)).content.decode()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("es", ["Elija uno.", "Carta agua"]), ("en", ["Choose one.", "Letter agua"])],
)
def test_it_lists_newsletters_with_what_they_bring(index, lang, words):
    shown = add_newsletter(index, "agua")
    page = read(index, lang)
    brings = {"es": "Trae agua.", "en": "Brings agua."}
    for text in (*words, brings[lang], f'href="{shown.url_in(lang)}"'):
        assert text in page


def test_addresses_are_those_of_the_plan(index):
    issue = plant(
        add_newsletter(index, "agua"),
        IssuePage(headline_es="Noviembre", headline_en="November"),
    )
    assert issue.url_in("es") == "/es/boletines/carta-agua/noviembre/"
    assert issue.url_in("en") == "/en/newsletters/letter-agua/november/"
    for lang in ("es", "en"):
        assert Client().get(issue.url_in(lang)).status_code == 200


def test_a_newsletter_is_listed_where_it_can_be_read(index):
    add_newsletter(index, "agua", headline_en="")
    assert "Carta agua" in read(index, "es")
    page = read(index, "en")
    assert "There is no newsletter in this language yet." in page
    assert 'name="address"' not in page


def test_the_only_newsletter_is_subscribed_to_right_here(index):
    shown = add_newsletter(index, "agua")
    page = read(index, "en")
    assert page.count('name="address"') == 1
    assert f'name="newsletter" value="{shown.newsletter_id}"' in page


def test_of_several_newsletters_the_first_is_offered_and_each_on_its_page(index):
    first = add_newsletter(index, "agua", name_en="Water letter")
    second = add_newsletter(index, "maiz", name_en="Maize letter")
    page = read(index, "en")
    assert "Choose a newsletter" in page
    assert page.count('name="address"') == 1
    assert f'name="newsletter" value="{first.newsletter_id}"' in page
    assert "<strong>Water letter</strong>" in page
    assert "<strong>Maize letter</strong>" in read(second, "en")
    assert f'name="newsletter" value="{second.newsletter_id}"' in read(second, "en")


def test_a_newsletters_page_has_one_form_and_none_once_it_is_switched_off(index):
    first = add_newsletter(index, "agua")
    add_newsletter(index, "maiz")
    assert read(first, "en").count('name="address"') == 1
    first.newsletter.is_active = False
    first.newsletter.save()
    assert 'name="address"' not in read(first, "en")


def test_ten_newsletters_cost_no_more_queries_than_two(
    index, client, django_assert_max_num_queries
):
    for key in ("agua", "maiz"):
        add_newsletter(index, key)
    read(index, "es")
    with django_assert_max_num_queries(30) as few:
        read(index, "es")
    for number in range(8):
        add_newsletter(index, f"otra{number}")
    with django_assert_max_num_queries(len(few)):
        read(index, "es")


def test_each_kind_of_page_stands_where_it_belongs(index):
    assert NewsletterIndexPage.can_exist_under(HomePage.objects.get())
    assert not NewsletterIndexPage.can_create_at(HomePage.objects.get())
    assert NewsletterPage.can_exist_under(index)
    assert not NewsletterPage.can_exist_under(HomePage.objects.get())
    assert not NewsIndexPage.can_exist_under(index)


def test_a_newsletter_below_the_front_page_can_still_be_read(index):
    home = HomePage.objects.get()
    words = {"headline_es": "Antigua", "headline_en": "Older"}
    page = plant(home, NewsletterPage(newsletter=a_newsletter(), **words))
    assert "Antigua" in read(page, "es")
