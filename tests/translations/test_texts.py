"""Offices, newsletters and the site's own words at the desk."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Site

from mail.messages import render_message
from mail.models import QueuedMail
from newsletter.models import Newsletter
from offices.models import Office
from pages.models import BrandSettings
from tests.offices.factories import make_office
from tests.pages.factories import make_person, make_story, speak
from translations import text_actions
from translations.errors import LanguageRefusedError, UnfinishedError
from translations.models import DeskPreference, GlossaryTerm, TextConfirmation
from translations.side import text_laid_out
from translations.tasks import send_summaries
from translations.texts import all_texts, find_text, text_of
from translations.waiting import waiting_for

pytestmark = pytest.mark.django_db
JSON = {"headers": {"Accept": "application/json"}}
DESK = "/cms/translations/?language=en"


def now(obj):
    """The object as it is in the database."""
    return type(obj)._default_manager.get(pk=obj.pk)


def state(obj, language="en"):
    """What it is in a language, and how many words are left."""
    found = text_of(now(obj)).standing(language)
    return found.state.value, found.words


def change(obj, **values):
    """As an editor changes it elsewhere in the admin."""
    obj = now(obj)
    for name, value in values.items():
        setattr(obj, name, value)
    obj.save()


def side_url(obj, language="en"):
    args = [obj._meta.model_name, obj.pk, language]
    return reverse("translations_text_side", args=args)


def posted(client, obj, *, language="en", json_answer=False, also=(), **texts):
    """What the browser sends from the editor, with some texts changed."""
    url = side_url(obj, language)
    shown = client.get(url).context
    data = dict.fromkeys(also, "1") | {"original": shown["seen"]}
    for item in shown["form"].rows():
        place, row = item["place"], item["row"]
        data |= {f"key-{place}": row.key, f"seen-{place}": row.value}
        data[f"text-{place}"] = texts.get(row.key, row.value)
    return client.post(url, data, **(JSON if json_answer else {}))


def waiting(response):
    return [
        (row["standing"].text.kind, row["standing"].state.value)
        for row in response.context["texts"]
    ]


@pytest.fixture
def paper(db):
    return Newsletter.objects.create(
        key="carta", from_address="a@casa.example", name_es="La carta"
    )


def test_a_text_goes_through_every_state(office):
    assert state(office) == ("missing", 5)
    change(office, name_en="Lima office")
    assert state(office) == ("draft", 2)
    change(office, notes_en="The bell is broken")
    assert state(office) == ("live", 0)
    change(office, notes_es="Timbre roto y puerta verde")
    assert state(office) == ("behind", 3)
    assert text_of(now(office)).standing("en").since is not None
    change(office, notes_es="Timbre roto")
    assert state(office) == ("live", 0)
    assert TextConfirmation.objects.get().behind_since is None


def test_the_first_change_after_it_was_whole_counts_already(whole):
    TextConfirmation.objects.all().delete()
    assert state(whole) == ("live", 0)
    change(whole, notes_es="Timbre nuevo")
    assert state(whole) == ("behind", 1)


def test_facts_and_drafts_make_nothing_behind(whole):
    change(whole, phones="+51 1 4280001")
    draft = now(whole).get_latest_revision_as_object()
    draft.notes_es = "Otra cosa"
    draft.save_revision()
    assert state(whole) == ("live", 0)
    now(whole).latest_revision.publish()
    assert state(whole) == ("behind", 2)


def test_a_translation_that_is_filled_in_does_not_become_the_original(home):
    english = make_office(name_es="", city_es="", notes_en="Ring twice")
    assert text_of(english).original == "en"
    person = make_person("olga", "translator_es")
    for key in ("name", "city", "notes"):
        assert state(english, "es")[0] in ("missing", "draft")
        text_actions.save_text(
            obj=english, language="es", words={key: "X"}, seen={}, user=person
        )
    assert text_of(now(english)).original == "en"
    assert state(english, "es") == ("live", 0)
    change(english, notes_en="Ring three times")
    assert state(english, "es") == ("behind", 2)


def test_what_has_no_words_or_no_readers_is_no_text(home):
    BrandSettings.objects.create(site=Site.objects.get(), accent="#8a1c3b")
    make_office(live=False)
    Newsletter.objects.create(key="old", from_address="a@casa.example", is_active=False)
    assert [text.original for text in all_texts()] == [None]
    assert find_text("newspage", 1) is None


def test_a_deleted_text_leaves_no_confirmation_to_its_number(whole):
    number = whole.pk
    whole.delete()
    assert not TextConfirmation.objects.exists()
    again = make_office(pk=number, notes_es="Nuevo", notes_en="New")
    assert state(again) == ("live", 0)


def test_the_desk_lists_what_waits(office, brand, paper, desk_client):
    response = desk_client.get(DESK)
    assert sorted(waiting(response)) == [
        ("brandsettings", "missing"),
        ("newsletter", "missing"),
        ("office", "missing"),
    ]
    html = response.content.decode()
    for obj in (office, brand, paper):
        assert side_url(obj) in html
    assert "3 texts wait." in html
    assert "Nothing waits" not in html
    assert waiting(desk_client.get("/cms/translations/?language=es")) == []


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("&type=office", 1),
        ("&type=newspage", 0),
        ("&state=missing", 1),
        ("&state=behind", 1),
        ("&state=draft", 0),
        ("&who=me", 0),
        ("&who=nobody", 2),
        ("&project=7", 0),
        ("&state=nonsense&project=x", 2),
    ],
)
def test_the_choices_hold_for_texts_too(whole, brand, desk_client, query, number):
    change(whole, notes_es="Timbre nuevo")
    assert len(waiting(desk_client.get(DESK + query))) == number


def test_nothing_waits_once_all_is_translated(whole, desk_client):
    html = desk_client.get(f"{DESK}&type=office").content.decode()
    assert "Nothing waits" in html
    assert "desk-texts" not in html


@pytest.mark.parametrize("rows", [2, 15])
def test_the_desk_asks_as_often_for_many_texts_as_for_few(
    index, brand, paper, desk_client, rows
):
    make_story(index, live=("es",), headline_es="Nota")
    for number in range(rows):
        make_office(name_es=f"Casa {number}", name_en="", notes_es="Uno")
    desk_client.get("/cms/translations/")
    with CaptureQueriesContext(connection) as captured:
        desk_client.get("/cms/translations/")
    # Twelve for the desk; session, person, rights and Wagtail's menu for the rest.
    assert len(captured) <= 22, "\n".join(
        q["sql"][q["sql"].find(" FROM ") :][:100] for q in captured
    )


def test_the_home_page_counts_texts(office, client, translator):
    speak(translator, "en")
    client.force_login(translator)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "text of offices, newsletters or the site waits for English" in html
    assert waiting_for(translator).into[0].texts == 1


@pytest.mark.parametrize(("ui", "said"), [("es", "espera 1 texto"), ("en", "1 text")])
def test_the_summary_counts_texts(office, translator, ui, said):
    DeskPreference.objects.create(user=translator, daily_summary=True)
    speak(translator, ui)
    send_summaries()
    mail = QueuedMail.objects.get(template="translations/mails/summary")
    message = render_message(
        template=mail.template,
        language=ui,
        to=mail.to,
        context=mail.context,
        headers={},
        identity="1",
    )
    assert said in message.body
    assert said in message.alternatives[0].content
    assert "0 p" not in message.body


@pytest.mark.parametrize(("ui", "saves"), [("es", "enseguida"), ("en", "at once")])
def test_the_editor_says_that_readers_see_it(
    office, desk_client, translator, ui, saves
):
    speak(translator, ui)
    html = desk_client.get(side_url(office)).content.decode()
    assert saves in html
    assert "Timbre roto" in html
    assert 'data-pg-desk-held-value="true"' in html


@pytest.mark.parametrize("ui", ["es", "en"])
def test_saved_words_are_before_readers_in_one_language_only(
    office, desk_client, translator, ui
):
    speak(translator, ui)
    answer = posted(desk_client, office, name="Lima office", notes="Broken bell")
    assert answer.url == side_url(office)
    found = now(office)
    assert (found.name_en, found.notes_en) == ("Lima office", "Broken bell")
    assert (found.name_es, found.notes_es) == ("Oficina de Lima", "Timbre roto")
    assert state(office) == ("live", 0)
    assert TextConfirmation.objects.get().user == translator


def test_half_a_translation_is_saved_and_not_confirmed(office, desk_client):
    found = posted(desk_client, office, json_answer=True, name="Lima office").json()
    assert found["seen"]["name"] == "Lima office"
    assert "1 of 2" in found["progress"]
    assert state(office) == ("draft", 2)
    assert not TextConfirmation.objects.exists()


@pytest.mark.parametrize("ui", ["es", "en"])
def test_a_draft_keeps_all_else_and_gets_the_words(office, translator, ui):
    draft = now(office).get_latest_revision_as_object()
    draft.notes_es, draft.phones, draft.city_en = "A medias", "+51 1 4280009", "Lime"
    draft.save_revision()
    with translation.override(ui):
        text_actions.save_text(
            obj=office,
            language="en",
            words={"name": "Lima office"},
            seen={},
            user=translator,
        )
    row = now(office)
    draft = row.get_latest_revision_as_object()
    assert (row.name_en, row.notes_es, row.city_en) == (
        "Lima office",
        "Timbre roto",
        "",
    )
    assert row.phones == office.phones
    assert (draft.name_en, draft.notes_es, draft.name_es) == (
        "Lima office",
        "A medias",
        "Oficina de Lima",
    )
    assert (draft.city_en, draft.phones) == ("Lime", "+51 1 4280009")
    assert row.has_unpublished_changes
    row.latest_revision.publish()
    assert now(office).name_en == "Lima office"


def test_without_a_draft_there_is_none_afterwards(office, translator):
    office.save_revision().publish()
    text_actions.save_text(
        obj=office, language="en", words={"name": "Lima"}, seen={}, user=translator
    )
    row = now(office)
    assert not row.has_unpublished_changes
    assert row.live_revision_id == row.latest_revision_id
    assert row.get_latest_revision_as_object().name_en == "Lima"


def test_what_is_scheduled_does_not_undo_the_words(office, translator):
    due = timezone.now() + dt.timedelta(days=1)
    draft = now(office).get_latest_revision_as_object()
    draft.phones = "+51 1 4280009"
    planned = draft.save_revision(approved_go_live_at=due)
    draft.save_revision()
    text_actions.save_text(
        obj=office, language="en", words={"name": "Lima"}, seen={}, user=translator
    )
    planned.refresh_from_db()
    assert planned.content["name_en"] == "Lima"
    assert planned.content["phones"] == "+51 1 4280009"


def test_words_in_a_draft_are_shown_as_such_and_saved_with_the_rest(
    office, desk_client
):
    draft = now(office).get_latest_revision_as_object()
    draft.name_en = "Drafted"
    draft.save_revision()
    html = desk_client.get(side_url(office)).content.decode()
    assert "Drafted" in html
    assert "Readers see nothing here yet" in html
    posted(desk_client, office, notes="Broken bell")
    assert (now(office).name_en, now(office).notes_en) == ("Drafted", "Broken bell")


def test_lines_that_a_browser_ends_its_way_are_no_conflict(office, desk_client):
    """HTML: a form is sent with CRLF, whatever was stored."""
    address = {"postal_address_es": "Calle 1\nLima", "postal_address_en": "1 St\nLima"}
    brand = BrandSettings.for_site(Site.objects.get(is_default_site=True))
    BrandSettings.objects.filter(pk=brand.pk).update(**address)
    sent = "1 St\r\nLima"
    data = {"key-0": "postal_address", "seen-0": sent, "text-0": sent}
    found = desk_client.post(side_url(brand), data, **JSON).json()
    assert (found["conflicts"], now(brand).postal_address_en) == ({}, "1 St\nLima")


def test_a_translation_of_an_original_that_changed_meanwhile_is_behind(office):
    seen = text_of(now(office)).digest
    words = {item.key: "words" for item in text_side(now(office)).rows}
    changed = now(office)
    changed.name_es = "Otra oficina"
    changed.save()
    user = make_person("late", "translator_en")
    text_actions.save_text(
        obj=office, language="en", words=words, seen={}, original=seen, user=user
    )
    assert text_of(now(office)).standing("en").state == "behind"


def test_an_office_deleted_meanwhile_is_not_found(office, desk_client, monkeypatch):
    monkeypatch.setattr(text_actions, "_opened", raise_gone)
    data = {"key-0": "name", "text-0": "x"}
    answer = desk_client.post(side_url(office), data)
    assert answer.status_code == 404


def raise_gone(*_args):
    raise Office.DoesNotExist


def test_two_people_at_once_lose_nothing(office, desk_client):
    other = make_person("other", "translator_en")
    keys = {item.key for item in text_side(office).rows}
    data = {}
    for place, key in enumerate(sorted(keys)):
        data |= {f"key-{place}": key, f"seen-{place}": "", f"text-{place}": "mine"}
    text_actions.save_text(
        obj=office, language="en", words={"name": "theirs"}, seen={}, user=other
    )
    found = desk_client.post(side_url(office), data, **JSON).json()
    assert found["conflicts"] == {"name": "theirs"}
    answer = desk_client.post(side_url(office), data | {"confirm": "1"})
    assert answer.status_code == 409
    assert (now(office).name_en, now(office).notes_en) == ("theirs", "mine")


def text_side(obj):
    return text_laid_out(text_of(obj), text_actions.draft_of(obj), "en")


def test_what_changed_is_marked_and_confirmed(whole, desk_client):
    change(whole, notes_es="Timbre nuevo")
    html = desk_client.get(side_url(whole)).content.decode()
    assert "<ins>nuevo</ins>" in html
    assert "<del>roto</del>" in html
    posted(desk_client, whole, notes="New bell")
    assert state(whole) == ("behind", 1)
    answer = posted(desk_client, whole, also=["confirm"], notes="A new bell")
    assert answer.url == DESK
    assert now(whole).notes_en == "A new bell"
    assert state(whole) == ("live", 0)


def test_only_what_was_seen_is_confirmed(whole, desk_client):
    change(whole, notes_es="Timbre nuevo")
    seen = desk_client.get(side_url(whole)).context["seen"]
    change(whole, notes_es="Sin timbre")
    answer = desk_client.post(side_url(whole), {"confirm": "1", "original": seen})
    assert "changed meanwhile" in desk_client.get(answer.url).content.decode()
    assert state(whole)[0] == "behind"


def test_what_lacks_a_text_cannot_be_confirmed(whole, desk_client, translator):
    change(whole, notes_es="Timbre nuevo")
    answer = posted(desk_client, whole, also=["confirm"], notes="")
    page = desk_client.get(answer.url).content.decode()
    assert "1 text has no translation yet" in page
    with pytest.raises(UnfinishedError):
        text_actions.confirm_text(
            obj=whole, language="en", seen=text_of(now(whole)).digest, user=translator
        )
    assert state(whole)[0] == "behind"


def test_the_glossary_stands_beside_texts_too(brand, desk_client):
    GlossaryTerm.objects.create(term_es="agua", term_en="water", note_en="not aqua")
    assert "not aqua" in desk_client.get(side_url(brand)).content.decode()
    answer = posted(desk_client, brand, json_answer=True, tagline="Aqua news")
    assert "said otherwise" in json.dumps(answer.json()["checks"])


def test_a_newsletter_and_a_brand_are_written_too(brand, paper, desk_client):
    posted(desk_client, brand, tagline="News of water")
    posted(desk_client, paper, name="The letter\r\nBcc: x@y.example")
    assert now(brand).tagline_en == "News of water"
    assert now(paper).name_en == "The letter Bcc: x@y.example"
    assert waiting(desk_client.get(DESK)) == []


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("role", ["translator_es", "office_keeper", None])
def test_the_editor_is_shut_to_who_does_not_write_the_language(
    office, client, role, verb
):
    if role:
        client.force_login(make_person("stranger", role))
    data = {"key-0": "name", "text-0": "X", "confirm": "1"}
    answer = getattr(client, verb)(side_url(office), data)
    assert answer.status_code in (302, 403)
    assert not now(office).name_en
    assert not TextConfirmation.objects.exists()


def test_actions_refuse_who_may_not_and_the_original(office, translator):
    other = make_person("other", "translator_es")
    for person, language in ((other, "en"), (other, "es"), (translator, "es")):
        with pytest.raises(LanguageRefusedError):
            text_actions.save_text(
                obj=office, language=language, words={"name": "X"}, seen={}, user=person
            )
        with pytest.raises(LanguageRefusedError):
            text_actions.confirm_text(
                obj=office, language=language, seen="", user=person
            )
    assert now(office).name_es == "Oficina de Lima"


def test_looking_changes_nothing(whole, desk_client):
    TextConfirmation.objects.all().delete()
    for url in (DESK, side_url(whole), reverse("wagtailadmin_home")):
        desk_client.get(url)
    assert not TextConfirmation.objects.exists()
    assert not now(whole).revisions.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"key-0": "no such key", "text-0": "x"},
        {"key-0": "name"},
        {"key-0": "name", "text-0": "\x00"},
        {"key-0": "name", "text-0": "x" * 200},
        {"key-0": "phones", "text-0": "x"},
        {"key-99": "name", "text-99": "x"},
        {"confirm": "1"},
    ],
)
def test_hostile_posts_change_nothing_and_are_no_error(office, desk_client, data):
    for how in (JSON, {}):
        answer = desk_client.post(side_url(office), data, **how)
        assert answer.status_code in (200, 302, 400, 422)
    found = now(office)
    assert not found.name_en
    assert found.phones == office.phones


def test_addresses_that_mean_nothing_are_not_found(office, paper, desk_client):
    hidden = make_office(live=False)
    wrong = [
        f"/cms/translations/texts/office/{hidden.pk}/en/",
        "/cms/translations/texts/office/99999999999999999999/en/",
        f"/cms/translations/texts/user/{office.pk}/en/",
        f"/cms/translations/texts/office/{office.pk}/xx/",
    ]
    for url in wrong:
        assert desk_client.get(url, follow=True).status_code == 404, url
        assert desk_client.post(url, {"text-0": "x"}, follow=True).status_code == 404


def test_a_way_to_the_editor_is_shown_to_who_may_use_it(office, client, translator):
    editor = make_person("chief", "editor")
    edit = reverse("wagtailsnippets_offices_office:edit", args=[office.pk])
    for person, shown in ((editor, True), (translator, False)):
        client.force_login(person)
        assert (edit in client.get(side_url(office)).content.decode()) == shown


def test_confirmations_are_kept_apart_by_kind(whole, brand):
    kinds = TextConfirmation.objects.values_list("content_type", flat=True)
    assert list(kinds) == [ContentType.objects.get_for_model(Office).pk]
