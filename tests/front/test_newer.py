"""Readers of a translation that is behind are told, where the site wants it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pages import actions
from pages.models import BrandSettings
from tests.pages.factories import make_home, make_index, make_story, save_draft

WORDS = {"headline_es": "Uno", "headline_en": "One"}
NOTICE = re.compile(r'<p class="newer"><a href="(.*?)" hreflang="(.*?)">(.*?)</a>')
TELLING = {
    "es": "The Spanish version of this page is newer",
    "en": "La versión en inglés de esta página es más reciente",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def index():
    return make_index(make_home())


def behind(index, original="es"):
    """A story whose translation is behind, and the language of that."""
    story = make_story(index, live=("es", "en"), original_language=original, **WORDS)
    save_draft(story, **{f"headline_{original}": "Otro"})
    story = actions.publish_languages(page=story, languages=[original])
    story.refresh_from_db()
    return story, next(code for code in TELLING if code != original)


def said(client, page, lang):
    """(address, its language, words) of the notice; None without one."""
    found = NOTICE.search(client.get(page.url_in(lang)).content.decode())
    return found and found.groups()


def tell(is_on):
    BrandSettings.objects.update_or_create(
        site=BrandSettings.current().site, defaults={"tells_when_behind": is_on}
    )


@pytest.mark.parametrize("original", ["es", "en"])
def test_a_translation_that_is_behind_leads_to_the_original(client, index, original):
    story, lang = behind(index, original)
    assert said(client, story, lang) == (
        story.url_in(original), original, TELLING[original],
    )  # fmt: skip
    assert said(client, story, original) is None


def test_one_that_is_right_again_says_nothing(client, index):
    story, lang = behind(index)
    actions.confirm_translation(page=story, language=lang)
    assert said(client, story, lang) is None


@pytest.mark.parametrize("is_on", [True, False])
def test_the_site_decides_whether_readers_are_told(client, index, is_on):
    story, lang = behind(index)
    tell(is_on)
    assert (said(client, story, lang) is not None) is is_on


def test_nothing_leads_to_an_original_that_was_taken_down(client, index):
    story, lang = behind(index)
    actions.unpublish_language(page=story, language="es")
    story.refresh_from_db()
    assert said(client, story, lang) is None


def test_a_preview_does_not_speak_to_readers(admin_client, index):
    story, lang = behind(index)
    url = reverse("wagtailadmin_pages:view_draft", args=[story.pk])
    html = admin_client.get(url, {"mode": lang}).content.decode()
    assert f'<html lang="{lang}">' in html
    assert 'class="newer"' not in html


def test_telling_costs_no_query(client, index):
    story, lang = behind(index)
    costs = []
    for is_on in (False, True):
        tell(is_on)
        client.get(story.url_in(lang))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert (said(client, story, lang) is not None) is is_on
        costs.append(len(queries))
    assert costs[0] == costs[1]
