"""Notes between editor and translator, at the desk and in the page editor."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from wagtail.models import COMMENTS_RELATION_NAME, Comment, Page, PageSubscription

from mail.models import QueuedMail
from pages import actions as kernel
from pages import restoring
from pages.models import DeletedPage
from tests.pages.editor import edit_url, fresh, story_data
from tests.pages.factories import make_person, make_story, save_draft, speak
from translations import actions, notes
from translations.errors import LanguageRefusedError, NoteRefusedError

pytestmark = pytest.mark.django_db
BLOCK = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"
JSON = {"Accept": "application/json"}
QUOTE = {"text": "Agua", "attribution": "Rosa"}


def body(*blocks):
    return json.dumps([{"type": t, "value": v, "id": i} for t, v, i in blocks])


@pytest.fixture
def story(index):
    return make_story(
        index,
        live=("es",),
        headline_es="El puente",
        lead_es="Hoy abre",
        body_es=body(("pull_quote", QUOTE, BLOCK), ("heading", "Cifras", OTHER)),
    )


@pytest.fixture
def desk(client, translator):
    client.force_login(translator)
    return client


def side_url(page):
    return reverse("translations_side", args=[page.pk, "en"])


def notes_url(page):
    return reverse("translations_notes", args=[page.pk, "en"])


def add(page, user, key="headline", text="¿Puente o pasarela?"):
    return notes.add_note(page=page, language="en", key=key, text=text, user=user)


def translate(page, user, **words):
    return actions.save_translation(
        page=page, language="en", words=words, seen={}, user=user
    )


def opened_notes(page):
    """What the page editor shows, by place."""
    draft = fresh(page).get_latest_revision_as_object()
    found = getattr(draft, COMMENTS_RELATION_NAME).all()
    return {c.contentpath: c.text for c in found if c.has_valid_contentpath(draft)}


def comment_data(*comments):
    """What the page editor sends for comments that it has on the screen."""
    number = len(comments)
    data = {"comments-TOTAL_FORMS": number, "comments-INITIAL_FORMS": number}
    for place, comment in enumerate(comments):
        own = {
            "id": comment.pk,
            "text": comment.text,
            "contentpath": comment.contentpath,
            "position": "",
            "resolved": "",
            "replies-TOTAL_FORMS": 0,
            "replies-INITIAL_FORMS": 0,
        }
        data |= {f"comments-{place}-{name}": value for name, value in own.items()}
    return data


def save_in_editor(client, page, *comments, **fields):
    data = story_data(headline_es="El puente", **fields)
    return client.post(edit_url(page), data | comment_data(*comments))


def rows(client, page):
    return {i["row"].key: i for i in client.get(side_url(page)).context["rows"]}


def test_a_note_from_the_desk_shows_in_the_page_editor(story, desk, editor, client):
    data = {
        "note": "0",
        "key-0": "headline",
        "note-0": "Puente o pasarela",
        "at": "headline",
    }
    answer = desk.post(notes_url(story), data)
    assert answer.status_code == 200
    assert "Puente o pasarela" in answer.json()["html"]
    assert opened_notes(story) == {"headline_en": "Puente o pasarela"}
    client.force_login(editor)
    assert "Puente o pasarela" in client.get(edit_url(story)).content.decode()


def test_a_note_from_the_page_editor_shows_at_its_text(story, desk, editor):
    for path, text in (
        ("lead_es", "Sobre el original"),
        (f"body_es.{BLOCK}.attribution", "Rosa Quispe"),
        ("date", "Otra fecha"),
    ):
        Comment.objects.create(page=story, user=editor, text=text, contentpath=path)
    shown = rows(desk, story)
    (lead,) = shown["lead"]["threads"]
    assert (lead.note.text, bool(lead.place)) == ("Sobre el original", True)
    (quoted,) = shown[f"body.{BLOCK}.attribution"]["threads"]
    assert quoted.note.text == "Rosa Quispe"
    html = desk.get(side_url(story)).content.decode()
    assert "Otra fecha" in html
    assert "Fecha" in html


def test_a_text_without_translation_yet_is_noted_on_the_original(story, translator):
    add(story, translator, key=f"body.{OTHER}", text="¿De qué año?")
    assert opened_notes(story) == {f"body_es.{OTHER}": "¿De qué año?"}


def test_answering_and_resolving_at_the_desk(story, desk, editor):
    note = add(story, editor)
    data = {"reply": note.pk, f"reply-{note.pk}": "Puente.", "at": "headline"}
    assert "Puente." in desk.post(notes_url(story), data).json()["html"]
    assert rows(desk, story)["headline"]["threads"][0].replies[0].text == "Puente."
    done = desk.post(notes_url(story), {"resolve": note.pk, "at": "headline"})
    assert "Puente." not in done.json()["html"]
    assert rows(desk, story)["headline"]["threads"] == []
    again = desk.post(notes_url(story), {"resolve": note.pk})
    assert again.status_code == 422
    assert again.json()["refused"]


def test_an_answer_begun_is_written_before_its_note_is_resolved(story, desk, editor):
    for url in (notes_url(story), side_url(story)):
        note = add(story, editor)
        desk.post(url, {"resolve": note.pk, f"reply-{note.pk}": "Puente."})
        note.refresh_from_db()
        assert note.resolved_at
        assert [reply.text for reply in note.replies.all()] == ["Puente."]


def test_a_note_stays_open_where_its_answer_is_refused(story, desk, editor):
    note = add(story, editor)
    data = {"resolve": note.pk, f"reply-{note.pk}": "x" * 5000}
    assert desk.post(notes_url(story), data).status_code == 422
    shown = desk.post(side_url(story), data, follow=True).content.decode()
    assert shown.count("x" * 4000) == 1
    assert opened_notes(story) == {"headline_en": note.text}


def test_a_line_break_counts_once_as_in_the_browser(story, desk):
    data = {"note": "0", "key-0": "headline", "note-0": "a\r\n" * 1999 + "a"}
    assert desk.post(notes_url(story), data).status_code == 200
    assert opened_notes(story) == {"headline_en": "a\n" * 1999 + "a"}


def test_a_refused_note_is_given_back_when_the_page_is_sent_whole(story, desk):
    data = {"note-0": "¿Puente <b>o</b> pasarela?", "key-0": "gone"}
    shown = desk.post(side_url(story), data, follow=True).content.decode()
    assert "¿Puente &lt;b&gt;o&lt;/b&gt; pasarela?" in shown


def test_a_row_keeps_its_number_in_the_browser(story, desk):
    data = {"note": "7", "key-7": "headline", "note-7": "Uno"}
    data |= {"at": "headline", "place": "7"}
    assert 'name="note-7"' in desk.post(notes_url(story), data).json()["html"]


def test_nothing_is_left_where_no_note_is(story, desk, editor):
    comment = {"page": story, "user": editor, "contentpath": "date"}
    first, last = (Comment.objects.create(text=t, **comment) for t in ("Uno", "Dos"))
    html = desk.post(notes_url(story), {"resolve": first.pk, "at": ""}).json()["html"]
    assert "Dos" in html
    data = {"reply": last.pk, f"reply-{last.pk}": "Sí", "at": "gone"}
    assert desk.post(notes_url(story), data).json()["html"] == ""
    done = desk.post(notes_url(story), {"resolve": last.pk, "at": ""}).json()
    assert done["html"] == ""


def test_without_script_a_note_saves_what_was_typed_too(story, desk):
    data = {"key-0": "headline", "seen-0": "", "text-0": "The bridge"}
    data |= {"note": "0", "note-0": "Puente o pasarela"}
    assert desk.post(side_url(story), data).status_code == 302
    draft = fresh(story).get_latest_revision_as_object()
    assert draft.headline_en == "The bridge"
    assert opened_notes(story) == {"headline_en": "Puente o pasarela"}


def test_without_script_a_refused_text_is_shown_again_and_the_note_kept(story, desk):
    data = {"key-0": "headline", "seen-0": "", "text-0": "x" * 300}
    data |= {"note": "0", "note-0": "Puente o pasarela"}
    answer = desk.post(side_url(story), data)
    assert answer.status_code == 422
    assert "x" * 300 in answer.content.decode()
    assert opened_notes(story) == {"headline_en": "Puente o pasarela"}


def test_a_note_begun_is_written_when_the_page_is_left_and_not_before(
    story, desk, editor
):
    note = add(story, editor, key="lead")
    data = {"key-0": "headline", "seen-0": "", "text-0": "The bridge"}
    data |= {"note-0": "Puente", f"reply-{note.pk}": "Sí", "reply-7777": " "}
    desk.post(side_url(story), data, headers=JSON)
    assert opened_notes(story) == {"lead_en": note.text}
    desk.post(side_url(story), data | {"seen-0": "The bridge"})
    assert opened_notes(story)["headline_en"] == "Puente"
    assert note.replies.get().text == "Sí"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"note": ""},
        {"note": "0", "key-0": "headline"},
        {"note": "0", "key-0": "headline", "note-0": "  "},
        {"note": "0", "key-0": "headline", "note-0": "\x00"},
        {"note": "0", "key-0": "headline", "note-0": "x" * 5000},
        {"note": "0", "key-0": "nonsense", "note-0": "x"},
        {"note": "0", "key-0": "picture.1.alt", "note-0": "x"},
        {"reply": "x", "reply-x": "x"},
        {"reply": "9" * 30},
        {"resolve": "²"},
        {"resolve": "-1"},
    ],
)
def test_nonsense_is_refused_and_changes_nothing(story, desk, data):
    assert desk.post(notes_url(story), data).status_code in (400, 422)
    assert desk.post(side_url(story), data).status_code in (302, 422)
    assert not Comment.objects.exists()


def test_looking_writes_no_note(story, desk):
    assert desk.get(notes_url(story)).status_code == 405
    desk.get(side_url(story) + "?note=0&note-0=x&key-0=headline")
    assert not Comment.objects.exists()


def test_notes_are_for_who_writes_the_language(story, client, editor):
    note = add(story, editor)
    stranger = make_person("stranger", "translator_es")
    client.force_login(stranger)
    answer = client.post(notes_url(story), {"resolve": note.pk})
    assert answer.status_code in (302, 403)
    for do in (
        lambda: add(story, stranger),
        lambda: notes.resolve(
            page=story, language="en", note_id=note.pk, user=stranger
        ),
    ):
        with pytest.raises(LanguageRefusedError):
            do()
    note.refresh_from_db()
    assert note.resolved_at is None


def test_a_note_of_another_page_is_not_touched(index, story, desk, editor):
    other = make_story(index, live=("es",), headline_es="Otra")
    note = add(other, editor)
    assert desk.post(notes_url(story), {"resolve": note.pk}).status_code == 422
    note.refresh_from_db()
    assert note.resolved_at is None


def test_notes_survive_saving_at_the_desk_and_publishing(story, translator, editor):
    add(story, editor, text="Uno")
    add(story, translator, key=f"body.{OTHER}", text="Dos")
    save_draft(story, headline_en="Bridge")
    translate(story, translator, lead="Opens today")
    add(story, translator, key="lead", text="Tres")
    kernel.publish_languages(page=story, languages=["en"], user=editor)
    translate(story, translator, headline="The bridge")
    kernel.publish_languages(page=story, languages=["es", "en"], user=editor)
    kernel.unpublish_language(page=story, language="en", user=editor)
    texts = Comment.objects.values_list("text", flat=True)
    assert sorted(texts) == ["Dos", "Tres", "Uno"]
    assert set(opened_notes(story).values()) == {"Uno", "Dos", "Tres"}


def test_a_note_follows_its_block_when_the_ids_meet(index, translator, editor):
    made = make_story(
        index,
        live=("es",),
        headline_es="El puente",
        body_es=body(("heading", "Cifras", BLOCK)),
        body_en=body(("heading", "Numbers", OTHER)),
    )
    save_draft(made, body_en=body(("heading", "Numbers", OTHER)))
    Comment.objects.create(
        page=made, user=editor, text="¿Cifras?", contentpath=f"body_en.{OTHER}"
    )
    translate(made, translator, headline="The bridge")
    assert opened_notes(made) == {f"body_en.{BLOCK}": "¿Cifras?"}
    kernel.publish_languages(page=made, languages=["en"], user=editor)
    assert opened_notes(made) == {f"body_en.{BLOCK}": "¿Cifras?"}


def test_a_note_stays_at_its_text_when_the_translation_is_emptied(
    story, desk, translator
):
    translate(story, translator, **{f"body.{OTHER}": "Numbers"})
    add(story, translator, key=f"body.{OTHER}", text="¿Cifras?")
    actions.save_translation(
        page=story,
        language="en",
        words={f"body.{OTHER}": ""},
        seen={f"body.{OTHER}": "Numbers"},
        user=translator,
    )
    (thread,) = rows(desk, story)[f"body.{OTHER}"]["threads"]
    assert thread.note.text == "¿Cifras?"


def test_a_note_written_while_the_page_editor_is_open_outlives_its_save(
    story, client, editor, translator
):
    seen = add(story, translator, text="Uno")
    client.force_login(editor)
    client.get(edit_url(story))
    add(story, translator, key="lead", text="Dos")
    assert save_in_editor(client, story, seen).status_code == 302
    assert set(opened_notes(story).values()) == {"Uno", "Dos"}


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_note_resolved_while_the_page_editor_is_open_does_not_come_back(
    story, client, editor, translator, is_gone
):
    note = add(story, translator)
    kept = add(story, translator, key="lead", text="Queda")
    client.force_login(editor)
    client.get(edit_url(story))
    notes.resolve(page=story, language="en", note_id=note.pk, user=translator)
    if is_gone:
        Comment.objects.filter(pk=note.pk).delete()
    answer = save_in_editor(client, story, note, kept, headline_en="The bridge")
    assert answer.status_code == 302
    draft = fresh(story).get_latest_revision_as_object()
    assert draft.headline_en == "The bridge"
    assert opened_notes(story) == {"lead_en": "Queda"}
    assert {c.user for c in Comment.objects.all()} == {translator}


def test_autosave_takes_a_settled_note_off_the_page_editors_screen(
    story, client, editor, translator
):
    note = add(story, translator)
    kept = add(story, translator, key="lead", text="Queda")
    client.force_login(editor)
    notes.resolve(page=story, language="en", note_id=note.pk, user=translator)
    data = story_data(headline_es="El puente", headline_en="The bridge")
    answer = client.post(edit_url(story), data | comment_data(note, kept), headers=JSON)
    sent = answer.json()["comments"]["comments"]
    assert [(each["pk"], each["deleted"]) for each in sent] == [
        (None, True),
        (kept.pk, False),
    ]


def told():
    found = QueuedMail.objects.filter(template="translations/mails/noted")
    return sorted(found.values_list("to", "language"))


def test_who_works_on_the_page_hears_of_a_note_in_their_language(story, translator):
    chief = make_person("chief", "editor")
    speak(chief, "es")
    speak(translator, "en")
    fresh(story).get_latest_revision_as_object().save_revision(user=chief)
    actions.assign(subject=story, language="en", to=translator, by=chief)
    add(story, chief)
    assert told() == [(translator.email, "en")]
    note = add(story, translator, key="lead")
    assert told() == [(chief.email, "es"), (translator.email, "en")]
    answered = {"note_id": note.pk, "text": "Sí", "user": translator}
    notes.answer(page=story, language="en", **answered)
    assert len(told()) == 3
    mail = QueuedMail.objects.filter(to=chief.email).first()
    assert "/edit/" in mail.context["url"] or "translations" in mail.context["url"]


def test_who_may_no_longer_edit_hears_nothing(story, translator):
    gone = make_person("gone", "editor")
    fresh(story).get_latest_revision_as_object().save_revision(user=gone)
    gone.groups.clear()
    add(story, translator)
    assert told() == []


def test_who_is_given_a_translation_hears_of_the_page_editors_notes(
    story, translator, editor
):
    actions.assign(subject=story, language="en", to=translator, by=editor)
    kept = PageSubscription.objects.get(page_id=story.pk, user=translator)
    assert kept.comment_notifications
    kept.comment_notifications = False
    kept.save()
    actions.assign(subject=story, language="en", to=translator, by=editor)
    kept.refresh_from_db()
    assert not kept.comment_notifications


def test_notes_come_back_with_a_deleted_page(story, translator, editor):
    note = add(story, translator)
    notes.answer(
        page=story, language="en", note_id=note.pk, text="Puente.", user=editor
    )
    fresh(story).delete()
    row = DeletedPage.objects.get(page_id=story.pk)
    restoring.restore(deleted=row, parent=Page.objects.get(pk=row.parent_id))
    kept = Comment.objects.get()
    assert (kept.text, kept.user) == (note.text, translator)
    assert kept.created_at == note.created_at
    assert [reply.text for reply in kept.replies.all()] == ["Puente."]


def test_a_page_comes_back_without_the_notes_of_who_is_gone(story, translator, editor):
    add(story, translator, text="Se va")
    add(story, editor, text="Queda")
    fresh(story).delete()
    translator.delete()
    row = DeletedPage.objects.get(page_id=story.pk)
    restoring.restore(deleted=row, parent=Page.objects.get(pk=row.parent_id))
    assert Comment.objects.get().text == "Queda"


def test_an_inline_row_has_no_notes(story, translator):
    with pytest.raises(NoteRefusedError):
        add(story, translator, key="picture.1.alt")


@pytest.mark.parametrize("number", [1, 12])
def test_many_notes_cost_no_more_queries_than_few(
    story, desk, editor, number, django_assert_max_num_queries
):
    for each in range(number):
        note = add(story, editor, text=f"Nota {each}")
        notes.answer(page=story, language="en", note_id=note.pk, text="Sí", user=editor)
    desk.get(side_url(story))
    with django_assert_max_num_queries(34):
        desk.get(side_url(story))
