from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsletter.models import IssueStory
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, blocks
from tests.newsletter.sending import a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite(fallback_rule="link")


@pytest.fixture
def issue(site):
    return site.issue(
        site.story("Agua"),
        site.story("Maíz", "es"),
        intro_es="<p>Queridos lectores</p>",
        intro_en="<p>Dear readers</p>",
        body_es=blocks(("quote", {"quote": "El agua", "attribution": "Ana"})),
    )


def edit_url(issue):
    return reverse("wagtailadmin_pages:edit", args=[issue.pk])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_both_languages_are_in_the_editor(client, issue, lang):
    client.force_login(person(roles.EDITOR, lang))
    page = client.get(edit_url(issue)).content.decode()
    for name in ("subject", "preheader", "intro"):
        assert f'name="{name}_es"' in page
        assert f'name="{name}_en"' in page
    assert 'name="stories-0-headline_override_en"' in page


def test_the_story_chooser_offers_stories_only(client, issue):
    client.force_login(person(roles.EDITOR))
    page = client.get(edit_url(issue)).content.decode()
    assert "news.newspage" in page


def test_only_senders_see_the_send_button(client, issue):
    url = reverse("issue_sending:send", args=[issue.pk])
    test = reverse("issue_sending:test", args=[issue.pk])
    client.force_login(person(roles.EDITOR))
    page = client.get(edit_url(issue)).content.decode()
    assert test in page
    assert url not in page
    client.force_login(person(roles.NEWSLETTER_SENDER))
    assert url in client.get(edit_url(issue)).content.decode()


def test_other_pages_have_no_send_button(client, site, issue):
    client.force_login(person(roles.NEWSLETTER_SENDER))
    page = client.get(edit_url(site.news)).content.decode()
    assert "issue-sending" not in page


def test_the_editor_links_to_the_sending(client, site, issue):
    a_reader(site.newsletter, "ana")
    client.force_login(person(roles.NEWSLETTER_SENDER))
    client.post(reverse("issue_sending:send", args=[issue.pk]))
    dispatch = issue.dispatches.get()
    progress = reverse("dispatches:progress", args=[dispatch.pk])
    assert progress in client.get(edit_url(issue)).content.decode()


@pytest.mark.parametrize("ui", ["es", "en"])
@pytest.mark.parametrize(
    ("mode", "present", "absent"),
    [
        ("es", "Queridos lectores", "Dear readers"),
        ("en", "Dear readers", "Queridos lectores"),
        ("mail-es", "Noviembre en la sierra", "November"),
        ("mail-en", "November in the highlands", "Noviembre"),
        ("text-es", "Noviembre en la sierra", "November"),
        ("text-en", "November in the highlands", "Noviembre"),
    ],
)
def test_every_preview_mode_shows_its_language(
    client, issue, ui, mode, present, absent
):
    client.force_login(person(roles.EDITOR, ui))
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    page = client.get(url, {"mode": mode}).content.decode()
    assert present in page
    assert absent not in page
    assert "{{" not in page


@pytest.mark.parametrize("mode", ["mail-es", "text-en"])
def test_a_mail_is_previewed_with_its_own_styles_and_nothing_else(client, issue, mode):
    client.force_login(person(roles.EDITOR))
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    policy = client.get(url, {"mode": mode}).headers["Content-Security-Policy"]
    assert "style-src 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    on_the_web = client.get(url, {"mode": "es"}).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in on_the_web


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_web_copy_says_what_the_mail_says(client, issue, lang):
    page = client.get(issue.url_in(lang)).content.decode()
    assert f"Agua {lang}" in page
    assert "Maíz es" in page
    assert (' lang="es"' in page.split("Maíz es")[0][-40:]) == (lang == "en")
    assert ("El agua" in page) == (lang == "es")
    assert page.count("<h1") == 1
    assert "{{" not in page


def test_the_number_of_queries_of_an_issue_is_bounded(
    client, site, issue, django_assert_max_num_queries
):
    client.get(issue.url_in("es"))
    with django_assert_max_num_queries(25) as few:
        client.get(issue.url_in("es"))
    number = len(few)
    larger = site.issue(*(site.story(f"Nota {n}") for n in range(8)))
    client.get(larger.url_in("es"))
    with django_assert_max_num_queries(number):
        client.get(larger.url_in("es"))


def chips(client, issue):
    """The line under each picked story, its white space made single."""
    html = client.get(edit_url(issue)).content.decode()
    found = re.findall(r'<p class="pg-chosen">(.*?)</p>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in found]


def test_each_picked_story_says_what_it_is_in_each_language(client, issue):
    client.force_login(person(roles.EDITOR, "en"))
    assert chips(client, issue) == [
        "Agua es: Español live English live",
        "Maíz es: Español live English missing",
    ]
    client.force_login(person(roles.TRANSLATORS["en"], "en"))
    assert len(chips(client, issue)) == 2


def test_a_draft_of_an_issue_shows_the_stories_it_picks(client, site, issue):
    draft = issue.get_latest_revision_as_object()
    draft.stories.add(IssueStory(story=site.story("Sol"), sort_order=9))
    draft.save_revision()
    client.force_login(person(roles.EDITOR, "en"))
    assert chips(client, issue)[-1].startswith("Sol es: ")


def test_the_chips_cost_one_query_whatever_is_picked(client, site):
    client.force_login(person(roles.EDITOR))
    for picked in (1, 6):
        issue = site.issue(*(site.story(f"Agua {n}") for n in range(picked)))
        client.get(edit_url(issue))
        with CaptureQueriesContext(connection) as queries:
            assert len(chips(client, issue)) == picked
        asked = [one["sql"] for one in queries if " IN (" in one["sql"]]
        assert sum('"state_en"' in sql for sql in asked) == 1
