"""Pictures that may not be the site's to show: asked once before they go live."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import streamfield

from pages.models import ScheduledPublication
from tests.news.factories import make_picture
from tests.pages.editor import add_url, edit_url, errors_of, fresh, story_data
from tests.pages.factories import make_person, make_story, make_workflow, speak
from tests.pages.test_approval import decide, words_of

pytestmark = pytest.mark.django_db
CLEAR = {"title": "Feria", "credit": "Ana", "rights_es": "Con permiso"}
AGAIN = "Press the button again to go on all the same."


@pytest.fixture(autouse=True)
def media(settings, tmp_path, editor):
    settings.MEDIA_ROOT = tmp_path
    speak(editor, "en")


def picture(**fields):
    made = make_picture()
    for name, value in {**CLEAR, **fields}.items():
        setattr(made, name, value)
    made.save()
    return made


def seen_in(response):
    """What the form sends along at the next press of a button."""
    html = response.content.decode()
    return html.split('name="knowingly" value="')[1].split('"')[0]


CASES = [
    ({"people": "missing"}, ["“Feria” shows people whose consent is missing."]),
    (
        {"people": "agreed", "consent_until": date(2020, 5, 1)},
        ["The consent of the people in “Feria” ended on 1 May 2020."],
    ),
    ({"credit": ""}, ["“Feria” has no credit."]),
    ({"rights_es": ""}, ["“Feria” has no rights noted."]),
]


@pytest.mark.parametrize(("fields", "doubts"), CASES)
def test_publishing_asks_once_and_goes_on_knowingly(
    index, editor_client, fields, doubts
):
    story = make_story(index, headline_es="Uno")
    shown = {"headline_es": "Uno", "picture": picture(**fields).pk}
    data = story_data("action-publish-es", **shown)
    asked = editor_client.post(edit_url(story), data)
    assert errors_of(asked)["__all__"] == [*doubts, AGAIN]
    assert not fresh(story).live_languages()
    again = editor_client.post(edit_url(story), {**data, "knowingly": seen_in(asked)})
    assert again.status_code == 302
    assert fresh(story).live_languages() == ["es"]
    page = editor_client.get(fresh(story).url_in("es")).content.decode()
    assert "consent" not in page


@pytest.mark.parametrize(
    "fields",
    [{}, {"people": "none"}, {"people": "agreed", "consent_until": date(2999, 1, 1)}],
)
def test_a_picture_in_order_asks_nothing(index, editor_client, fields):
    shown = {"headline_es": "Uno", "picture": picture(**fields).pk}
    data = story_data("action-publish-es", **shown)
    assert editor_client.post(add_url(index), data).status_code == 302


def test_a_doubt_that_is_new_is_asked_about_too(index, editor_client):
    story = make_story(index, headline_es="Uno")
    first, second = picture(people="missing"), picture(title="Río", credit="")
    data = story_data("action-publish-es", headline_es="Uno", picture=first.pk)
    seen = seen_in(editor_client.post(edit_url(story), data))
    words = {"caption": "", "credit": "", "alt": "", "alt_decision": "describe"}
    body = streamfield([("picture", {"picture": second.pk, **words})])
    more = story_data(
        "action-publish-es", headline_es="Uno", picture=first.pk, body_es=body
    )
    asked = editor_client.post(edit_url(story), {**more, "knowingly": seen})
    assert "“Río” has no credit." in errors_of(asked)["__all__"]
    assert not fresh(story).live_languages()


def test_a_plan_asks_for_the_day_it_is_made_for(index, editor_client):
    until = date(2998, 1, 1)
    shown = picture(people="agreed", consent_until=until)
    story = make_story(index, headline_es="Uno", picture=shown)
    url = reverse("pages_schedule", args=[story.pk])
    plan = {"kind": "publish", "languages": ["es"], "at": "2999-01-01 10:00"}
    asked = editor_client.post(url, plan)
    assert "ended on 1 January 2998" in asked.content.decode()
    assert not ScheduledPublication.objects.exists()
    editor_client.post(url, {**plan, "knowingly": seen_in(asked)})
    assert ScheduledPublication.objects.count() == 1
    early = {**plan, "at": "2997-12-31 10:00"}
    assert editor_client.post(url, early).status_code == 302


def test_whoever_approves_is_asked_what_the_submitter_was_not(home, index, client):
    make_workflow(home)
    story = make_story(index, headline_es="Uno")
    chief = make_person("chief", "administrator")
    speak(chief, "en")
    client.force_login(chief)
    shown = picture()
    data = story_data("action-submit-es", headline_es="Uno", picture=shown.pk)
    client.post(edit_url(story), data)
    shown.people = "missing"
    shown.save()
    asked = decide(client, story, "approve")
    assert "consent is missing" in words_of(asked)
    assert not fresh(story).live_languages()
    decide(client, story, "approve")
    assert fresh(story).live_languages() == ["es"]
