"""What an issue says of its stories, and what it says beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from newsletter.composing.coverage import Outcome, coverage
from newsletter.composing.editions import build_edition
from newsletter.composing.problems import Code, Problem, size_problems
from newsletter.dispatching import actions
from pages.actions import unpublish_language
from tests.newsletter.issues import SmallSite, a_picture, blocks, publish
from tests.newsletter.sending import a_reader, run
from tests.offices.factories import make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return SmallSite(fallback_rule="skip")


def codes(edition):
    return {problem.code for problem in edition.problems}


def sent(site, issue):
    """The issue, sent to a reader of each language."""
    for lang in ("es", "en"):
        a_reader(site.newsletter, f"{lang}{issue.pk}", lang)
    editions = {code: build_edition(issue, code) for code in issue.live_languages()}
    dispatch = actions.create_dispatch(
        newsletter=site.newsletter, title="Noviembre", issue_page=issue
    )
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    run(actions.start_dispatch(dispatch_id=dispatch.pk))
    return dispatch


def test_a_story_may_have_a_rule_of_its_own(site):
    story, other = site.story("Maíz", "es"), site.story("Agua", "es")
    issue = site.issue(story, other, picks={story.pk: {"fallback": "link"}})
    assert build_edition(issue, "en").story_ids == [story.pk]
    assert build_edition(issue, "es").story_ids == [story.pk, other.pk]


def test_a_story_may_hold_the_issue_back(site):
    story = site.story("Maíz", "es")
    issue = site.issue(
        story, site.story("Agua"), picks={story.pk: {"fallback": "hold"}}
    )
    (held,) = [p for p in build_edition(issue, "en").problems if p.is_blocking]
    assert held.code == Code.STORY_HOLDS
    assert held.may_be_overridden
    assert Code.STORY_HOLDS not in codes(build_edition(issue, "es"))
    row = coverage(issue)[0]
    assert [cell.outcome for cell in row.cells] == [Outcome.SHOWN, Outcome.HELD]


def test_the_newsletter_may_hold_its_issues_back():
    site = SmallSite(fallback_rule="hold")
    issue = site.issue(site.story("Maíz", "es"), site.story("Agua"))
    assert Code.STORY_HOLDS in codes(build_edition(issue, "en"))


def test_the_grid_leads_to_where_a_story_is_finished(site):
    spanish, english = site.story("Maíz", "es"), site.story("Rain", "en", original="en")
    drafted = site.story("Agua")
    unpublish_language(page=drafted, language="es")
    for row in coverage(site.issue(spanish, english, drafted)):
        for cell in row.cells:
            is_side = f"/translations/{row.page_id}/{cell.language}/" in cell.url
            is_edit = cell.url.endswith(f"/pages/{row.page_id}/edit/")
            wanted = {
                (spanish.pk, "en"): is_side,
                (english.pk, "es"): is_side,
                (drafted.pk, "es"): is_edit,
            }
            assert wanted.get((row.page_id, cell.language), cell.url == "")


def test_the_first_story_leads_and_the_others_are_smaller(site):
    picture = a_picture()
    issue = site.issue(
        site.story("Agua", picture=picture), site.story("Maíz", picture=picture)
    )
    html = build_edition(issue, "es").html
    first, second = html[: html.index("Agua es")], html[html.index("Agua es") :]
    assert 'class="lead"' in first
    assert 'class="lead"' not in second
    assert 'width="544"' in first
    assert 'width="168"' in second
    issue.first_leads = False
    issue.save_revision()
    flat = build_edition(publish(issue), "es").html
    assert 'class="lead"' not in flat
    assert flat.count('width="544"') == 2


def test_a_picture_can_be_another_one_in_the_issue(site):
    own, other = a_picture("own"), a_picture("other", alt_es="Otra")
    story = site.story("Agua", picture=own)
    issue = site.issue(story, picks={story.pk: {"picture_override": other}})
    html = build_edition(issue, "es").html
    assert 'alt="Otra"' in html
    assert "La sierra al alba" not in html


def test_nobody_gets_a_story_twice(site):
    story, fresh = site.story("Agua"), site.story("Maíz")
    first = site.issue(story)
    sent(site, first)
    second = site.issue(story, fresh, headline_es="Diciembre")
    for lang in ("es", "en"):
        edition = build_edition(second, lang)
        assert edition.story_ids == [fresh.pk]
        assert Code.STORY_SENT in codes(edition)
        assert build_edition(first, lang).story_ids == [story.pk]
    assert {cell.outcome for cell in coverage(second)[0].cells} == {Outcome.SENT_BEFORE}


def test_a_translation_reaches_those_who_did_not_get_the_story(site):
    story = site.story("Agua", "es")
    sent(site, site.issue(story, site.story("Maíz")))
    story.headline_en = "Water"
    story.save_revision()
    publish(story, "en")
    second = site.issue(story, headline_es="Diciembre")
    assert build_edition(second, "en").story_ids == [story.pk]
    assert build_edition(second, "es").is_empty


def test_an_editor_may_send_a_story_again(site):
    story = site.story("Agua")
    sent(site, site.issue(story))
    second = site.issue(story, picks={story.pk: {"again": True}}, headline_es="Dos")
    assert build_edition(second, "es").story_ids == [story.pk]


def test_an_issue_that_was_sent_stays_as_it_was(site):
    """Also when a later issue sends its story again."""
    story = site.story("Agua")
    first = site.issue(story)
    sent(site, first)
    second = site.issue(story, picks={story.pk: {"again": True}}, headline_es="Dos")
    sent(site, second)
    assert build_edition(first, "es").story_ids == [story.pk]
    assert build_edition(second, "es").story_ids == [story.pk]


def test_what_was_cancelled_half_way_was_sent_to_some(site):
    story = site.story("Agua")
    first = site.issue(story)
    dispatch = sent(site, first)
    type(dispatch).objects.update(state="cancelled")
    second = site.issue(story, headline_es="Diciembre")
    assert build_edition(second, "es").story_ids == []
    assert build_edition(first, "es").story_ids == [story.pk]


def test_an_issue_on_the_site_alone_keeps_its_stories(site, client):
    story = site.story("Agua")
    old = site.issue(story)
    sent(site, site.issue(story, headline_es="Dos", slug_es="dos", slug_en="two"))
    assert "Agua es" in client.get(old.url_in("es")).text
    assert Code.STORY_SENT in codes(build_edition(old, "es"))


def test_what_was_cancelled_was_not_sent(site):
    story = site.story("Agua")
    dispatch = actions.create_dispatch(newsletter=site.newsletter, title="Nada")
    a_reader(site.newsletter, "ana")
    editions = {"es": build_edition(site.issue(story), "es")}
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    actions.cancel_dispatch(dispatch_id=dispatch.pk)
    second = site.issue(story, headline_es="Diciembre")
    assert build_edition(second, "es").story_ids == [story.pk]


def test_an_office_says_something(site):
    office = make_office(name_es="Oficina Lima", phones="+51 1 234 5678")
    value = {"office": office.pk, "notice": "Cerrada del 24 al 26 de diciembre."}
    issue = site.issue(body_es=blocks(("office", value)))
    edition = build_edition(issue, "es")
    assert not edition.is_empty
    for words in ("Oficina Lima", "Cerrada del 24 al 26", "+51 1 234 5678"):
        assert words in edition.html
        assert words in edition.text


def test_an_office_that_is_gone_says_nothing(site):
    office = make_office()
    value = {"office": office.pk, "notice": "Cerrada."}
    issue = site.issue(body_es=blocks(("office", value)))
    office.delete()
    assert build_edition(issue, "es").is_empty


def test_an_event_says_when_and_where_in_its_language(site):
    day = timezone.localdate() + timedelta(days=30)
    value = {
        "title": "Feria", "date": day.isoformat(), "start": "18:30:00", "end": None,
        "place": "Plaza de Armas", "text": "Entrada libre.", "page": None,
        "url": "https://feria.example/",
    }  # fmt: skip
    body = blocks(("event", value))
    issue = site.issue(body_es=body, body_en=body)
    spanish, english = (build_edition(issue, code) for code in ("es", "en"))
    assert "18:30" in spanish.text
    assert "America/" in spanish.text
    assert f" de {day.year}" in spanish.text
    assert f" de {day.year}" not in english.text
    assert 'href="https://feria.example/"' in spanish.html
    assert "Plaza de Armas" in spanish.html
    assert Code.EVENT_PAST not in codes(spanish)


def test_an_event_that_is_over_is_noted(site):
    value = {"title": "Feria", "date": "2020-01-01"}
    issue = site.issue(body_es=blocks(("event", value)))
    assert Code.EVENT_PAST in codes(build_edition(issue, "es"))


def test_an_issue_of_pictures_alone_is_held_up(site):
    picture = {"picture": a_picture().pk, "alt": "", "caption": ""}
    issue = site.issue(body_es=blocks(("picture", picture)))
    assert Code.NO_WORDS in codes(build_edition(issue, "es"))
    said = site.issue(intro_es="<p>Hola</p>", body_es=blocks(("picture", picture)))
    assert Code.NO_WORDS not in codes(build_edition(said, "es"))


def test_a_link_to_a_draft_is_held_up(site):
    draft = site.issue(languages=())
    button = blocks(("button", {"text": "Lea", "page": draft.pk, "url": ""}))
    edition = build_edition(site.issue(intro_es="<p>Hola</p>", body_es=button), "es")
    (held,) = [p for p in edition.problems if p.is_blocking]
    assert held.code == Code.LINK_TO_DRAFT
    assert draft.title in held.message


def test_a_large_mail_is_known_again_while_it_is_about_as_large():
    (small,), (large,), (larger,) = (
        size_problems("x" * size, "es") for size in (103_000, 119_000, 141_000)
    )
    assert small.is_among([large.key])
    assert large.is_among([larger.key])
    assert not larger.is_among([large.key])
    assert not large.is_among(["too-large en 9", "too-large es x", "story-holds es 9"])


def test_a_deleted_page_is_named_in_the_words_of_who_reads(site):
    problem = Problem(Code.LINK_TO_DRAFT, "es", {"page": ""}, about="7")
    assert "a deleted page" in problem.message
    with translation.override("es"):
        assert "una página eliminada" in problem.message


def test_a_heavy_picture_is_noted(site, monkeypatch):
    issue = site.issue(site.story("Agua", picture=a_picture()))
    assert Code.PICTURE_HEAVY not in codes(build_edition(issue, "es"))
    monkeypatch.setattr("newsletter.composing.problems.HEAVY_BYTES", 1000)
    (heavy,) = [
        p for p in build_edition(issue, "es").problems if p.code == Code.PICTURE_HEAVY
    ]
    assert "sierra" in heavy.message
