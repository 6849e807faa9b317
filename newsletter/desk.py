"""What the translation desk learns about issues: when their stories are needed."""

from __future__ import annotations

from django.db.models import F
from django.urls import reverse

from newsletter.models import Dispatch, IssueStory
from translations.desk import Deadline, register_deadlines


def connect() -> None:
    """Tell the desk what scheduled issues need, and when."""
    register_deadlines(needed_by_issues)


def needed_by_issues(language: str) -> dict[int, Deadline]:
    """Deadlines of scheduled issues and of the stories they pick, by page id."""
    planned = Dispatch.objects.filter(
        state=Dispatch.State.SCHEDULED, issue_page__isnull=False
    ).order_by(F("scheduled_at").desc())
    by_issue = {dispatch.issue_page_id: _deadline(dispatch) for dispatch in planned}
    picks = IssueStory.objects.filter(issue__in=by_issue).values_list("issue", "story")
    found = dict(by_issue)
    for issue_id, story_id in picks:
        known = found.get(story_id)
        if known is None or by_issue[issue_id].at < known.at:
            found[story_id] = by_issue[issue_id]
    return found


def _deadline(dispatch: Dispatch) -> Deadline:
    url = reverse("dispatches:progress", args=[dispatch.pk])
    return Deadline(dispatch.scheduled_at, dispatch.title, url)
