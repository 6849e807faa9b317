"""Inline rows and M2M when languages go live one by one."""

from __future__ import annotations

import pytest

from newsletter.models import IssuePage, IssueStory, Newsletter, NewsletterPage
from pages import actions
from tests.pages.factories import make_story, save_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue(home, index):
    paper = Newsletter.objects.create(key="boletin", name_es="Boletín")
    parent = NewsletterPage(
        headline_es="Boletín", headline_en="Letter", newsletter=paper, live=False
    )
    home.refresh_from_db()
    home.add_child(instance=parent)
    actions.publish_languages(page=parent, languages=["es", "en"])
    page = IssuePage(headline_es="Uno", headline_en="One", live=False)
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision()
    return page


def rows_of(page):
    return [
        (row.headline_override_es or "", row.headline_override_en or "")
        for row in IssuePage.objects.get(pk=page.pk).stories.all()
    ]


def drafted(page):
    page = IssuePage.objects.get(pk=page.pk)
    return page.get_latest_revision_as_object()


def add_row(page, story, **words):
    draft = drafted(page)
    draft.stories.add(IssueStory(story=story, **words))
    draft.save_revision(clean=False)


def test_a_new_row_goes_live_once_and_in_one_language(issue, index):
    story = make_story(index, live=("es",), headline_es="Nota")
    add_row(issue, story, headline_override_es="Hoy", headline_override_en="Tod")
    actions.publish_languages(page=issue, languages=["es"])
    assert rows_of(issue) == [("Hoy", "")]
    actions.publish_languages(page=issue, languages=["es"])
    assert rows_of(issue) == [("Hoy", "")]
    actions.publish_languages(page=issue, languages=["en"])
    assert rows_of(issue) == [("Hoy", "Tod")]


def test_a_row_changed_in_one_language_stays_in_the_other(issue, index):
    story = make_story(index, live=("es",), headline_es="Nota")
    add_row(issue, story, headline_override_es="Hoy", headline_override_en="Today")
    actions.publish_languages(page=issue, languages=["es", "en"])
    draft = drafted(issue)
    row = draft.stories.get()
    row.headline_override_es, row.headline_override_en = "Ayer", "Yesterd"
    draft.stories = [row]
    draft.save_revision(clean=False)
    actions.publish_languages(page=issue, languages=["es"])
    assert rows_of(issue) == [("Ayer", "Today")]
    assert drafted(issue).stories.get().headline_override_en == "Yesterd"


def test_a_row_removed_is_removed_in_both(issue, index):
    story = make_story(index, live=("es",), headline_es="Nota")
    add_row(issue, story, headline_override_es="Hoy")
    actions.publish_languages(page=issue, languages=["es"])
    draft = drafted(issue)
    draft.stories = []
    draft.save_revision(clean=False)
    actions.publish_languages(page=issue, languages=["es"])
    assert rows_of(issue) == []


def test_two_languages_of_one_draft_lose_nothing(issue):
    save_draft(issue, subject_es="Asunto", subject_en="Subject")
    actions.publish_languages(page=issue, languages=["es"])
    actions.publish_languages(page=issue, languages=["en"])
    live = IssuePage.objects.get(pk=issue.pk)
    assert (live.subject_es, live.subject_en) == ("Asunto", "Subject")
    assert not live.has_unpublished_changes


def test_rich_text_without_a_word_is_no_text(issue):
    issue.intro_en = '<p data-block-key="x1"></p>'
    issue.intro_es = '<p data-block-key="x2">Hola</p>'
    issue.full_clean()
    assert issue.intro_en == ""
    assert "Hola" in issue.intro_es
