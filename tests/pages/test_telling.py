"""What the publish menu says will happen, and "small change, still right"."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from front.models import PlainPage
from pages import actions
from pages.signals import fell_behind
from pages.telling import Outlook
from tests.pages.editor import add_url, edit_url, errors_of, fresh, story_data
from tests.pages.factories import make_person, make_story, save_draft, speak

pytestmark = pytest.mark.django_db
MARCH = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
BOTH = {"headline_es": "Uno", "headline_en": "One"}
TICKED = {"still-right-en": "yes"}


@pytest.fixture(autouse=True)
def english(editor):
    speak(editor, "en")


def made_in_march(index, *live, **fields):
    with time_machine.travel(MARCH, tick=False):
        return make_story(index, live=live, **fields)


def told(response, name):
    """What the button says it will do."""
    html = response.content.decode()
    assert f'aria-describedby="action-{name}-told"' in html
    found = re.search(rf'id="action-{name}-told"[^>]*>([^<]*)<', html)[1]
    return " ".join(found.split())


def told_of(client, page, name):
    return told(client.get(edit_url(page)), name)


# --- What is told


def test_of_a_new_page_the_other_language_finds_nothing(index, editor_client):
    response = editor_client.get(add_url(index))
    assert told(response, "publish-es") == (
        "Readers in Spanish will see this version. Readers in English find nothing yet."
    )
    assert told(response, "publish-all") == (
        "Readers in Spanish and English will see this version."
    )


def test_readers_of_the_other_language_keep_the_text_of_its_day(index, editor_client):
    story = made_in_march(index, "es", "en", **BOTH)
    assert told_of(editor_client, story, "publish-en") == (
        "Readers in English will see this version. "
        "Readers in Spanish keep the text of 3 March 2026."
    )


def test_it_is_told_in_the_language_of_the_editor(index, editor, editor_client):
    speak(editor, "es")
    story = made_in_march(index, "es", **BOTH)
    assert told_of(editor_client, story, "publish-en") == (
        "Los lectores en inglés verán esta versión. "
        "Los lectores en español siguen viendo el texto del 3 de marzo de 2026. "
        "El texto en inglés contará como actualizado."
    )
    assert told_of(editor_client, story, "publish-all").startswith(
        "Los lectores en español e inglés verán esta versión."
    )


def test_a_change_of_the_original_may_leave_the_translation_behind(
    index, editor_client
):
    story = made_in_march(index, "es", "en", **BOTH)
    warning = (
        "If the original in Spanish has changed, the text in English will be marked "
        "as behind."
    )
    for name in ("publish-es", "publish-all"):
        assert told_of(editor_client, story, name).endswith(warning)
    assert warning not in told_of(editor_client, story, "publish-en")


def test_a_translation_that_is_behind_stays_marked_so(index, editor_client):
    story = made_in_march(index, "es", "en", **BOTH)
    save_draft(story, headline_es="Dos")
    actions.publish_languages(page=story, languages=["es"])
    for name in ("publish-es", "publish-en", "publish-all"):
        assert told_of(editor_client, story, name).endswith(
            "The text in English is behind the original in Spanish and stays marked so."
        )


def test_a_draft_with_another_original_promises_nothing_of_it(index, editor_client):
    story = made_in_march(index, "es", "en", **BOTH)
    save_draft(story, original_language="en")
    html = editor_client.get(edit_url(story)).content.decode()
    assert "marked as behind" not in html
    assert "still-right" not in html


def test_below_a_page_without_the_language_it_says_what_to_do(home, editor_client):
    above = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=above)
    actions.publish_languages(page=above, languages=["es"])
    page = PlainPage(headline_es="Abajo", headline_en="Below", live=False)
    above.add_child(instance=page)
    first = "The page above is not there in English: publish it first."
    assert told_of(editor_client, page, "publish-en") == first
    assert told_of(editor_client, page, "publish-all") == first
    assert told_of(editor_client, page, "publish-es").startswith("Readers in Spanish")


@pytest.mark.parametrize(
    ("kind", "live", "name", "words"),
    [
        ("publish", ("es", "en"), "publish-es", "English keep the text of 3 March 2026 "
         "until what is planned for 5 April 2090, 10:00."),
        ("publish", ("es",), "publish-es", "English find nothing until what is planned "
         "for 5 April 2090, 10:00."),
        ("publish", ("es",), "publish-en", "In English, another version takes its "
         "place on 5 April 2090, 10:00."),
        ("unpublish", ("es", "en"), "publish-en", "In English, it will be taken down "
         "on 5 April 2090, 10:00."),
        ("unpublish", ("es",), "publish-es", "Readers in English find nothing yet."),
    ],
)  # fmt: skip
def test_plans_that_stand_are_told(index, editor_client, kind, live, name, words):
    story = made_in_march(index, *live, **BOTH)
    at = dt.datetime(2090, 4, 5, 10, tzinfo=timezone.get_default_timezone())
    actions.schedule_publication(page=story, languages=["en"], at=at, kind=kind)
    assert words in told_of(editor_client, story, name)


def test_a_plan_that_was_dropped_or_has_run_is_not_told(index, editor_client):
    story = made_in_march(index, "es", **BOTH)
    at = timezone.now() + dt.timedelta(days=1)
    due = actions.schedule_publication(page=story, languages=["en"], at=at)
    actions.cancel_schedule(schedule=due)
    assert "planned" not in told_of(editor_client, story, "publish-es")
    actions.schedule_publication(page=story, languages=["en"], at=at)
    actions.run_due_publications(now=at)
    assert "planned" not in told_of(editor_client, story, "publish-es")


def test_a_translator_is_told_that_what_is_shared_stays(index, client):
    story = made_in_march(index, "es", "en", **BOTH)
    translator = make_person("translator", "translator_en")
    speak(translator, "en")
    client.force_login(translator)
    assert told_of(client, story, "publish-en").startswith(
        "Readers in English will see this text; date, pictures and whatever else the "
        "languages share stay as they are."
    )


def test_after_a_refusal_the_same_is_told(index, editor_client):
    story = made_in_march(index, "es", headline_es="Uno")
    before = told_of(editor_client, story, "publish-es")
    refused = editor_client.post(
        edit_url(story), story_data("action-publish-en", headline_es="Dos")
    )
    assert "headline_en" in errors_of(refused)
    assert told(refused, "publish-es") == before
    new = story_data("action-publish-en", headline_es="Dos")
    refused = editor_client.post(add_url(index), new)
    assert told(refused, "publish-es").endswith("Readers in English find nothing yet.")


@pytest.mark.parametrize("plans", [0, 5])
def test_telling_costs_three_queries_whatever_is_planned(
    index, editor, plans, django_assert_num_queries
):
    story = made_in_march(index, "es", "en", **BOTH)
    at = timezone.now() + dt.timedelta(days=1)
    for _ in range(plans):
        actions.schedule_publication(page=story, languages=["en"], at=at)
    assert editor.has_perm("pages.write_shared")
    with django_assert_num_queries(3):
        outlook = Outlook(story, editor)
        for wanted in (["es"], ["en"], ["es", "en"]):
            assert len(outlook.of_publishing(wanted)) > 1


@pytest.mark.parametrize("plans", [0, 5])
def test_the_forms_cost_the_same_whatever_is_planned(
    index, editor_client, plans, django_assert_num_queries
):
    story = made_in_march(index, "es", "en", **BOTH)
    at = timezone.now() + dt.timedelta(days=1)
    for _ in range(plans):
        actions.schedule_publication(page=story, languages=["en"], at=at)
    for url, cost in ((edit_url(story), 43), (add_url(index), 28)):
        editor_client.get(url)
        with django_assert_num_queries(cost):
            editor_client.get(url)


def test_telling_of_a_new_page_costs_none(editor, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Outlook(None, editor).of_publishing(["es"])


# --- Small change, translation still right


@pytest.fixture
def story(index):
    return made_in_march(index, "es", "en", **BOTH)


@pytest.fixture
def alarms():
    """Translations somebody was called for."""
    called = []

    def note(language, **kwargs):
        called.append(language)

    fell_behind.connect(note)
    yield called
    fell_behind.disconnect(note)


def publish(client, page, button="action-publish-es", **fields):
    words = {"headline_es": "Uno, corregido", "headline_en": "One"}
    return client.post(edit_url(page), story_data(button, **{**words, **fields}))


def confirmations(page):
    """Who said of which translations that they are right, as the history knows it."""
    log = PageLogEntry.objects.filter(page=page.pk, action="pages.confirm")
    return [(entry.user.username, entry.data["languages"]) for entry in log]


@pytest.mark.parametrize("button", ["action-publish-es", "action-publish-all"])
def test_a_small_change_leaves_the_translation_right(
    story, editor_client, alarms, button
):
    publish(editor_client, story, button, **TICKED)
    assert fresh(story).headline_es == "Uno, corregido"
    assert fresh(story).state_en == "live"
    assert alarms == []
    assert confirmations(story) == [("editor", ["en"])]
    url = reverse("wagtailadmin_pages:history", args=[story.pk])
    html = editor_client.get(url).content.decode()
    assert "Translation said to be right in English" in html


def test_without_the_tick_it_falls_behind(story, editor_client, alarms):
    publish(editor_client, story)
    assert fresh(story).state_en == "behind"
    assert alarms == ["en"]
    assert confirmations(story) == []


def test_the_next_change_is_a_change_again(story, editor_client):
    publish(editor_client, story, **TICKED)
    publish(editor_client, story, headline_es="Otra cosa")
    assert fresh(story).state_en == "behind"


def test_the_box_is_offered_unticked_also_after_a_refusal(story, editor_client):
    box = re.compile(r'<input type="checkbox" name="still-right-en"[^>]*>')
    refused = publish(editor_client, story, headline_es="", **TICKED)
    assert "headline_es" in errors_of(refused)
    for response in (editor_client.get(edit_url(story)), refused):
        found = box.search(response.content.decode())
        assert "checked" not in found[0]
    assert "still-right-es" not in refused.content.decode()


def test_the_box_is_offered_only_where_it_applies(index, story, editor_client):
    alone = made_in_march(index, "es", **BOTH)
    publish(editor_client, story)
    urls = [edit_url(alone), edit_url(story), add_url(index)]
    for url in urls:
        assert "still-right" not in editor_client.get(url).content.decode()


def test_what_was_behind_before_stays_behind(story, editor_client):
    publish(editor_client, story)
    publish(editor_client, story, headline_es="Dos", **TICKED)
    assert fresh(story).state_en == "behind"
    assert confirmations(story) == []


@pytest.mark.parametrize("button", [None, "action-publish-en", "action-submit-es"])
def test_the_tick_alone_confirms_nothing(story, editor_client, button):
    publish(editor_client, story, button, **TICKED)
    assert confirmations(story) == []


def test_a_refused_publication_confirms_nothing(story, editor_client):
    publish(editor_client, story, headline_es="", **TICKED)
    assert fresh(story).state_en == "live"
    assert confirmations(story) == []


def test_an_original_that_changes_with_it_confirms_nothing(story, editor_client):
    publish(editor_client, story, original_language="en", **TICKED)
    assert fresh(story).original_language == "en"
    assert confirmations(story) == []


@pytest.mark.parametrize(("role", "may"), [("translator_es", False), ("editor", True)])
def test_only_who_may_confirm_can_say_so(story, client, role, may):
    """A translator into Spanish publishes the original, and says nothing of English."""
    client.force_login(make_person("other", role))
    html = client.get(edit_url(story)).content.decode()
    assert ("still-right-en" in html) is may
    publish(client, story, **TICKED, **{"still-right-all": "yes"})
    assert fresh(story).headline_es == "Uno, corregido"
    assert (fresh(story).state_en == "live") is may
    assert bool(confirmations(story)) is may
