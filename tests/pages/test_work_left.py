"""How much a translator has left to do, and since when, kept in columns."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import translation
from wagtail.blocks import StreamValue

from news.models import NewsPage
from pages import actions, states
from pages.differences import changed_words, runs
from pages.models import Confirmation
from pages.pairing import pair
from pages.segments import parts, segments
from pictures.models import Picture
from tests.pages.factories import make_story, save_draft
from tests.pictures.photos import upload

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2030, 11, 3, 12, tzinfo=dt.UTC)
ONE = NOON + dt.timedelta(hours=1)


def fresh(page):
    return NewsPage.objects.get(pk=page.pk)


def stream(*blocks):
    raw = [
        {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012}"}
        for number, (kind, value) in enumerate(blocks)
    ]
    return StreamValue(NewsPage._meta.get_field("body_es").stream_block, raw, True)


@pytest.fixture
def picture(db):
    return Picture.objects.create(title="Muro", alt_es="Un muro", file=upload())


def described(picture, caption):
    return {
        "picture": picture.pk,
        "caption": caption,
        "credit": "",
        "alt_decision": "describe",
        "alt": "",
    }


def test_segments_name_each_text_of_a_block(index, picture):
    body = stream(
        ("paragraph", "<p>Uno <b>dos</b></p>"),
        ("picture", described(picture, "El muro")),
    )
    story = make_story(index, headline_es="El puente", lead_es="Hoy", body_es=body)
    found = segments(story, "es")
    assert list(found.values()) == ["El puente", "Hoy", "Uno dos", "El muro"]
    assert list(found)[-1].endswith(".caption")


@pytest.mark.parametrize("ui", ["es", "en"])
def test_a_choice_of_the_editor_is_no_text(index, picture, ui):
    body = stream(("picture", described(picture, "El muro")))
    story = make_story(index, headline_es="El puente", body_es=body)
    with translation.override(ui):
        assert list(segments(story, "es").values()) == ["El puente", "El muro"]


def test_a_translation_confirmed_in_one_admin_language_is_right_in_the_other(
    index, picture
):
    body = stream(("picture", described(picture, "El muro")))
    with translation.override("es"):
        story = make_story(
            index, live=("es", "en"), headline_es="Uno", headline_en="One", body_es=body
        )
    with translation.override("en"):
        states.refresh_state(page_id=story.pk)
    assert fresh(story).state_en == "live"


def test_words_and_progress_of_a_translation_never_begun(index):
    story = make_story(
        index, live=("es",), headline_es="Uno dos", lead_es="Tres cuatro"
    )
    page = fresh(story)
    assert (page.state_en, page.words_en, page.progress_en) == ("missing", 4, 0)
    assert (page.words_es, page.progress_es) == (0, 100)


def test_progress_grows_with_the_draft(index):
    story = make_story(
        index, live=("es",), headline_es="Uno dos", lead_es="Tres cuatro"
    )
    save_draft(story, headline_en="One two")
    page = fresh(story)
    assert (page.state_en, page.words_en, page.progress_en) == ("draft", 2, 50)


def test_behind_counts_the_words_that_changed_and_since_when(index):
    story = make_story(
        index,
        live=("es", "en"),
        headline_es="Uno",
        headline_en="One",
        lead_es="a b c d",
    )
    save_draft(story, lead_es="a b x d e")
    with time_machine.travel(NOON, tick=False):
        actions.publish_languages(page=story, languages=["es"])
    page = fresh(story)
    assert (page.state_en, page.words_en, page.since_en) == ("behind", 2, NOON)
    save_draft(story, lead_es="a b x d e f")
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).words_en == 3
    assert fresh(story).since_en == NOON
    with time_machine.travel(ONE, tick=False):
        actions.confirm_translation(page=story, language="en")
    page = fresh(story)
    assert (page.state_en, page.words_en, page.since_en) == ("live", 0, ONE)


def test_words_that_only_went_still_ask_for_a_look(index):
    story = make_story(
        index, live=("es", "en"), headline_es="Uno", headline_en="One", lead_es="a b"
    )
    save_draft(story, lead_es="")
    actions.publish_languages(page=story, languages=["es"])
    assert fresh(story).state_en == "behind"
    assert fresh(story).words_en == 1


def test_blocks_meet_by_id_then_by_their_order_among_their_kind(index):
    es = stream(("paragraph", "<p>A</p>"), ("heading", "B"), ("paragraph", "<p>C</p>"))
    story = make_story(index, headline_es="Uno", body_es=es)
    other = stream(
        ("paragraph", "<p>a</p>"), ("heading", "b"), ("paragraph", "<p>c</p>")
    )
    raw = [dict(block) for block in other.raw_data]
    for block in raw[:2]:
        block["id"] = block["id"].replace("8000", "9000")
    story.body_en = StreamValue(other.stream_block, raw, True)
    pairs, spare = pair(parts(story, "es"), parts(story, "en"))
    said = {
        mine.text: theirs and theirs.text
        for both in pairs
        for mine, theirs in both.segments()
        if mine.key.startswith("body")
    }
    assert said == {"A": "a", "B": "b", "C": "c"}
    assert spare == []


def test_what_only_the_translation_has_is_left_over(index):
    story = make_story(index, headline_es="Uno", body_es=stream())
    story.body_en = stream(("paragraph", "<p>Only here</p>"))
    pairs, spare = pair(parts(story, "es"), parts(story, "en"))
    assert [part.kind for part in spare] == ["paragraph"]
    assert all(both.target for both in pairs)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [("a b", "a b", 0), ("a b", "a", 1), ("", "a b c", 3), ("a b c", "a x c", 1)],
)
def test_changed_words_are_counted(before, now, words):
    assert changed_words(before, now) == words


def test_runs_say_what_stayed_came_and_went():
    found = [(run.kind, run.text) for run in runs("the old wall", "the new tall wall")]
    assert found == [
        ("same", "the"), ("gone", "old"), ("new", "new tall"), ("same", "wall"),
    ]  # fmt: skip


def test_deleting_the_confirmation_alarms_nobody(index):
    story = make_story(index, live=("es", "en"), headline_es="Uno", headline_en="One")
    Confirmation.objects.all().delete()
    states.refresh_state(page_id=story.pk)
    assert fresh(story).state_en == "live"
