"""Every kind of page as an editor previews it, in each language."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from front.models import PlainPage
from news.models import NewsPage
from pages.models import BilingualPage
from tests.front.filled import FilledSite
from tests.pages.factories import save_draft
from topics.models import CountryPage, ProjectPage

LANGUAGES = ("es", "en")


@pytest.fixture
def site(db):
    return FilledSite()


def preview(client, page, lang):
    """What stands in the main part of a preview."""
    url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
    response = client.get(url, {"mode": lang})
    assert response.status_code == 200
    assert response["Content-Language"] == lang
    html = response.content.decode()
    assert f'<html lang="{lang}">' in html
    return html.split("<main")[1].split("</main>")[0]


def test_every_kind_of_page_is_previewed_in_each_language(admin_client, site, subtests):
    for kind, page in site.pages().items():
        for lang in LANGUAGES:
            with subtests.test(kind=kind, lang=lang):
                html = preview(admin_client, page, lang)
                headline = getattr(page, f"headline_{lang}")
                assert re.search(rf"<h1[^>]*>{headline}</h1>", html)


def test_a_preview_shows_the_draft_and_readers_see_what_is_live(
    admin_client, client, site, subtests
):
    for kind, page in site.pages().items():
        save_draft(page, headline_es="Solo en el borrador")
        with subtests.test(kind=kind):
            assert "Solo en el borrador" in preview(admin_client, page, "es")
            readers = client.get(page.url_in("es")).content.decode()
            assert "Solo en el borrador" not in readers


def test_a_language_without_a_word_is_previewed_empty(admin_client, site, subtests):
    drafts = [
        (site.home, PlainPage(headline_es="Vacío", lead_es="Algo")),
        (site.news, NewsPage(headline_es="Vacío", lead_es="Algo", author_es="Ana")),
        (site.projects, ProjectPage(headline_es="Vacío", lead_es="Algo")),
        (site.countries, CountryPage(headline_es="Vacío", lead_es="Algo", code="AR")),
    ]
    for parent, page in drafts:
        page.live = False
        BilingualPage.objects.get(pk=parent.pk).add_child(instance=page)
        with subtests.test(kind=page._meta.label):
            assert "Vacío" in preview(admin_client, page, "es")
            html = preview(admin_client, page, "en")
            for word in ("None", "Vacío", "Algo", "Ana"):
                assert word not in html


def test_the_empty_language_of_a_live_page_is_previewed_too(admin_client, site):
    words = {"headline_en": None, "lead_en": None}
    save_draft(site.about, **words)
    assert "None" not in preview(admin_client, site.about, "en")
    save_draft(site.home, **words)
    assert "None" not in preview(admin_client, site.home, "en")
