"""Searching the archive of a newsletter."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from newsletter.models import IssuePage, NewsletterIndexPage, NewsletterPage
from pages.searching import rebuild_entries
from tests.newsletter.trees import plant, plant_home

pytestmark = pytest.mark.django_db
ARCHIVE = {"es": "/es/boletines/mensual/", "en": "/en/newsletters/monthly/"}


@pytest.fixture
def archive(newsletter, second_newsletter):
    """Two issues, one about water in both languages, and one of another newsletter."""
    home = plant_home()
    index = plant(
        home, NewsletterIndexPage(headline_es="Boletines", headline_en="Newsletters")
    )
    page = NewsletterPage(
        headline_es="Mensual", headline_en="Monthly", newsletter=newsletter
    )
    plant(index, page)
    water = IssuePage(headline_es="Octubre", headline_en="October")
    water.intro_es = "<p>Cómo repartir el agua en la montaña.</p>"
    water.intro_en = "<p>How to share water in the mountains.</p>"
    plant(page, water)
    plant(page, IssuePage(headline_es="Semillas", headline_en="Seeds"))
    other = NewsletterPage(
        headline_es="Avisos", headline_en="Notices", newsletter=second_newsletter
    )
    plant(index, other)
    plant(other, IssuePage(headline_es="Agua cortada", headline_en="No water"))
    rebuild_entries()
    return page


def shown(client, lang, query):
    page = client.get(ARCHIVE[lang], {"q": query})
    assert page.status_code == 200
    listed = page.text.partition('<ol class="archive">')[2].partition("</ol>")[0]
    return page.text, re.findall(r'<a href="[^"]+">(.*?)</a>', listed)


@pytest.mark.parametrize(
    ("lang", "query", "found"),
    [
        ("es", "agua", ["Octubre"]),
        ("es", "MONTANAS", ["Octubre"]),
        ("en", "mountain", ["October"]),
        ("en", "agua", []),
        ("es", "semilla", ["<mark>Semillas</mark>"]),
        ("es", "cortada", []),
    ],
)
def test_issues_are_found_by_their_words(client, archive, lang, query, found):
    page, listed = shown(client, lang, query)
    assert listed == found
    count = {
        "es": {0: "Ningún número", 1: "1 número con"},
        "en": {0: "No issue has", 1: "1 issue with"},
    }
    assert count[lang][len(found)] in page
    assert 'role="status"' in page
    assert 'content="noindex"' in page


@pytest.mark.parametrize("query", ["", "   ", "\x00"])
def test_without_words_all_are_shown(client, archive, query):
    page, listed = shown(client, "en", query)
    assert listed == ["Seeds", "October"]
    assert 'role="status"' not in page


@pytest.mark.parametrize("query", ["%", "_'\"<script>", "x" * 9_000, "…", "a OR b"])
def test_no_words_break_it(client, archive, query):
    page, listed = shown(client, "es", query)
    assert listed == []
    assert "<script>" not in page.partition("past-issues")[2].partition("</section>")[0]


def test_what_only_some_may_read_is_not_found(client, archive):
    october = IssuePage.objects.get(headline_en="October")
    PageViewRestriction.objects.create(page=october, restriction_type="login")
    assert shown(client, "en", "water")[1] == []


def test_an_empty_archive_has_nothing_to_search(client, archive):
    IssuePage.objects.all().delete()
    page = client.get(ARCHIVE["en"], {"q": "water"}).text
    assert 'name="q"' not in page.partition("past-issues")[2].partition("</section>")[0]


def test_a_search_costs_the_same_for_many(client, archive):
    def asked():
        with CaptureQueriesContext(connection) as found:
            shown(client, "es", "agua")
        return len(found)

    shown(client, "es", "agua")
    one = asked()
    for number in range(12):
        plant(archive, IssuePage(headline_es=f"Agua {number}", headline_en="Water"))
    rebuild_entries()
    assert len(shown(client, "es", "agua")[1]) == 13
    assert asked() == one
