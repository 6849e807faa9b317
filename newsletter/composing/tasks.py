"""What starts scheduled issues and asks for the links of published ones."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from newsletter.composing import linking, scheduling
from newsletter.models import IssuePage


@shared_task(name="newsletter.tasks.start_due_issues")
def start_due_issues() -> None:
    """Wake one task for each issue whose moment has come."""
    for dispatch_id in scheduling.due_dispatches(timezone.now()):
        start_scheduled_issue.delay(dispatch_id)


@shared_task(name="newsletter.tasks.start_scheduled_issue")
def start_scheduled_issue(dispatch_id: int) -> None:
    """Check one issue again and start it; a second run finds it started."""
    scheduling.start_scheduled(dispatch_id=dispatch_id)


@shared_task(name="newsletter.tasks.check_issue_links")
def check_issue_links(issue_id: int) -> None:
    """Ask the outside links of one published issue whether they answer."""
    if issue := IssuePage.objects.filter(pk=issue_id).first():
        linking.check_links(issue)
