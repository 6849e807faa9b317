"""Deciding on the send page what becomes of stories that are missing in a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from newsletter.composing.filling import refuse_others
from newsletter.composing.plan import refuse_second
from newsletter.models import FallbackRule, IssuePage, IssueStory
from pages.actions import locked

CHOICES = ("", *FallbackRule.values)


@transaction.atomic
def set_fallbacks(*, issue: IssuePage, rules: Mapping[int, str], by: Any) -> int:
    """Write rules by story into what is published and the draft; how many changed.

    An empty rule is the newsletter's. What else the draft holds stays a draft. Raises
    `PermissionDenied` where the issue is not theirs to write, `HeldIssueError` while it
    is locked or in review, `AlreadySentError` once it was sent or scheduled.
    """
    issue = locked(issue)
    # Who sends holds this row, and sees the rules from before or from after.
    IssuePage.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    refuse_others(issue, by)
    refuse_second(issue)
    draft = issue.get_latest_revision_as_object()
    drafted = [pick for pick in draft.stories.all() if pick.story_id in rules]
    stored = IssueStory.objects.filter(issue=issue, story__in=rules)
    shown = stored if issue.live_languages() else drafted
    changed = [pick for pick in shown if pick.fallback != rules[pick.story_id]]
    if not changed:
        return 0
    for pick in stored:
        stored.filter(pk=pick.pk).update(fallback=rules[pick.story_id])
    for pick in drafted:
        pick.fallback = rules[pick.story_id]
    draft.save_revision(user=by, changed=False, clean=False)
    log(instance=issue, action="newsletter.fallbacks", user=by)
    return len(changed)
