"""Submitting a language for approval, and approving it as Wagtail lets people do."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.urls import reverse
from wagtail.models import (
    Task,
)

from front.models import PlainPage
from news.models import NewsPage
from pages import actions
from pages.models import WorkflowLanguages
from tests.pages.editor import add_url, edit_url, errors_of, fresh, story_data
from tests.pages.factories import (
    make_person,
    make_story,
    make_workflow,
    save_draft,
    speak,
)

pytestmark = pytest.mark.django_db

WORDS = {"headline_es": "Uno", "headline_en": "One"}


@pytest.fixture
def chief():
    person = make_person("chief", "administrator")
    speak(person, "en")
    return person


@pytest.fixture
def workflow(home, chief):
    return make_workflow(home)


@pytest.fixture
def story(index, workflow):
    return make_story(index, **WORDS)


@pytest.fixture
def writer(client):
    person = make_person("writer", "editor")
    client.force_login(person)
    return person


def submit(client, story, code="en", **fields):
    data = story_data(f"action-submit-{code}", **{**WORDS, **fields})
    return client.post(edit_url(story), data)


def decide(client, story, action, **headers):
    state = fresh(story).current_workflow_task_state
    args = [story.pk, action, state.pk]
    url = reverse("wagtailadmin_pages:workflow_action", args=args)
    return client.post(url, {"comment": "Mira esto"}, headers=headers)


def words_of(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_without_a_workflow_nothing_is_submitted(index, editor_client):
    story = make_story(index, **WORDS)
    for url in (edit_url(story), add_url(index)):
        assert "action-submit" not in editor_client.get(url).content.decode()


def test_a_workflow_without_a_task_publishes_nothing(story, client, writer):
    speak(writer, "en")
    Task.objects.update(active=False)
    answer = submit(client, story)
    assert "has no task" in answer.content.decode()
    assert fresh(story).current_workflow_state is None
    assert not fresh(story).is_live_in("en")


@pytest.mark.parametrize("ui", ["es", "en"])
def test_an_approval_publishes_the_language_submitted(story, client, writer, chief, ui):
    assert submit(client, story).status_code == 302
    state = fresh(story).current_workflow_state
    assert WorkflowLanguages.objects.get(workflow_state=state).languages == ["en"]
    speak(chief, ui)
    client.force_login(chief)
    assert decide(client, story, "approve").status_code == 302
    assert fresh(story).live_languages() == ["en"]
    assert fresh(story).get_latest_revision_as_object().headline_es == "Uno"


def test_both_languages_are_submitted_at_once(story, client, writer, chief):
    assert 'name="action-submit-all"' in client.get(edit_url(story)).text
    submit(client, story, "all")
    client.force_login(chief)
    decide(client, story, "approve")
    assert fresh(story).live_languages() == ["es", "en"]


def test_publishing_one_language_leaves_the_workflow_running(story, client, writer):
    submit(client, story)
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).current_workflow_state is not None


def test_a_new_page_is_submitted_from_the_add_form(index, workflow, client, writer):
    data = story_data("action-submit-es", headline_es="Uno")
    assert client.post(add_url(index), data).status_code == 302
    state = NewsPage.objects.get().current_workflow_state
    assert WorkflowLanguages.objects.get(workflow_state=state).languages == ["es"]


def test_a_language_without_headline_is_not_submitted(index, workflow, client, writer):
    story = make_story(index, headline_es="Uno")
    refused = [
        submit(client, story, headline_en=""),
        client.post(add_url(index), story_data("action-submit-en", headline_es="Otro")),
    ]
    assert [list(errors_of(response)) for response in refused] == [["headline_en"]] * 2
    assert NewsPage.objects.get().current_workflow_state is None
    assert mail.outbox == []


def test_what_could_not_be_published_is_not_submitted(home, workflow, client, writer):
    parent = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=parent)
    child = PlainPage(headline_es="Abajo", headline_en="Below", live=False)
    parent.add_child(instance=child)
    response = submit(client, child, headline_es="Abajo", headline_en="Below")
    assert list(errors_of(response)) == ["headline_en"]


@pytest.mark.parametrize("ajax", [False, True])
def test_an_approval_that_came_too_late_is_a_message(
    story, client, writer, chief, ajax
):
    submit(client, story)
    save_draft(story, headline_en="")
    client.force_login(chief)
    headers = {"X-Requested-With": "XMLHttpRequest"} if ajax else {}
    response = decide(client, story, "approve", **headers)
    assert response.status_code == (200 if ajax else 302)
    assert "Write a headline before publishing in English." in words_of(response)
    assert fresh(story).live_languages() == []
    assert fresh(story).workflow_in_progress


def test_approving_in_the_editor_shows_the_refusal_beside_its_field(
    story, client, writer, chief
):
    submit(client, story)
    client.force_login(chief)
    data = story_data("action-workflow-action", headline_es="Uno", headline_en="")
    data["workflow-action-name"] = "approve"
    response = client.post(edit_url(story), data)
    assert list(errors_of(response)) == ["headline_en"]
    assert fresh(story).workflow_in_progress


def test_what_a_reviewer_corrects_while_approving_goes_live(
    story, client, writer, chief
):
    submit(client, story)
    client.force_login(chief)
    words = {**WORDS, "headline_en": "One, corrected"}
    data = story_data("action-workflow-action", **words)
    client.post(edit_url(story), {**data, "workflow-action-name": "approve"})
    assert fresh(story).headline_en == "One, corrected"


def test_what_went_back_is_submitted_again(story, client, writer, chief):
    submit(client, story)
    client.force_login(chief)
    decide(client, story, "reject")
    client.force_login(writer)
    html = client.get(edit_url(story)).content.decode()
    assert 'name="action-submit-en"' in html
    assert submit(client, story, headline_en="One, better").status_code == 302
    client.force_login(chief)
    decide(client, story, "approve")
    assert fresh(story).headline_en == "One, better"


def test_a_workflow_started_again_keeps_its_languages(story, client, writer, chief):
    submit(client, story)
    client.force_login(chief)
    decide(client, story, "reject")
    client.force_login(writer)
    client.post(edit_url(story), story_data("action-restart-workflow", **WORDS))
    state = fresh(story).current_workflow_state
    assert WorkflowLanguages.objects.get(workflow_state=state).languages == ["en"]


def test_the_button_says_that_readers_see_no_change_yet(client, story, writer):
    speak(writer, "en")
    html = client.get(edit_url(story)).content.decode()
    assert "Readers see no change until it is approved." in html


def test_a_second_language_joins_the_one_in_review(story, client, writer, chief):
    speak(writer, "en")
    submit(client, story)
    html = client.get(edit_url(story)).content.decode()
    assert 'name="action-submit-en"' not in html
    assert "It is reviewed together with English, from the first step." in html
    # English is the reviewers' meanwhile: what the writer sends of it is left out.
    assert submit(client, story, "es", headline_en="Forged").status_code == 302
    state = fresh(story).current_workflow_state
    assert state.languages.languages == ["es", "en"]
    client.force_login(chief)
    decide(client, story, "approve")
    live = fresh(story)
    assert (live.headline_es, live.headline_en) == ("Uno", "One")
    assert live.live_languages() == ["es", "en"]
    assert live.current_workflow_state is None


@pytest.mark.parametrize("ticked_by", ["writer", "chief"])
def test_an_approval_knows_that_the_change_was_a_small_one(
    index, workflow, client, chief, ticked_by
):
    story = make_story(index, live=("es", "en"), **WORDS)
    writer = make_person(
        "writer", "administrator" if ticked_by == "writer" else "editor"
    )
    words = {**WORDS, "headline_es": "Uno."}
    client.force_login(writer)
    tick = {"still-right-en": "on"}
    data = story_data("action-submit-es", **words)
    client.post(edit_url(story), data | (tick if ticked_by == "writer" else {}))
    client.force_login(chief)
    data = story_data("action-workflow-action", **words)
    data["workflow-action-name"] = "approve"
    client.post(edit_url(story), data | (tick if ticked_by == "chief" else {}))
    live = fresh(story)
    assert (live.headline_es, live.state_en) == ("Uno.", "live")
