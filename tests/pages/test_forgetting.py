"""Old versions go; what anybody may still need stays."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    Comment,
    GroupApprovalTask,
    Page,
    Revision,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from pages import actions, tasks
from pages.forgetting import forget_revisions
from people import roles
from tests.pages.editor import fresh
from tests.pages.factories import make_person, make_story, save_draft

pytestmark = pytest.mark.django_db


def age(days: int = 400) -> None:
    """Make every version older; their order stays."""
    for revision in Revision.objects.all():
        older = revision.created_at - dt.timedelta(days=days)
        Revision.objects.filter(pk=revision.pk).update(created_at=older)


@pytest.fixture
def story(index):
    """Live in Spanish since long ago, with an English draft and twenty versions."""
    made = make_story(index, live=("es",), headline_es="Uno")
    for n in range(20):
        save_draft(made, headline_en=f"Draft {n}")
    age()
    return made


def versions(story) -> list[int]:
    return list(fresh(story).revisions.order_by("pk").values_list("pk", flat=True))


def test_the_live_one_the_draft_and_the_last_ten_stay(story):
    before = versions(story)
    live = fresh(story).live_revision_id
    assert forget_revisions(keep=10) == len(before) - 11
    assert versions(story) == [live, *before[-10:]]
    assert forget_revisions(keep=0) == 9
    assert versions(story) == [live, fresh(story).latest_revision_id]
    assert forget_revisions(keep=0) == 0


def test_page_state_and_comparison_survive(story, index, editor_client):
    forget_revisions(keep=0)
    page = fresh(story)
    assert (page.state_es, page.state_en) == ("live", "draft")
    assert page.get_latest_revision_as_object().headline_en == "Draft 19"
    url = reverse(
        "wagtailadmin_pages:revisions_compare",
        args=[page.pk, "live", page.latest_revision_id],
    )
    assert "Draft 19" in editor_client.get(url).content.decode()
    history = reverse("wagtailadmin_pages:history", args=[page.pk])
    assert editor_client.get(history).status_code == 200
    actions.publish_languages(page=page, languages=["en"])
    assert editor_client.get(fresh(story).url_in("en")).status_code == 200


def test_what_is_not_old_stays(story):
    number = len(versions(story))
    assert forget_revisions(days=401, keep=0) == 0
    assert len(versions(story)) == number


def test_what_a_workflow_a_comment_or_a_date_refers_to_stays(story, editor):
    workflow = Workflow.objects.create(name="Reading")
    task = GroupApprovalTask.objects.create(name="Desk")
    task.groups.add(roles.group_of("administrator"))
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=Page.objects.get(depth=1))
    submitted = fresh(story).latest_revision
    workflow.start(fresh(story), make_person("writer", "editor"))
    commented, dated = (Revision.objects.get(pk=pk) for pk in versions(story)[3:5])
    Comment.objects.create(
        page=story, user=editor, text="?", revision_created=commented
    )
    Revision.objects.filter(pk=dated.pk).update(approved_go_live_at=timezone.now())
    for n in range(3):
        save_draft(story, headline_en=f"Later {n}")
    age()
    forget_revisions(keep=0)
    kept = [fresh(story).live_revision, commented, dated, submitted]
    assert versions(story) == [
        *(one.pk for one in kept),
        fresh(story).latest_revision_id,
    ]


def test_each_page_keeps_its_own_last_ones(story, index):
    other = make_story(index, headline_es="Otra")
    age()
    forget_revisions(keep=2)
    assert len(versions(other)) == 1
    assert len(versions(story)) == 3


def test_the_command_says_how_many(story):
    out = StringIO()
    call_command("forget_revisions", "--days", "30", "--keep", "5", stdout=out)
    assert out.getvalue() == "versions deleted: 15\n"
    with pytest.raises(CommandError):
        call_command("forget_revisions", "--days", "soon")


def test_beat_runs_it_and_twice_does_no_harm(story, settings):
    known = [job["task"] for job in settings.CELERY_BEAT_SCHEDULE.values()]
    assert "pages.tasks.forget_revisions" in known
    assert tasks.forget_revisions() > 0
    assert tasks.forget_revisions() == 0


def test_wagtails_own_command_leaves_what_readers_see(story):
    live = fresh(story).live_revision_id
    call_command("purge_revisions", stdout=StringIO())
    assert fresh(story).live_revision_id == live
    assert live in versions(story)
