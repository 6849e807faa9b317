"""Who writes issues: senders all of one, translators their language, row by row."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from newsletter.models import IssuePage, NewsletterPage
from pages import rights
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite()


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


def url_of(name, *pages):
    return reverse(f"wagtailadmin_pages:{name}", args=[page.pk for page in pages])


def draft_of(issue):
    return IssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object()


def issue_data(button=None, rows=(), initial=0, **fields):
    words = ("headline", "subject", "preheader", "slug", "meta_title")
    names = [f"{name}_{code}" for name in words for code in ("es", "en")]
    stories = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": initial}
    stories |= {str(place): row for place, row in enumerate(rows)}
    data = {
        **dict.fromkeys([*names, "meta_description_es", "meta_description_en"], ""),
        "intro_es": "null",
        "intro_en": "null",
        "body_es": streamfield([]),
        "body_en": streamfield([]),
        "original_language": "es",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
        "stories": stories,
        **fields,
    }
    return {**nested_form_data(data), **({button: "yes"} if button else {})}


def row(story, place, pk="", **fields):
    names = [
        f"{name}_override_{code}"
        for name in ("headline", "summary")
        for code in ("es", "en")
    ]
    known = {"id": pk, "ORDER": place, "DELETE": "", "story": story.pk}
    return {**dict.fromkeys(names, ""), **known, **fields}


def test_a_sender_adds_and_publishes_an_issue(client, site, sender):
    add = reverse(
        "wagtailadmin_pages:add", args=["newsletter", "issuepage", site.page.pk]
    )
    assert client.get(add).status_code == 200
    story = site.story("Agua")
    data = issue_data(
        "action-publish-all",
        [row(story, 1)],
        headline_es="Uno",
        headline_en="One",
    )
    assert client.post(add, data).status_code == 302
    issue = IssuePage.objects.get()
    assert issue.live_languages() == ["es", "en"]
    assert issue.stories.get().story_id == story.pk


def test_a_sender_writes_issues_and_their_newsletter_and_nothing_else(
    client, site, sender
):
    story, issue = site.story("Agua"), site.issue()
    for page in (issue, site.page):
        assert client.get(url_of("edit", page)).status_code == 200
    for page in (story, site.home, site.news, site.index):
        assert client.get(url_of("edit", page)).status_code == 302
        tester = page.permissions_for_user(sender)
        assert not tester.can_publish_language("es")
        for action in ("delete", "move", "copy", "unpublish", "reorder_children"):
            assert not getattr(tester, f"can_{action}")(), action
    assert not site.news.permissions_for_user(sender).can_add_subpage()
    assert site.page.permissions_for_user(sender).can_reorder_children()


def test_a_sender_who_also_translates_has_both_rights(client, site, sender):
    story = site.story("Agua")
    sender.groups.add(roles.group_of("translator_en"))
    assert rights.languages_for(sender, story) == ["en"]
    assert rights.languages_for(sender, IssuePage) == ["es", "en"]
    assert rights.may_write_shared(sender, NewsletterPage)
    assert not rights.may_write_shared(sender, story)


def make_issue(site, languages):
    """Two stories with headlines of their own, in both languages."""
    picked = [site.story("Agua"), site.story("Maíz")]
    picks = {
        story.pk: {f"headline_override_{code}": f"{n} {code}" for code in ("es", "en")}
        for n, story in enumerate(picked)
    }
    return site.issue(*picked, picks=picks, languages=languages)


def rows_of(issue):
    return [
        (row.story.headline_es, row.headline_override_es, row.headline_override_en)
        for row in draft_of(issue).stories.all()
    ]


@pytest.mark.parametrize("languages", [(), ("es", "en")])
def test_a_translator_translates_rows_and_leaves_them_where_they_are(
    client, site, languages
):
    issue = make_issue(site, languages)
    client.force_login(person("translator_en"))
    stored = list(draft_of(issue).stories.all())
    html = client.get(url_of("edit", issue)).content.decode()
    assert 'name="stories-0-headline_override_en"' in html
    assert 'name="stories-0-headline_override_es"' not in html
    assert 'name="stories-0-story"' not in html
    assert "id_stories-ADD" not in html
    assert "Maíz es" in html
    forged = {"headline_override_es": "X", "headline_override_en": "New"}
    rows = [
        row(stored[1].story, 2, stored[0].pk or "", DELETE="on", **forged),
        row(stored[0].story, 1, stored[1].pk or "", **forged),
        row(site.story("Otra"), 3, **forged),
    ]
    data = issue_data(rows=rows, initial=2, headline_es="X", headline_en="Written")
    assert client.post(url_of("edit", issue), data).status_code == 302
    found = rows_of(issue)
    assert [(name, es) for name, es, en in found] == [
        ("Agua es", "0 es"),
        ("Maíz es", "1 es"),
    ]
    assert found[1][2] == "New"
    assert draft_of(issue).headline_en == "Written"
    assert draft_of(issue).headline_es == "Noviembre en la sierra"


def test_publishing_a_translation_leaves_unpublished_rows_alone(client, site):
    issue = make_issue(site, ("es", "en"))
    draft = draft_of(issue)
    first, second = draft.stories.all()
    new = type(first)(story=site.story("Otra"), sort_order=2)
    draft.stories.set([second, new])
    draft.save_revision()
    client.force_login(person("translator_en"))
    kept = draft_of(issue).stories.all()
    rows = [
        row(r.story, n, r.pk or "", headline_override_en=f"en {n}")
        for n, r in enumerate(kept)
    ]
    data = issue_data("action-publish-en", rows, initial=2, headline_en="Written")
    assert client.post(url_of("edit", issue), data).status_code == 302
    live = IssuePage.objects.get(pk=issue.pk)
    assert live.headline_en == "Written"
    assert [
        (r.story_id, r.headline_override_es, r.headline_override_en)
        for r in live.stories.all()
    ] == [(first.story_id, "0 es", "0 en"), (second.story_id, "1 es", "en 0")]
    assert rows_of(issue) == [("Maíz es", "1 es", "en 0"), ("Otra es", None, "en 1")]


def test_every_page_of_the_newsletter_is_in_the_senders_reach(site, sender):
    below = Page.objects.descendant_of(site.index).specific()
    assert all(rights.may_write_all(sender, page) for page in below)
