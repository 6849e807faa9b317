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
    """Write rules by pick into what is published and into the draft; how many changed.

    An empty rule is the newsletter's. What else the draft holds stays a draft. Raises
    `PermissionDenied` where the issue is not theirs to write, `HeldIssueError` while it
    is locked or in review, `AlreadySentError` once it was sent or scheduled.
    """
    issue = locked(issue)
    # Who sends holds this row, and sees the rules from before or from after.
    IssuePage.objects.select_for_update(of=("self",)).get(pk=issue.pk)
    refuse_others(issue, by)
    refuse_second(issue)
    picks = IssueStory.objects.filter(issue=issue, pk__in=rules)
    changed = [pick for pick in picks if pick.fallback != rules[pick.pk]]
    if not changed:
        return 0
    for pick in changed:
        IssueStory.objects.filter(pk=pick.pk).update(fallback=rules[pick.pk])
    draft = issue.get_latest_revision_as_object()
    for pick in draft.stories.all():
        pick.fallback = rules.get(pick.pk, pick.fallback)
    draft.save_revision(user=by, changed=False, clean=False)
    log(instance=issue, action="newsletter.fallbacks", user=by)
    return len(changed)
