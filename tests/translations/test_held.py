"""The desk while somebody else holds the page."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from pages import actions as kernel
from pages import approval
from tests.pages.editor import fresh
from tests.pages.factories import (
    make_person,
    make_story,
    make_workflow,
    save_draft,
    speak,
)
from translations import actions, notes
from translations.errors import PageLockedError

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}
TYPED = {"key-0": "headline", "seen-0": "", "text-0": "Typed"}


@pytest.fixture
def chief(db):
    return make_person("chief", "administrator")


@pytest.fixture
def workflow(home, chief):
    return make_workflow(home)


def in_review(story, language, by):
    approval.submit(page=fresh(story), languages=[language], user=by)
    return fresh(story)


def side_url(page, language):
    return reverse("translations_side", args=[page.pk, language])


def test_english_in_review_does_not_hold_the_spanish_translation_back(
    index, workflow, editor
):
    story = make_story(index, original_language="en", headline_en="One")
    story = in_review(story, "en", editor)
    translator = make_person("tere", "translator_es")
    words = {"headline": "Uno"}
    saved = actions.save_translation(
        page=story, language="es", words=words, seen={}, user=translator
    )
    assert saved.written == ["headline"]
    draft = fresh(story).get_latest_revision_as_object()
    assert (draft.headline_es, draft.headline_en) == ("Uno", "One")
    actions.publish_translation(page=story, language="es", user=translator)
    assert fresh(story).live_languages() == ["es"]
    assert fresh(story).current_workflow_state is not None


def test_a_plan_made_before_a_review_does_not_get_past_it(index, workflow, editor):
    story = make_story(index, live=("es",), headline_es="Uno", headline_en="One")
    moment = timezone.now()
    kernel.schedule_publication(
        page=story, languages=["en"], at=moment, user=make_person("eva", "editor")
    )
    in_review(story, "en", editor)
    kernel.run_due_publications(now=moment)
    assert fresh(story).live_languages() == ["es"]
    assert "Desk" in story.schedules.get().error


@pytest.mark.parametrize(("ui", "words"), [("en", "In review"), ("es", "En revisión")])
def test_a_translation_in_review_says_who_decides(
    index, workflow, editor, translator, client, ui, words
):
    speak(translator, ui)
    story = make_story(index, live=("es",), headline_es="Uno")
    save_draft(story, headline_en="One")
    story = in_review(story, "en", editor)
    client.force_login(translator)
    html = client.get(side_url(story, "en")).content.decode()
    assert words in html
    assert "chief" in html
    data = TYPED | {"seen-0": "One"}
    answer = client.post(side_url(story, "en"), data, **JSON)
    assert answer.status_code == 423
    assert words in answer.json()["locked"]
    assert fresh(story).get_latest_revision_as_object().headline_en == "One"


@pytest.mark.parametrize("is_still_here", [True, False])
def test_a_translator_who_meets_a_lock_is_told_who_can_release_it(
    index, translator, chief, client, is_still_here
):
    story = make_story(index, live=("es",), headline_es="Uno")
    holder = make_person("holder", "editor")
    Page.objects.filter(pk=story.pk).update(
        locked=True, locked_by=holder, locked_at=timezone.now()
    )
    if not is_still_here:
        holder.delete()
    client.force_login(translator)
    assert "chief" in client.get(side_url(story, "en")).content.decode()
    answer = client.post(side_url(story, "en"), TYPED, **JSON)
    assert answer.status_code == 423
    told = answer.json()["locked"]
    assert "chief" in told
    assert ("holder" in told) == is_still_here
    assert "<" not in told
    again = client.post(side_url(story, "en"), TYPED)
    assert again.status_code == 423
    assert "Typed" in again.content.decode()
    assert not fresh(story).get_latest_revision_as_object().headline_en
    confirm = reverse("translations_confirm", args=[story.pk, "en"])
    assert "chief" in client.post(confirm, follow=True).content.decode()
    publish = client.post(side_url(story, "en"), TYPED | {"publish": "1"})
    assert publish.status_code == 423
    for do in (actions.publish_translation, actions.confirm_up_to_date):
        with pytest.raises(PageLockedError):
            do(page=story, language="en", user=translator)


def test_a_lock_does_not_keep_anybody_from_asking(index, translator, chief):
    story = make_story(index, live=("es",), headline_es="Uno")
    Page.objects.filter(pk=story.pk).update(locked=True, locked_by=chief)
    note = notes.add_note(
        page=story, language="en", key="headline", text="¿Cuándo?", user=translator
    )
    assert note.pk
