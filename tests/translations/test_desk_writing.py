"""Texts saved at the desk land in one language of the draft, and nowhere else."""

from __future__ import annotations

import pytest
from wagtail.blocks import StreamValue

from news.models import NewsPage
from pages import actions as kernel
from pages import content
from pages.segments import segments
from pictures.models import Picture
from tests.pages.factories import make_person, make_story, save_draft
from tests.pictures.photos import upload
from translations import actions
from translations.errors import (
    LanguageRefusedError,
    OriginalChangedError,
    PageLockedError,
    UnfinishedError,
)
from translations.side import laid_out

pytestmark = pytest.mark.django_db
BODY = NewsPage._meta.get_field("body_es").stream_block


def block(number, kind, value):
    return {
        "type": kind,
        "value": value,
        "id": f"00000000-0000-4000-8000-{number:012}",
    }


def stream(*blocks):
    return StreamValue(BODY, list(blocks), True)


def fresh(page):
    return NewsPage.objects.get(pk=page.pk)


def drafted(page):
    return fresh(page).get_latest_revision_as_object()


@pytest.fixture
def picture(db):
    return Picture.objects.create(
        title="Muro", alt_es="Un muro", alt_en="A wall", file=upload()
    )


@pytest.fixture
def story(index, picture):
    described = {
        "picture": picture.pk,
        "caption": "El muro",
        "credit": "",
        "alt_decision": "describe",
        "alt": "",
    }
    body = stream(
        block(1, "paragraph", '<p>Uno <a linktype="page" id="1">dos</a></p>'),
        block(2, "picture", described),
        block(3, "picture", {**described, "caption": ""}),
        block(4, "heading", "Fin"),
    )
    return make_story(index, live=("es",), headline_es="El puente", body_es=body)


def key(number, leaf=""):
    return f"body.00000000-0000-4000-8000-{number:012}{leaf}"


def save(story, words, user, seen=None, language="en"):
    return actions.save_translation(
        page=story, language=language, words=words, seen=seen or {}, user=user
    )


def test_a_saved_text_is_in_the_draft_and_not_before_readers(story, translator):
    saved = save(story, {"headline": "The bridge"}, translator)
    assert saved.written == ["headline"]
    assert drafted(story).headline_en == "The bridge"
    assert not fresh(story).headline_en
    assert fresh(story).state_en == "draft"


def test_nothing_but_the_words_of_the_language_changes(story, translator):
    save_draft(story, lead_es="A medias", author_en="Somebody")
    before = content.data_of(drafted(story))
    save(story, {"headline": "The bridge", key(4): "End"}, translator)
    after = content.data_of(drafted(story))
    moved = {name for name in after if after[name] != before[name]}
    shared = content.NOT_CONTENT | {"headline", "body", "slug_en"}
    assert moved - shared == {"headline_en", "body_en"}


def test_blocks_take_the_originals_ids_and_pictures_come_along(
    story, translator, picture
):
    save(story, {key(4): "End"}, translator)
    raw = list(drafted(story).body_en.raw_data)
    assert [(b["type"], b["id"][-1]) for b in raw] == [
        ("picture", "3"),
        ("heading", "4"),
    ]
    save(story, {key(2, ".caption"): "The wall", key(1): "<p>One</p>"}, translator)
    raw = list(drafted(story).body_en.raw_data)
    assert [b["id"][-1] for b in raw] == ["1", "2", "3", "4"]
    assert raw[1]["value"]["picture"] == picture.pk
    assert raw[1]["value"]["caption"] == "The wall"


def test_a_translation_written_before_the_desk_is_adopted(story, translator):
    other = stream(
        {"type": "heading", "value": "The end", "id": "11111111-0000-4000-8000-1"},
        {"type": "paragraph", "value": "<p>One</p>", "id": "11111111-0000-4000-8000-2"},
    )
    save_draft(story, body_en=other)
    save(story, {key(2, ".caption"): "The wall"}, translator)
    words = segments(drafted(story), "en")
    assert words[key(1)] == "One"
    assert words[key(4)] == "The end"
    assert words[key(2, ".caption")] == "The wall"


def test_a_block_only_the_translation_has_stays(story, translator):
    extra = {
        "type": "pull_quote",
        "value": {"text": "Only here", "attribution": ""},
        "id": "11111111-0000-4000-8000-000000000009",
    }
    save_draft(story, body_en=stream(extra))
    save(story, {key(1): "<p>One</p>"}, translator)
    kinds = [b["type"] for b in drafted(story).body_en.raw_data]
    assert kinds[-1] == "pull_quote"
    assert "paragraph" in kinds


def test_a_text_somebody_else_changed_is_kept_and_told(story, translator):
    other = make_person("other", "translator_en")
    save(story, {"headline": "The bridge", "meta_title": ""}, other)
    saved = save(story, {"headline": "A bridge", key(4): "End"}, translator)
    assert saved.conflicts == {"headline": "The bridge"}
    assert saved.written == [key(4)]
    assert drafted(story).headline_en == "The bridge"
    seen = {"headline": "The bridge"}
    assert not save(story, {"headline": "A bridge"}, translator, seen).conflicts
    assert drafted(story).headline_en == "A bridge"


def test_saving_the_same_again_makes_no_revision(story, translator):
    save(story, {"headline": "The bridge"}, translator)
    number = fresh(story).revisions.count()
    saved = save(story, {"headline": "The bridge"}, translator)
    assert saved.written == []
    assert fresh(story).revisions.count() == number


def test_one_sitting_is_one_revision(story, translator, editor):
    save(story, {"headline": "T"}, translator)
    number = fresh(story).revisions.count()
    save(story, {"headline": "Th"}, translator, {"headline": "T"})
    assert fresh(story).revisions.count() == number
    save(story, {"headline": "The"}, editor, {"headline": "Th"})
    assert fresh(story).revisions.count() == number + 1


def test_an_edit_of_the_original_meanwhile_is_kept(story, translator):
    save(story, {"headline": "The bridge"}, translator)
    save_draft(story, headline_es="El puente nuevo")
    save(story, {key(4): "End"}, translator)
    assert drafted(story).headline_es == "El puente nuevo"
    assert drafted(story).headline_en == "The bridge"


@pytest.mark.parametrize("role", ["translator_es", "office_keeper"])
def test_who_does_not_write_the_language_is_refused(story, role):
    with pytest.raises(LanguageRefusedError):
        save(story, {"headline": "X"}, make_person("stranger", role))
    assert not drafted(story).headline_en


def test_a_page_somebody_locked_is_refused_with_a_reason(story, translator, editor):
    page = fresh(story)
    page.locked, page.locked_by = True, editor
    page.save(clean=False)
    with pytest.raises(PageLockedError) as refused:
        save(story, {"headline": "X"}, translator)
    assert str(refused.value)


def whole(story):
    return {
        "headline": "The bridge",
        key(1): '<p>One <a linktype="page" id="1">two</a></p>',
        key(2, ".caption"): "The wall",
        key(4): "End",
    }


def test_a_finished_translation_goes_live_and_is_confirmed(story, translator):
    save(story, whole(story), translator)
    actions.publish_translation(page=story, language="en", user=translator)
    page = fresh(story)
    assert page.live_languages() == ["es", "en"]
    assert (page.state_en, page.words_en) == ("live", 0)
    kinds = [b["type"] for b in page.body_en.raw_data]
    assert kinds == ["paragraph", "picture", "picture", "heading"]


@pytest.mark.parametrize("missing", ["headline", key(2, ".caption")])
def test_an_unfinished_translation_is_not_published(story, translator, missing):
    words = whole(story)
    del words[missing]
    save(story, words, translator)
    with pytest.raises(UnfinishedError):
        actions.publish_translation(page=story, language="en", user=translator)
    assert not fresh(story).live_en


def test_a_translation_that_lost_a_link_is_not_published(story, translator):
    save(story, whole(story) | {key(1): "<p>One two</p>"}, translator)
    with pytest.raises(UnfinishedError):
        actions.publish_translation(page=story, language="en", user=translator)


def test_publishing_again_from_the_desk_ends_being_behind(story, translator):
    save(story, whole(story), translator)
    actions.publish_translation(page=story, language="en", user=translator)
    save_draft(story, headline_es="El puente viejo")
    kernel.publish_languages(page=story, languages=["es"])
    assert fresh(story).state_en == "behind"
    seen = {"headline": "The bridge"}
    save(story, {"headline": "The old bridge"}, translator, seen)
    actions.publish_translation(page=story, language="en", user=translator)
    assert fresh(story).state_en == "live"
    assert fresh(story).headline_en == "The old bridge"


def test_an_original_that_changed_meanwhile_is_not_confirmed_unseen(story, translator):
    save(story, whole(story), translator)
    known = {"page": story, "language": "en", "user": translator}
    draft = story.get_latest_revision_as_object()
    seen = laid_out(fresh(story), draft, "en").digest
    save_draft(story, headline_es="El puente viejo")
    kernel.publish_languages(page=story, languages=["es"])
    for act in (actions.publish_translation, actions.confirm_up_to_date):
        with pytest.raises(OriginalChangedError):
            act(**known, seen=seen)
    assert not fresh(story).live_en


def test_what_a_picture_says_itself_is_translated_with_the_story(
    story, translator, picture
):
    Picture.objects.filter(pk=picture.pk).update(alt_en="")
    save(story, whole(story), translator)
    with pytest.raises(UnfinishedError):
        actions.publish_translation(page=story, language="en", user=translator)
    save(story, {f"picture.{picture.pk}.alt": "A wall"}, translator)
    picture.refresh_from_db()
    assert (picture.alt_es, picture.alt_en) == ("Un muro", "A wall")
    actions.publish_translation(page=story, language="en", user=translator)
    assert fresh(story).state_en == "live"


def test_a_picture_the_story_does_not_show_is_not_written(story, translator, picture):
    other = Picture.objects.create(title="Otra", alt_es="Otra", file=upload())
    save(story, {f"picture.{other.pk}.alt": "Another"}, translator)
    other.refresh_from_db()
    assert not other.alt_en
