"""Putting into an issue what was published since the last one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from news.models import NewsPage
from newsletter.composing.composition import newsletter_of
from newsletter.composing.repeats import frozen_dispatches, sent_before
from newsletter.composing.stories import CODES
from newsletter.errors import HeldIssueError
from newsletter.models import IssuePage, IssueStory, Newsletter
from pages.actions import locked

AT_MOST = 60  # stories to offer; nobody reads a longer mail
FIRST_ISSUE_LOOKS_BACK = timedelta(days=60)


def last_sent_at(newsletter: Newsletter) -> datetime | None:
    """When the last issue of this newsletter was fixed; None before the first."""
    rows = frozen_dispatches().filter(newsletter=newsletter).order_by("-frozen_at")
    return rows.values_list("frozen_at", flat=True).first()


def picked_in(draft: IssuePage) -> set[int]:
    """The stories that a version of an issue picks, as page ids."""
    return {pick.story_id for pick in draft.stories.all()}


def new_stories(issue: IssuePage, without: Collection[int] = ()) -> list[NewsPage]:
    """What readers can find on the site and no issue has told them, the newest first.

    Published in any language since the last issue, or translated since: whatever some
    readers have not got yet. Before the first issue, that of the last two months.
    """
    newsletter = newsletter_of(issue)
    since = last_sent_at(newsletter) or timezone.now() - FIRST_ISSUE_LOOKS_BACK
    is_new = reduce(or_, (Q(**{f"first_published_at_{c}__gt": since}) for c in CODES))
    is_live = reduce(or_, (Q(**{f"live_{code}": True}) for code in CODES))
    known = reduce(and_, (sent_before(issue, newsletter, code) for code in CODES))
    rows = NewsPage.objects.filter(is_new, is_live).public()
    rows = rows.exclude(pk__in={*known, *without})
    return list(rows.order_by("-date", "-pk")[:AT_MOST])


@transaction.atomic
def add_stories(*, issue: IssuePage, stories: Sequence[NewsPage], by: Any) -> int:
    """Put these behind what the latest draft picks, each once; returns how many.

    Raises `PermissionDenied` where the issue is not theirs to write, `HeldIssueError`
    while it is locked or in review.
    """
    issue = locked(issue)
    refuse_others(issue, by)
    draft = issue.get_latest_revision_as_object()
    picks, picked = list(draft.stories.all()), picked_in(draft)
    fresh = [story for story in stories if story.pk not in picked]
    last = max((pick.sort_order or 0 for pick in picks), default=-1)
    for place, story in enumerate(fresh, start=last + 1):
        pick = IssueStory(story=story.bilingualpage_ptr, sort_order=place)
        draft.stories.add(pick)
    if fresh:
        draft.save_revision(user=by, log_action=True)
    return len(fresh)


def refuse_others(issue: IssuePage, user: Any) -> None:
    """Raise unless this person may change what the languages of an issue share."""
    may = issue.permissions_for_user(user)
    if not (may.can_edit() and may.may_write_shared):
        raise PermissionDenied
    if may.page_locked() or issue.held_from(user):
        raise HeldIssueError("The issue is locked or in review.")
