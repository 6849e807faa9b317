"""What the translation desk learns about issues: when their stories are needed."""

from __future__ import annotations

from django.db.models import F
from django.urls import reverse

from newsletter.models import Dispatch
from translations.desk import Deadline, register_deadlines


def connect() -> None:
    """Tell the desk what scheduled issues need, and when."""
    register_deadlines(needed_by_issues)


def needed_by_issues(language: str) -> dict[int, Deadline]:
    """Deadlines of scheduled issues and of the stories they pick, by page id."""
    planned = Dispatch.objects.filter(
        state=Dispatch.State.SCHEDULED, issue_page__isnull=False
    ).only("title", "scheduled_at", "issue_page_id")
    # A row per story, the nearest last: it is the one that stays.
    rows = planned.annotate(story_id=F("issue_page__stories__story"))
    found = {}
    for dispatch in rows.order_by(F("scheduled_at").desc()):
        deadline = _deadline(dispatch)
        found |= {dispatch.issue_page_id: deadline, dispatch.story_id: deadline}
    found.pop(None, None)
    return found


def _deadline(dispatch: Dispatch) -> Deadline:
    url = reverse("dispatches:progress", args=[dispatch.pk])
    return Deadline(dispatch.scheduled_at, dispatch.title, url)
