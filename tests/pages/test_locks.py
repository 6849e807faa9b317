"""A language in review holds only itself; who meets a lock is told who can help."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Page

from pages import actions, approval, locks
from tests.pages.editor import edit_url, fresh, story_data
from tests.pages.factories import (
    make_person,
    make_story,
    make_workflow,
    save_draft,
    speak,
)

pytestmark = pytest.mark.django_db
WORDS = {"headline_es": "Uno", "headline_en": "One", "lead_en": "Draft"}


@pytest.fixture
def chief(db):
    return make_person("chief", "administrator")


@pytest.fixture
def workflow(home, chief):
    return make_workflow(home)


@pytest.fixture
def writer(client):
    """An editor, who writes both languages and reviews neither; logged in."""
    person = make_person("writer", "editor")
    speak(person, "en")
    client.force_login(person)
    return person


@pytest.fixture
def story(index, workflow, writer):
    """Live in Spanish; its English is in review."""
    made = make_story(index, live=("es",), headline_es="Uno")
    save_draft(made, **WORDS)
    approval.submit(page=fresh(made), languages=["en"], user=writer)
    return fresh(made)


def draft_of(story):
    return fresh(story).get_latest_revision_as_object()


def test_english_in_review_does_not_hold_spanish_back_in_the_editor(story, client):
    page = client.get(edit_url(story))
    html = page.content.decode()
    assert 'name="headline_es"' in html
    assert 'name="headline_en"' not in html
    assert 'name="date"' not in html
    assert "In review" in html
    assert "chief" in html
    data = story_data(headline_es="Dos", headline_en="Forged", date="2001-01-01")
    assert client.post(edit_url(story), data).status_code == 302
    draft = draft_of(story)
    assert (draft.headline_es, draft.headline_en) == ("Dos", "One")
    assert draft.date == story.get_latest_revision_as_object().date
    assert fresh(story).current_workflow_state is not None


def test_spanish_is_published_while_english_is_in_review(story, client, chief):
    before = fresh(story).date
    save_draft(story, date=timezone.localdate().replace(year=2001))
    html = client.get(edit_url(story)).content.decode()
    assert "action-publish-es" in html
    assert "action-publish-en" not in html
    data = story_data("action-publish-es", headline_es="Dos")
    assert client.post(edit_url(story), data).status_code == 302
    live = fresh(story)
    assert (live.headline_es, live.live_languages()) == ("Dos", ["es"])
    # The date waits with the English: whoever reviews it has seen it there.
    assert live.date == before
    assert live.current_workflow_state is not None
    task_state = live.current_workflow_task_state
    task_state.approve(user=chief)
    live = fresh(story)
    assert (live.headline_es, live.headline_en) == ("Dos", "One")
    assert live.live_languages() == ["es", "en"]
    assert live.date.year == 2001


def test_the_language_in_review_is_not_published_past_the_review(story, client):
    data = story_data("action-publish-en", headline_es="Uno", headline_en="Past")
    client.post(edit_url(story), data)
    assert fresh(story).live_languages() == ["es"]
    assert draft_of(story).headline_en == "One"


def test_who_writes_only_the_language_in_review_is_held(story, client):
    translator = make_person("itzel", "translator_en")
    client.force_login(translator)
    assert fresh(story).get_lock().for_user(translator)
    data = story_data(headline_en="Mine")
    client.post(edit_url(story), data)
    assert draft_of(story).headline_en == "One"


def test_reviewers_change_everything(story, client, chief):
    client.force_login(chief)
    assert locks.held_from(fresh(story), chief) == []
    data = story_data(headline_es="Uno", headline_en="Better")
    client.post(edit_url(story), data)
    assert draft_of(story).headline_en == "Better"


def test_an_earlier_version_brings_back_only_what_is_not_held(story, client):
    first = fresh(story).revisions.order_by("pk").first()
    args = [story.pk, first.pk]
    page = client.get(reverse("wagtailadmin_pages:revisions_revert", args=args))
    assert page.status_code == 200
    data = story_data(headline_es="Uno", headline_en="", revision=first.pk)
    client.post(edit_url(story), data)
    assert draft_of(story).headline_en == "One"


def test_the_admin_api_brings_no_earlier_version_back_meanwhile(story, client):
    first = fresh(story).revisions.order_by("pk").first()
    args = [story.pk, "revert_to_page_revision"]
    url = reverse("wagtailadmin_api:pages:action", args=args)
    data = {"revision_id": first.pk}
    answer = client.post(url, data, content_type="application/json")
    assert answer.status_code == 403
    assert draft_of(story).headline_en == "One"


def test_once_it_is_decided_nothing_is_held(story, client, writer, chief):
    fresh(story).current_workflow_task_state.reject(user=chief)
    assert locks.held_from(fresh(story), writer) == []
    html = client.get(edit_url(story)).content.decode()
    assert 'name="headline_en"' in html


def test_a_lock_names_who_holds_it_and_who_can_release_it(index, writer, chief):
    story = make_story(index, headline_es="Uno")
    Page.objects.filter(pk=story.pk).update(
        locked=True, locked_by=chief, locked_at=timezone.now()
    )
    text = locks.why_held(fresh(story), "es", writer)
    assert text.count("chief") == 2
    assert "writer" in text
    assert "<" not in text
    assert locks.why_held(fresh(story), "es", chief) == ""


def test_people_are_named_as_spanish_says_it(index, writer):
    person = make_person("ines", "editor")
    person.first_name, person.last_name = "Inés", "Ruiz"
    person.save()
    story = make_story(index, headline_es="Uno")
    Page.objects.filter(pk=story.pk).update(locked=True)
    with translation.override("es"):
        text = locks.why_held(fresh(story), "es", writer)
    assert text.endswith("Puede(n) desbloquearla: writer e Inés Ruiz.")


@pytest.mark.parametrize("is_deleted", [False, True])
def test_the_lock_of_somebody_who_left_is_released_by_others(
    index, writer, chief, is_deleted
):
    gone = make_person("gone", "editor")
    story = make_story(index, headline_es="Uno")
    Page.objects.filter(pk=story.pk).update(
        locked=True, locked_by=gone, locked_at=timezone.now()
    )
    gone.is_active = False
    gone.save()
    if is_deleted:
        gone.delete()
    text = locks.why_held(fresh(story), "es", writer)
    helpers = text.rpartition(":")[2]
    assert "chief" in helpers
    assert "gone" not in helpers


def test_a_locked_page_is_not_published(index, writer, chief):
    story = make_story(index, headline_es="Uno")
    Page.objects.filter(pk=story.pk).update(locked=True, locked_by=chief)
    tester = fresh(story).permissions_for_user(writer)
    assert not tester.can_publish_language("es")
    actions.publish_languages(page=story, languages=["es"], user=chief)
    assert fresh(story).live_es
