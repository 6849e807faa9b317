"""The desk as people with a role use it in the admin."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from front.models import PlainPage
from mail.models import QueuedMail
from news.models import NewsPage
from newsletter.models import (
    Dispatch,
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterPage,
)
from pages import actions as kernel
from tests.news.factories import make_picture
from tests.pages.factories import make_person, make_story, save_draft, speak
from tests.topics.factories import (
    make_countries,
    make_country,
    make_project,
    make_projects,
)
from translations import actions
from translations.glossary import Glossary
from translations.models import Assignment, GlossaryTerm

pytestmark = pytest.mark.django_db
BLOCK = "00000000-0000-4000-8000-000000000001"
JSON = {"headers": {"Accept": "application/json"}}


def fresh(page):
    return NewsPage.objects.get(pk=page.pk)


def side_url(page, language="en"):
    return reverse("translations_side", args=[page.pk, language])


def desk_url(**query):
    return reverse("translations_desk", query=query)


def posted(client, page, *, publish=False, json_answer=False, **texts):
    """What the browser sends from the editor, with some texts changed."""
    form = client.get(side_url(page)).context["form"]
    data = {}
    for item in form.rows():
        place, row = item["place"], item["row"]
        data |= {f"key-{place}": row.key, f"seen-{place}": row.value}
        data[f"text-{place}"] = texts.get(row.key, row.value)
    data |= {"publish": "1"} if publish else {}
    return client.post(side_url(page), data, **(JSON if json_answer else {}))


@pytest.fixture
def story(index):
    return make_story(index, live=("es",), headline_es="El puente", lead_es="Hoy abre")


def titles(response):
    return [row["page"].headline_for_lists() for row in response.context["rows"]]


def test_the_menu_leads_who_writes_a_language_to_the_desk(home, client, translator):
    client.force_login(translator)
    assert desk_url() in client.get(reverse("wagtailadmin_home")).content.decode()
    client.force_login(make_person("keeper", "office_keeper"))
    assert desk_url() not in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(desk_url()).status_code == 302


def test_the_queue_shows_what_is_missing_begun_and_behind(index, desk_client):
    make_story(index, live=("es", "en"), headline_es="Lista", headline_en="Done")
    make_story(index, live=("es",), headline_es="Falta")
    make_story(index, live=("es",), headline_es="Empezada", headline_en="Begun")
    late = make_story(index, live=("es", "en"), headline_es="Vieja", headline_en="Old")
    save_draft(late, lead_es="Algo nuevo")
    kernel.publish_languages(page=late, languages=["es"])
    response = desk_client.get(desk_url(language="en"))
    assert sorted(titles(response)) == ["Empezada", "Falta", "Vieja"]
    html = response.content.decode()
    for state in ("missing", "draft", "behind"):
        assert f"pg-state--{state}" in html


def test_an_english_original_waits_for_spanish_and_not_for_english(index, desk_client):
    make_story(index, live=("en",), headline_en="The bridge", original_language="en")
    assert titles(desk_client.get(desk_url(language="en"))) == []
    assert titles(desk_client.get(desk_url(language="es"))) == ["The bridge"]


def test_words_for_a_text_that_left_the_original_are_not_lost(index, desk_client):
    """The page still shows it, and others at other places than by now."""
    story = make_story(index, live=("es",), headline_es="Uno", lead_es="Dos")
    data = {
        "key-0": "body.gone", "seen-0": "", "text-0": '{"blocks": 7}',
        "key-1": "body.gone.caption", "seen-1": "", "text-1": "A wall",
        "key-7": "lead", "seen-7": "", "text-7": "Two",
    }  # fmt: skip
    found = desk_client.post(side_url(story), data, **JSON).json()
    assert found["conflicts"] == {"body.gone": "", "body.gone.caption": ""}
    draft = fresh(story).get_latest_revision_as_object()
    assert (draft.lead_en, draft.headline_en or "") == ("Two", "")
    html = desk_client.post(side_url(story), data, follow=True).content.decode()
    assert "You had written: A wall" in html


def test_a_text_at_another_place_is_shown_with_its_own_words(index, desk_client):
    story = make_story(index, live=("es",), headline_es="Uno", lead_es="Dos")
    long = "x" * 300
    data = {"key-5": "headline", "seen-5": "", "text-5": long, "key-9": "lead"}
    answer = desk_client.post(side_url(story), data | {"text-9": "Two"})
    assert answer.status_code == 422
    shown = {r["row"].key: r["field"].value() for r in answer.context["rows"]}
    assert shown == {"headline": long, "lead": "Two"}
    assert [r["row"].key for r in answer.context["rows"]] == ["headline", "lead"]


@pytest.mark.parametrize(
    "asked", ["project=²", "type=%00", "state=x&who=y", "country=9" * 9]
)
def test_a_choice_that_makes_no_sense_is_no_error(desk_client, asked):
    url = f"{reverse('translations_desk')}?language=en&{asked}"
    assert desk_client.get(url).status_code == 200


def test_the_choices_narrow_the_queue(home, index, desk_client, translator):
    home.refresh_from_db()
    water = make_project(make_projects(home))
    home.refresh_from_db()
    peru = make_country(make_countries(home))
    index.refresh_from_db()
    make_story(index, live=("es",), headline_es="Mojada", projects=[water])
    make_story(index, live=("es",), headline_es="Andina", countries=[peru])
    draft = make_story(index, live=("es",), headline_es="A medias", headline_en="Half")
    actions.assign(subject=draft, language="en", to=translator, by=translator)
    for query, found in (
        ({"project": water.pk}, ["Mojada"]),
        ({"country": peru.pk}, ["Andina"]),
        ({"state": "draft", "type": "newspage"}, ["A medias"]),
        ({"who": "me"}, ["A medias"]),
        ({"project": "x'", "state": "nonsense", "who": "?", "p": "zz"}, None),
    ):
        shown = titles(desk_client.get(desk_url(language="en", **query)))
        assert shown == found if found else len(shown) >= 3, query


def test_what_friday_needs_comes_first(home, index, desk_client):
    make_story(index, live=("es",), headline_es="Antigua")
    wanted = make_story(index, live=("es",), headline_es="Para el viernes")
    home.refresh_from_db()
    paper = Newsletter.objects.create(key="carta", from_address="a@casa.example")
    place = NewsletterPage(headline_es="Boletín", newsletter=paper, live=False)
    home.add_child(instance=place)
    issue = IssuePage(headline_es="Número", live=False)
    place.add_child(instance=issue)
    IssueStory.objects.create(issue=issue, story_id=wanted.pk)
    friday = timezone.now() + dt.timedelta(days=3)
    Dispatch.objects.create(
        newsletter=paper,
        issue_page=issue,
        title="El número del viernes",
        state=Dispatch.State.SCHEDULED,
        scheduled_at=friday,
    )
    response = desk_client.get(desk_url(language="en", type="newspage"))
    assert titles(response)[0] == "Para el viernes"
    assert "El número del viernes" in response.content.decode()


@pytest.mark.parametrize("rows", [3, 20])
def test_the_desk_asks_as_often_for_many_rows_as_for_few(
    index, desk_client, django_assert_max_num_queries, rows
):
    for number in range(rows):
        make_story(index, live=("es",), headline_es=f"Nota {number}")
    desk_client.get(desk_url(language="en"))
    # Eleven for the desk; session, person, rights and Wagtail's menu for the rest.
    with django_assert_max_num_queries(21):
        desk_client.get(desk_url(language="en"))


def test_an_empty_queue_says_so(home, desk_client):
    response = desk_client.get(desk_url(language="en", type="newspage"))
    assert "Nothing waits" in response.content.decode()


@pytest.mark.parametrize("ui", ["es", "en"])
def test_the_editor_shows_both_languages_whatever_the_admins(
    story, desk_client, translator, ui
):
    speak(translator, ui)
    html = desk_client.get(side_url(story)).content.decode()
    assert "El puente" in html
    assert ("Guardar borrador" in html) == (ui == "es")


def test_a_draft_is_saved_without_script(story, desk_client):
    answer = posted(desk_client, story, headline="The bridge")
    assert answer.status_code == 302
    assert fresh(story).get_latest_revision_as_object().headline_en == "The bridge"
    assert not fresh(story).live_en


def test_a_draft_is_saved_while_it_is_written(story, desk_client):
    answer = posted(desk_client, story, json_answer=True, headline="The bridge")
    found = answer.json()
    assert found["seen"]["headline"] == "The bridge"
    assert found["conflicts"] == {}
    assert "1 of 2" in found["progress"]


def test_two_people_at_once_lose_nothing(story, client, translator):
    client.force_login(translator)
    form = client.get(side_url(story)).context["form"]
    data = {}
    for item in form.rows():
        data[f"key-{item['place']}"] = item["row"].key
        data[f"seen-{item['place']}"] = ""
        data[f"text-{item['place']}"] = f"mine {item['place']}"
    other = make_person("other", "translator_en")
    actions.save_translation(
        page=story, language="en", words={"headline": "theirs"}, seen={}, user=other
    )
    found = client.post(side_url(story), data, **JSON).json()
    assert found["conflicts"] == {"headline": "theirs"}
    answer = client.post(side_url(story), data)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "mine 0" in html
    assert "theirs" in html
    draft = fresh(story).get_latest_revision_as_object()
    assert (draft.headline_en, draft.lead_en) == ("theirs", "mine 1")


def test_a_text_that_is_too_long_is_refused_beside_its_field(story, desk_client):
    answer = posted(desk_client, story, json_answer=True, headline="x" * 300)
    assert answer.status_code == 422
    assert "headline" in answer.json()["errors"]
    assert posted(desk_client, story, headline="x" * 300).status_code == 422
    assert not fresh(story).get_latest_revision_as_object().headline_en


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"key-0": "no such key", "text-0": "x"},
        {"key-0": "headline"},
        {"key-0": "headline", "text-0": "\x00"},
        {"key-99": "headline", "text-99": "x"},
    ],
)
def test_hostile_posts_change_nothing_and_are_no_error(story, desk_client, data):
    answer = desk_client.post(side_url(story), data, **JSON)
    assert answer.status_code in (200, 302, 400, 422)
    assert not fresh(story).get_latest_revision_as_object().headline_en


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"blocks": 7}', "null", ""])
def test_what_no_text_editor_sends_is_refused(index, desk_client, text):
    body = [{"type": "paragraph", "value": "<p>Uno</p>", "id": BLOCK}]
    made = make_story(
        index, live=("es",), headline_es="El puente", body_es=json.dumps(body)
    )
    data = {"key-1": f"body.{BLOCK}", "seen-1": "", "text-1": text}
    answer = desk_client.post(side_url(made), data, **JSON)
    assert answer.status_code in (200, 400, 422)
    assert not fresh(made).get_latest_revision_as_object().body_en


def test_publishing_from_the_desk_leads_back_to_the_queue(story, desk_client):
    answer = posted(
        desk_client, story, publish=True, headline="The bridge", lead="Opens today"
    )
    assert answer.url == reverse("translations_desk")
    assert fresh(story).state_en == "live"


def test_publishing_half_a_translation_says_what_is_missing(story, desk_client):
    answer = posted(desk_client, story, publish=True, headline="The bridge")
    page = desk_client.get(answer.url)
    assert "1 text has no translation yet" in page.content.decode()
    assert not fresh(story).live_en


def test_a_picture_without_consent_is_asked_about_once(index, desk_client):
    shown = make_picture(people="missing", credit="Ana", rights_es="Con permiso")
    story = make_story(index, live=("es",), headline_es="Feria", picture=shown)
    answer = posted(desk_client, story, publish=True, headline="The fair")
    page = desk_client.get(answer.url).content.decode()
    assert "shows people whose consent is missing." in page
    assert not fresh(story).live_en
    posted(desk_client, story, publish=True)
    assert fresh(story).live_en


def test_a_page_below_one_without_english_says_why(home, desk_client):
    home.refresh_from_db()
    above = PlainPage(headline_es="Arriba", live=False)
    home.add_child(instance=above)
    kernel.publish_languages(page=above, languages=["es"])
    below = PlainPage(headline_es="Abajo", live=False)
    above.refresh_from_db()
    above.add_child(instance=below)
    kernel.publish_languages(page=below, languages=["es"])
    answer = posted(desk_client, below, publish=True, headline="Below")
    page = desk_client.get(answer.url).content.decode()
    assert "publish it first" in page


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("role", ["translator_es", "office_keeper"])
def test_the_editor_is_shut_to_who_does_not_write_the_language(
    story, client, role, verb
):
    client.force_login(make_person("stranger", role))
    data = {"key-0": "headline", "text-0": "X"}
    answer = getattr(client, verb)(side_url(story), data)
    assert answer.status_code in (302, 403)
    for name in ("translations_assign", "translations_confirm"):
        url = reverse(name, args=[story.pk, "en"])
        assert client.post(url, {"verb": "take"}).status_code in (302, 403)
    assert not fresh(story).get_latest_revision_as_object().headline_en
    assert not Assignment.objects.exists()


def test_looking_changes_nothing(story, desk_client):
    number = fresh(story).revisions.count()
    desk_client.get(side_url(story))
    for name in ("translations_assign", "translations_confirm"):
        url = reverse(name, args=[story.pk, "en"])
        assert desk_client.get(url).status_code == 405
    assert fresh(story).revisions.count() == number


def test_there_is_no_translation_into_the_original(story, desk_client, client):
    client.force_login(make_person("chief", "editor"))
    for url in (side_url(story, "es"), "/cms/translations/999999/en/"):
        assert client.get(url, follow=True).status_code == 404


def test_taking_giving_and_handing_back(story, client, translator):
    chief = make_person("chief", "editor")
    speak(translator, "es")
    url = reverse("translations_assign", args=[story.pk, "en"])
    client.force_login(chief)
    given = {"verb": "assign", "translator": translator.pk, "note": "Para el viernes"}
    client.post(url, given)
    assert Assignment.objects.get().translator == translator
    mail = QueuedMail.objects.get(template="translations/mails/assigned")
    assert (mail.to, mail.language) == (translator.email, "es")
    assert "Para el viernes" in client.get(side_url(story)).content.decode()
    client.force_login(translator)
    client.post(url, {"verb": "hand-back"})
    assert not Assignment.objects.exists()
    client.post(url, {"verb": "take"})
    assert Assignment.objects.get().translator == translator
    told = QueuedMail.objects.values_list("template", "to")
    assert sorted(told) == [
        ("translations/mails/assigned", translator.email),
        ("translations/mails/handed_back", chief.email),
    ]


def test_nobody_is_given_what_they_may_not_write(story, client):
    stranger = make_person("stranger", "translator_es")
    client.force_login(make_person("chief", "editor"))
    url = reverse("translations_assign", args=[story.pk, "en"])
    for who in (stranger.pk, "0", "x"):
        given = {"verb": "assign", "translator": who}
        assert client.post(url, given, follow=True).status_code == 404
    assert client.post(url, {"verb": "burn"}, follow=True).status_code == 404
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("es", "ha publicado"), ("en", "has")])
def test_who_asked_hears_that_it_landed_in_their_language(
    story, translator, language, words
):
    chief = make_person("chief", "editor")
    speak(chief, language)
    actions.assign(subject=story, language="en", to=translator, by=chief)
    texts = {"headline": "The bridge", "lead": "Opens today"}
    actions.save_translation(
        page=story, language="en", words=texts, seen={}, user=translator
    )
    actions.publish_translation(page=story, language="en", user=translator)
    mail = QueuedMail.objects.get(template="translations/mails/landed")
    assert (mail.to, mail.language) == (chief.email, language)
    assert not Assignment.objects.exists()


def test_what_changed_is_marked_word_by_word(story, desk_client):
    save_draft(story, headline_en="The bridge", lead_en="Opens today")
    kernel.publish_languages(page=story, languages=["en"])
    save_draft(story, lead_es="Hoy cierra")
    kernel.publish_languages(page=story, languages=["es"])
    html = desk_client.get(side_url(story)).content.decode()
    assert "<ins>cierra</ins>" in html
    assert "<del>abre</del>" in html
    confirm = reverse("translations_confirm", args=[story.pk, "en"])
    assert confirm in html
    desk_client.post(confirm)
    assert fresh(story).state_en == "live"


def test_the_glossary_stands_beside_the_text_and_flags_other_words(index, desk_client):
    GlossaryTerm.objects.create(
        term_es="acequia", term_en="irrigation channel", note_en="not ditch"
    )
    made = make_story(index, live=("es",), headline_es="Las acequias de arriba")
    html = desk_client.get(side_url(made)).content.decode()
    assert "irrigation channel" in html
    assert "not ditch" in html
    assert "said otherwise" not in html
    answer = posted(desk_client, made, json_answer=True, headline="The upper ditches")
    assert "said otherwise" in json.dumps(answer.json()["checks"])
    answer = posted(
        desk_client, made, json_answer=True, headline="The upper irrigation channels"
    )
    assert "said otherwise" not in json.dumps(answer.json()["checks"])


def test_terms_without_a_counterpart_are_left_out(db):
    GlossaryTerm.objects.create(term_es="minga", term_en="")
    GlossaryTerm.objects.create(term_es="", term_en="field")
    assert Glossary("es", "en").hits("La minga del field", "") == []


def test_the_glossary_is_kept_in_the_admin(home, desk_client):
    url = reverse("glossary:add")
    desk_client.post(url, {"term_es": "minga", "term_en": "work party"})
    assert str(GlossaryTerm.objects.get()) == "minga ↔ work party"
    assert "minga" in desk_client.get(reverse("glossary:index")).content.decode()
