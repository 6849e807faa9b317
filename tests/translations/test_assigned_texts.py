"""Who translates offices, newsletters and the site's own words, and who hears of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mail.messages import render_message
from mail.models import QueuedMail
from newsletter.models import Newsletter
from offices.models import Office
from tests.offices.factories import make_office
from tests.pages.factories import make_person, make_story, speak
from tests.translations.test_texts import DESK, change, now, posted, side_url, waiting
from translations import actions, text_actions
from translations.errors import NotTranslatorError
from translations.models import Assignment, DeskPreference
from translations.tasks import send_summaries
from translations.waiting import waiting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db):
    """An editor whose admin speaks English."""
    person = make_person("chief", "editor")
    speak(person, "en")
    return person


@pytest.fixture
def given(office, translator, chief):
    """The office, asked of the translator by the chief."""
    return actions.assign(subject=office, language="en", to=translator, by=chief)


def assign_url(obj, language="en"):
    return f"{side_url(obj, language)}assign/"


def told():
    """Who was mailed what, in which language."""
    rows = QueuedMail.objects.order_by("pk").values_list("template", "to", "language")
    return [(name.rpartition("/")[2], to, code) for name, to, code in rows]


def in_words(mail):
    return render_message(
        template=mail.template,
        language=mail.language,
        to=mail.to,
        context=mail.context,
        headers={},
        identity="1",
    ).body


def may_write_only(name):
    """Somebody who may write English, and not put it before readers."""
    person = make_person(name)
    codenames = ("access_admin", "write_en")
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


def test_taking_giving_and_handing_back(office, brand, client, translator, chief):
    speak(translator, "es")
    for obj in (office, brand):
        client.force_login(chief)
        given = {"verb": "assign", "translator": translator.pk, "note": "Para hoy"}
        assert client.post(assign_url(obj), given).url == side_url(obj)
        assert Assignment.objects.get().subject == obj
        html = client.get(side_url(obj)).content.decode()
        assert "Para hoy" in html
        assert "With itzel." in html
        client.force_login(translator)
        client.post(assign_url(obj), {"verb": "hand-back"})
        assert not Assignment.objects.exists()
    client.post(assign_url(office), {"verb": "take"})
    assert Assignment.objects.get().translator == translator
    asked = ("assigned", translator.email, "es")
    back = ("handed_back", chief.email, "en")
    assert told() == [asked, back, asked, back]


@pytest.mark.parametrize(
    ("language", "title"), [("es", "Oficina: "), ("en", "Office: ")]
)
def test_the_mail_names_the_text_in_the_persons_language(
    office, translator, chief, language, title
):
    speak(translator, language)
    actions.assign(subject=office, language="en", to=translator, by=chief)
    mail = QueuedMail.objects.get()
    assert mail.context["title"] == f"{title}Oficina de Lima"
    assert mail.context["words"] == 5
    assert side_url(office) in in_words(mail)


def test_the_desk_shows_who_has_a_text_and_lets_others_take_it(
    given, office, brand, client, translator, chief
):
    client.force_login(chief)
    html = client.get(DESK).content.decode()
    assert "itzel" in html
    for obj in (office, brand):
        assert f'action="{assign_url(obj)}"' in html
    client.force_login(translator)
    html = client.get(DESK).content.decode()
    assert assign_url(office) not in html
    assert assign_url(brand) in html


def test_whose_a_text_is_narrows_the_queue(
    given, brand, index, desk_client, translator
):
    story = make_story(index, live=("es",), headline_es="El puente")
    office, other = [("office", "missing")], [("brandsettings", "missing")]
    for query, texts, pages in (
        ("&who=me", office, []),
        ("&who=nobody", other, ["El puente"]),
        ("&who=", other + office, ["El puente"]),
    ):
        response = desk_client.get(f"{DESK}{query}&type=")
        assert sorted(waiting(response)) == texts, query
        shown = [row["page"].headline_for_lists() for row in response.context["rows"]]
        assert [title for title in shown if title == "El puente"] == pages, query
    actions.assign(subject=story, language="en", to=translator, by=translator)
    rows = desk_client.get(f"{DESK}&who=me").context["rows"]
    assert [row["page"].pk for row in rows] == [story.pk]


@pytest.mark.parametrize("rows", [2, 15])
def test_the_desk_asks_as_often_for_many_assigned_texts(
    index, desk_client, translator, rows
):
    made = [
        make_office(name_es=f"Casa {number}", name_en="", notes_es="Uno")
        for number in range(rows)
    ]
    make_story(index, live=("es",), headline_es="Nota")
    for obj in made:
        actions.assign(subject=obj, language="en", to=translator, by=translator)
    desk_client.get(DESK)
    with CaptureQueriesContext(connection) as captured:
        desk_client.get(DESK)
    # Twelve for the desk; session, person, rights and Wagtail's menu for the rest.
    assert len(captured) <= 22, "\n".join(q["sql"][:150] for q in captured)


def test_nobody_is_given_what_they_may_not_write(office, client, chief):
    client.force_login(chief)
    stranger = make_person("stranger", "translator_es")
    for who in (stranger.pk, "0", "x"):
        given = {"verb": "assign", "translator": who}
        assert client.post(assign_url(office), given, follow=True).status_code == 404
    assert client.post(assign_url(office), {"verb": "burn"}).status_code == 404
    # May write pages; what is saved here is before readers at once.
    half = {"verb": "assign", "translator": may_write_only("half").pk}
    page = client.post(assign_url(office), half, follow=True).content.decode()
    assert "half may not translate this into English." in page
    with pytest.raises(NotTranslatorError):
        actions.assign(subject=office, language="en", to=stranger, by=chief)
    assert not Assignment.objects.exists()
    assert told() == []


@pytest.mark.parametrize("role", ["translator_es", "office_keeper", None])
def test_forged_posts_of_who_may_not_write_change_nothing(given, office, client, role):
    if role:
        client.force_login(make_person("stranger", role))
    number = QueuedMail.objects.count()
    for verb in ("take", "assign", "hand-back"):
        sent = {"verb": verb, "translator": given.translator_id}
        assert client.post(assign_url(office), sent).status_code in (302, 403)
    assert Assignment.objects.get().translator == given.translator
    assert QueuedMail.objects.count() == number


def test_who_may_write_and_not_publish_takes_no_text(office, client):
    client.force_login(may_write_only("half"))
    assert client.post(assign_url(office), {"verb": "take"}).status_code in (302, 403)
    assert not Assignment.objects.exists()


def test_looking_changes_nothing(given, office, desk_client):
    assert desk_client.get(assign_url(office)).status_code == 405
    desk_client.get(side_url(office))
    assert Assignment.objects.get() == given


def test_addresses_that_mean_nothing_are_not_found(office, client, chief):
    client.force_login(chief)
    hidden = make_office(live=False)
    for url in (
        assign_url(office, "es"),
        assign_url(hidden),
        f"/cms/translations/texts/user/{chief.pk}/en/assign/",
        "/cms/translations/texts/office/99999999999999999999/en/assign/",
    ):
        answer = client.post(url, {"verb": "take"}, follow=True)
        assert answer.status_code == 404, url
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(("ui", "words"), [("es", "ha publicado"), ("en", "has")])
def test_who_asked_hears_that_it_landed_in_their_language(
    given, office, chief, desk_client, ui, words
):
    speak(chief, ui)
    posted(desk_client, office, name="Lima office")
    assert Assignment.objects.exists()
    posted(desk_client, office, notes="Broken bell")
    assert not Assignment.objects.exists()
    assert told()[1:] == [("landed", chief.email, ui)]
    mail = QueuedMail.objects.get(template="translations/mails/landed")
    assert words in in_words(mail)


def test_confirming_what_was_behind_lands_too(whole, chief, translator, desk_client):
    change(whole, notes_es="Timbre nuevo")
    actions.assign(subject=whole, language="en", to=translator, by=chief)
    posted(desk_client, whole, notes="New bell")
    assert Assignment.objects.exists()
    posted(desk_client, whole, also=["confirm"])
    assert not Assignment.objects.exists()
    assert told()[1:] == [("landed", chief.email, "en")]


def test_nobody_is_mailed_what_they_did_themselves(office, translator, desk_client):
    desk_client.post(assign_url(office), {"verb": "take"})
    posted(desk_client, office, name="Lima office", notes="Broken bell")
    assert not Assignment.objects.exists()
    assert told() == []


@pytest.mark.parametrize("ui", ["es", "en"])
def test_who_translated_hears_once_that_it_fell_behind(
    office, translator, desk_client, ui
):
    posted(desk_client, office, name="Lima office", notes="Broken bell")
    speak(translator, ui)
    change(office, phones="+51 1 4280001")
    assert told() == []
    for notes in ("Timbre nuevo", "Sin timbre", "Timbre roto", "Timbre viejo"):
        change(office, notes_es=notes)
    assert told() == [("behind", translator.email, ui)]
    mail = QueuedMail.objects.get()
    assert side_url(office) in in_words(mail)


def test_a_draft_and_a_translation_from_elsewhere_tell_nobody(whole, chief):
    draft = now(whole).get_latest_revision_as_object()
    draft.notes_es = "Otra cosa"
    draft.save_revision(user=chief)
    change(whole, notes_es="Timbre nuevo")
    assert told() == []


def test_each_language_and_kind_tells_of_itself(office, brand, desk_client, translator):
    posted(desk_client, office, name="Lima office", notes="Broken bell")
    posted(desk_client, brand, tagline="News of water")
    change(office, notes_es="Timbre nuevo")
    change(brand, tagline_es="Noticias del agua")
    assert told() == [("behind", translator.email, "en")] * 2


def test_the_home_page_shows_the_texts_somebody_has(given, office, desk_client):
    html = desk_client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Translations you have" in html
    assert f'<a href="{side_url(office)}">Office: Oficina de Lima</a>' in html


def test_what_readers_no_longer_see_does_not_wait(given, office, index, translator):
    story = make_story(index, live=("es",), headline_es="El puente")
    actions.assign(subject=story, language="en", to=translator, by=translator)
    assert [mine.title for mine in waiting_for(translator).mine] == [
        "Office: Oficina de Lima",
        "El puente",
    ]
    now(office).unpublish()
    assert [mine.title for mine in waiting_for(translator).mine] == ["El puente"]


@pytest.mark.parametrize("number", [1, 5])
def test_what_waits_asks_as_often_for_many(
    index, translator, django_assert_num_queries, number
):
    for place in range(number):
        story = make_story(index, live=("es",), headline_es=f"Nota {place}")
        text = make_office(name_es=f"Casa {place}", name_en="")
        for subject in (story, text):
            actions.assign(subject=subject, language="en", to=translator, by=translator)
    waiting_for(translator)
    with django_assert_num_queries(12):
        found = waiting_for(type(translator).objects.get(pk=translator.pk))
        assert len([mine.title for mine in found.mine]) == min(2 * number, 5)


@pytest.mark.parametrize(
    ("ui", "title"), [("es", "Oficina: Oficina"), ("en", "Office: Oficina")]
)
def test_the_summary_names_the_texts_somebody_has(given, office, translator, ui, title):
    DeskPreference.objects.create(user=translator, daily_summary=True)
    speak(translator, ui)
    send_summaries()
    mail = QueuedMail.objects.get(template="translations/mails/summary")
    line = mail.context["mine"][0]
    assert line["title"].startswith(title)
    assert line["words"] == 5
    assert side_url(office) in in_words(mail)


def test_what_is_deleted_takes_its_assignments_along(given, office, desk_client):
    paper = Newsletter.objects.create(
        key="carta", from_address="a@casa.example", name_es="La carta"
    )
    actions.assign(
        subject=paper, language="en", to=given.translator, by=given.translator
    )
    number = office.pk
    office.delete()
    assert Assignment.objects.get().subject == paper
    Newsletter.objects.all().delete()
    assert not Assignment.objects.exists()
    make_office(pk=number, name_en="")
    for url in (DESK, reverse("wagtailadmin_home")):
        assert desk_client.get(url).status_code == 200
    assert waiting_for(given.translator).mine == []


def test_an_office_deleted_meanwhile_is_not_found(office, desk_client, monkeypatch):
    monkeypatch.setattr(actions, "held", raise_gone)
    answer = desk_client.post(assign_url(office), {"verb": "take"})
    assert answer.status_code == 404
    monkeypatch.setattr(text_actions, "held", raise_gone)
    answer = desk_client.post(side_url(office), {"confirm": "1"})
    assert answer.status_code == 404


def raise_gone(*_args):
    raise Office.DoesNotExist


def test_an_assignment_is_of_one_page_or_one_text(given, index):
    story = make_story(index, live=("es",), headline_es="El puente")
    columns = {"content_type": given.content_type, "object_id": given.object_id}
    for wrong in ({}, {"page_id": story.pk, **columns}, {"object_id": 7}, columns):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.create(
                language="en", translator=given.translator, **wrong
            )
    assert str(given) == "Oficina de Lima [en]: itzel"
