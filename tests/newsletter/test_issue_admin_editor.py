from __future__ import annotations

import pytest
from django.urls import reverse

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


@pytest.mark.parametrize(("mode", "styled"), [("en", False), ("mail-en", True)])
def test_a_mail_in_the_preview_may_bring_its_styles_and_no_script(
    client, issue, mode, styled
):
    client.force_login(person(roles.EDITOR, "en"))
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])
    policy = client.get(url, {"mode": mode})["Content-Security-Policy"]
    assert ("style-src 'self' 'unsafe-inline'" in policy) is styled
    assert "default-src 'self'" in policy
    assert "script-src" not in policy


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
    with django_assert_max_num_queries(24) as few:
        client.get(issue.url_in("es"))
    number = len(few)
    larger = site.issue(*(site.story(f"Nota {n}") for n in range(8)))
    client.get(larger.url_in("es"))
    with django_assert_max_num_queries(number):
        client.get(larger.url_in("es"))
