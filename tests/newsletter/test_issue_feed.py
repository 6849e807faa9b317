"""The feed of a newsletter's archive."""

from __future__ import annotations

import re

import pytest
from wagtail.models import PageViewRestriction

from newsletter.models import IssuePage, NewsletterIndexPage, NewsletterPage
from tests.news.test_feeds import ATOM, entries
from tests.newsletter.readers import active_reader
from tests.newsletter.trees import plant, plant_home

pytestmark = pytest.mark.django_db
FEEDS = {
    "es": "/es/boletines/mensual/feed/",
    "en": "/en/newsletters/monthly/feed/",
}


@pytest.fixture
def archive(newsletter):
    """October in both languages, then November in Spanish, and a draft."""
    home = plant_home()
    index = plant(
        home, NewsletterIndexPage(headline_es="Boletines", headline_en="Newsletters")
    )
    page = NewsletterPage(
        headline_es="Mensual", headline_en="Monthly", newsletter=newsletter
    )
    plant(index, page)
    october = IssuePage(headline_es="Octubre", headline_en="October")
    october.preheader_es, october.preheader_en = "Agua & «luz»", "Water"
    plant(page, october)
    plant(page, IssuePage(headline_es="Noviembre"))
    draft = IssuePage(headline_es="Borrador", headline_en="Draft", live=False)
    page.add_child(instance=draft)
    return page


@pytest.mark.parametrize(
    ("lang", "titles"), [("es", ["Noviembre", "Octubre"]), ("en", ["October"])]
)
def test_an_archive_has_a_feed_in_each_language(client, archive, lang, titles):
    tree, found = entries(client, FEEDS[lang])
    assert found == titles
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    last = tree.findall("a:entry", ATOM)[-1]
    assert (
        last.find("a:summary", ATOM).text == {"es": "Agua & «luz»", "en": "Water"}[lang]
    )
    link = last.find("a:link", ATOM).get("href")
    assert client.get(link.removeprefix("http://testserver")).status_code == 200


def test_it_is_found_from_the_archive_and_holds_nobody(client, archive, newsletter):
    active_reader(newsletter, "es")
    page = client.get(FEEDS["es"].removesuffix("feed/")).text
    found = re.search('type="application/atom.xml"[^>]*href="([^"]+)"', page)[1]
    assert found.endswith(FEEDS["es"])
    assert f'<a href="{FEEDS["es"]}">' in page
    feed = client.get(FEEDS["es"])
    assert not feed.cookies
    assert "lector.example" not in feed.text
    assert newsletter.from_address not in feed.text


def test_what_only_some_may_read_is_not_fed(client, archive):
    november = IssuePage.objects.get(headline_es="Noviembre")
    PageViewRestriction.objects.create(page=november, restriction_type="login")
    assert entries(client, FEEDS["es"])[1] == ["Octubre"]
    PageViewRestriction.objects.create(page=archive, restriction_type="login")
    assert client.get(FEEDS["es"]).status_code == 404


def test_an_empty_archive_has_an_empty_feed(client, archive):
    IssuePage.objects.all().delete()
    assert entries(client, FEEDS["en"])[1] == []


def test_an_issue_has_no_feed(client, archive):
    path = IssuePage.objects.get(headline_en="October").url_in("en")
    assert client.get(f"{path}feed/").status_code == 404
