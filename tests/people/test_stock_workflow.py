"""Wagtail's own approval by moderators is gone; what somebody uses stays."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Task,
    TaskState,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from people import roles
from tests.pages.factories import make_home, make_person, make_story

pytestmark = pytest.mark.django_db


def migrate() -> None:
    name = "people.migrations.0003_without_stock_workflow"
    import_module(name).remove_workflow(apps, None)


@pytest.fixture
def stock():
    """What Wagtail makes, its group deleted."""
    workflow = Workflow.objects.create(name="Moderators approval")
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=Page.get_first_root_node())
    return workflow


def test_a_new_site_has_no_workflow():
    assert not Workflow.objects.exists()
    assert not Task.objects.exists()
    assert not WorkflowPage.objects.exists()


def test_an_unused_workflow_without_a_group_goes(stock):
    migrate()
    assert not Workflow.objects.exists()
    assert not Task.objects.exists()
    assert not Page.get_first_root_node().has_workflow


def test_a_workflow_with_a_group_stays(stock):
    GroupApprovalTask.objects.get().groups.add(roles.group_of("administrator"))
    migrate()
    assert Workflow.objects.get().workflow_tasks.exists()
    assert Page.get_first_root_node().has_workflow


def test_a_workflow_that_was_used_keeps_its_history(stock):
    story = make_story(make_home(), headline_es="Uno")
    stock.start(story, make_person("writer", "editor"))
    migrate()
    assert WorkflowState.objects.get().workflow == stock
    assert TaskState.objects.exists()
