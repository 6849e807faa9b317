"""An issue is filled with what was published since the last one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from newsletter.composing.editions import build_edition
from newsletter.composing.filling import new_stories
from newsletter.dispatching import actions
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, publish
from tests.newsletter.sending import a_reader, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite()


@pytest.fixture
def editor(client):
    user = person(roles.EDITOR)
    client.force_login(user)
    return user


def send(site, issue):
    for lang in ("es", "en"):
        a_reader(site.newsletter, f"{lang}{issue.pk}", lang)
    editions = {code: build_edition(issue, code) for code in ("es", "en")}
    dispatch = actions.create_dispatch(
        newsletter=site.newsletter, title="Uno", issue_page=issue
    )
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    run(actions.start_dispatch(dispatch_id=dispatch.pk))


def url(name, issue):
    return reverse(f"issue_sending:{name}", args=[issue.pk])


def picks_of(issue):
    issue = type(issue).objects.get(pk=issue.pk)
    draft = issue.get_latest_revision_as_object()
    return [pick.story_id for pick in draft.stories.all()]


def long_ago(story):
    then = timezone.now() - timedelta(days=90)
    known = {"first_published_at_es": then, "first_published_at_en": then}
    type(story).objects.filter(pk=story.pk).update(**known)


def test_before_the_first_issue_the_last_months_are_new(site):
    old, fresh = site.story("Viejo"), site.story("Nuevo")
    long_ago(old)
    assert [story.pk for story in new_stories(site.issue())] == [fresh.pk]


def test_what_was_sent_is_not_new_and_what_came_since_is(site):
    told = site.story("Agua")
    send(site, site.issue(told))
    fresh = site.story("Maíz", "es")
    draft = site.story("Borrador", "es")
    type(draft).objects.filter(pk=draft.pk).update(live=False, live_es=False)
    private = site.story("Secreto")
    login = PageViewRestriction.LOGIN
    PageViewRestriction.objects.create(page=private, restriction_type=login)
    issue = site.issue(headline_es="Dos")
    assert [story.pk for story in new_stories(issue)] == [fresh.pk]


def test_a_translation_since_makes_a_story_new(site):
    story = site.story("Agua", "es")
    send(site, site.issue(story, site.story("Maíz")))
    story.headline_en = "Water"
    story.save_revision()
    publish(story, "en")
    issue = site.issue(headline_es="Dos")
    assert [row.pk for row in new_stories(issue)] == [story.pk]


def test_one_click_takes_everything_new_into_the_draft(client, site, editor):
    first, second = site.story("Agua"), site.story("Maíz")
    issue = site.issue(first)
    before = issue.latest_revision_id
    page = client.post(url("fill", issue), follow=True)
    assert "1 story was added" in page.text
    assert picks_of(issue) == [first.pk, second.pk]
    live = type(issue).objects.get(pk=issue.pk)
    assert [pick.story_id for pick in live.stories.all()] == [first.pk]
    undo = reverse("wagtailadmin_pages:revisions_revert", args=[issue.pk, before])
    assert undo in page.text
    assert "Nothing was added" in client.post(url("fill", issue), follow=True).text
    assert picks_of(issue) == [first.pk, second.pk]


def test_some_are_ticked(client, site, editor):
    first, second = site.story("Agua"), site.story("Maíz", "es")
    issue = site.issue(languages=())
    page = client.get(url("pick", issue)).text
    assert f'value="{first.pk}"' in page
    assert "pg-state--missing" in page
    assert picks_of(issue) == []
    client.post(url("pick", issue), {"story": [second.pk, "x", "99999"]})
    assert picks_of(issue) == [second.pk]
    page = client.get(url("pick", issue)).text
    assert f'value="{second.pk}"' not in page
    assert "1 story is in the issue already" in page


def test_nothing_new_is_said(client, site, editor):
    page = client.get(url("pick", site.issue())).text
    assert "There is nothing new" in page


def test_a_locked_issue_stays_as_it_is(client, site, editor):
    site.story("Agua")
    issue = site.issue()
    other = person(roles.NEWSLETTER_SENDER)
    issue.locked, issue.locked_by, issue.locked_at = True, other, timezone.now()
    issue.save()
    page = client.post(url("fill", issue), follow=True)
    assert "locked or in review" in page.text
    assert picks_of(issue) == []


def test_looking_changes_nothing(client, site, editor):
    site.story("Agua")
    issue = site.issue()
    assert client.get(url("fill", issue)).status_code == 405
    assert picks_of(issue) == []


def test_a_translator_fills_nothing(client, site):
    site.story("Agua")
    issue = site.issue()
    client.force_login(person(roles.TRANSLATORS["en"]))
    client.post(url("fill", issue))
    assert picks_of(issue) == []


def test_a_copy_of_an_issue_has_its_stories_and_was_never_sent(client, site, editor):
    story = site.story("Agua")
    issue = site.issue(story, picks={story.pk: {"fallback": "hold"}})
    send(site, issue)
    copy = reverse("wagtailadmin_pages:copy", args=[issue.pk])
    form = client.get(copy).context["form"]
    known = {name: form[name].value() or "" for name in form.fields}
    client.post(copy, known | {"new_parent_page": site.page.pk})
    (made,) = type(issue).objects.exclude(pk=issue.pk)
    (pick,) = made.get_latest_revision_as_object().stories.all()
    assert (pick.story_id, pick.fallback) == (story.pk, "hold")
    assert not made.live
    assert not made.dispatches.exists()
