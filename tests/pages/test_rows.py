"""Inline rows and M2M when languages go live one by one."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from newsletter.models import IssuePage, IssueStory, Newsletter, NewsletterPage
from pages import actions
from tests.pages.factories import make_person, make_story, save_draft

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


def test_a_schedule_leaves_the_words_of_a_row_in_the_other_language(issue, index):
    story = make_story(index, live=("es",), headline_es="Nota")
    add_row(issue, story, headline_override_es="Hoy", headline_override_en="Today")
    now = timezone.now()
    actions.schedule_publication(page=issue, languages=["en"], at=now)
    actions.publish_languages(page=issue, languages=["es"])
    row = IssuePage.objects.get(pk=issue.pk).stories.get()
    assert actions.run_due_publications(now=now) == 1
    assert rows_of(issue) == [("Hoy", "Today")]
    assert IssuePage.objects.get(pk=issue.pk).stories.get().pk == row.pk
    assert [row.pk for row in drafted(issue).stories.all()] == [row.pk]


def test_a_new_row_takes_no_words_from_a_row_about_another_story(issue, index):
    mine, other = (
        make_story(index, live=("es",), headline_es=name) for name in ("Uno", "Dos")
    )
    add_row(issue, mine, headline_override_en="Mine")
    now = timezone.now()
    actions.schedule_publication(page=issue, languages=["en"], at=now)
    draft = drafted(issue)
    draft.stories = [IssueStory(story=other, headline_override_es="Otra")]
    draft.save_revision(clean=False)
    assert actions.run_due_publications(now=now) == 1
    actions.publish_languages(page=issue, languages=["es"])
    assert rows_of(issue) == [("Otra", "")]


def test_an_old_schedule_brings_no_old_list_of_rows_back(issue, index):
    names = ("Una", "Dos", "Tres")
    one, two, three = (
        make_story(index, live=("es",), headline_es=name) for name in names
    )
    add_row(issue, one, headline_override_es="Uno", headline_override_en="One")
    add_row(issue, two, headline_override_es="Dos", headline_override_en="Two")
    actions.publish_languages(page=issue, languages=["es"])
    now = timezone.now()
    actions.schedule_publication(page=issue, languages=["en"], at=now)
    draft = drafted(issue)
    first, _second = draft.stories.all()
    new = IssueStory(story=three, headline_override_es="Tres", sort_order=0)
    first.sort_order = 1
    draft.stories = [new, first]
    draft.save_revision(clean=False)
    actions.publish_languages(page=issue, languages=["es"])
    assert actions.run_due_publications(now=now) == 1
    assert rows_of(issue) == [("Tres", ""), ("Uno", "One")]


def test_a_late_approval_brings_neither_an_old_date_nor_an_old_list_back(index, issue):
    story = make_story(index, live=("es",), headline_es="Nota")
    add_row(issue, story, headline_override_es="Hoy", headline_override_en="Today")
    state = submitted(issue, "en")
    actions.publish_languages(page=issue, languages=["es"])
    draft = drafted(issue)
    draft.show_in_menus = True
    draft.save_revision(clean=False)
    actions.publish_languages(page=issue, languages=["es"])
    actions.publish_approved(workflow_state=state)
    assert rows_of(issue) == [("Hoy", "Today")]
    assert IssuePage.objects.get(pk=issue.pk).show_in_menus


def submitted(page, language):
    """The state of a workflow that waits for approval of what is the draft now."""
    made = Workflow.objects.create(name="Reading")
    task = GroupApprovalTask.objects.create(name="Desk")
    WorkflowTask.objects.create(workflow=made, task=task, sort_order=1)
    state = made.start(IssuePage.objects.get(pk=page.pk), make_person("writer"))
    actions.submit_languages(workflow_state=state, languages=[language])
    return state


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
