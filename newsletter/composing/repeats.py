"""Which stories a newsletter has sent, so that nobody gets one twice."""

from __future__ import annotations

from itertools import chain

from django.db.models import F, Q, Subquery

from newsletter.models import Dispatch, Edition, IssuePage, Newsletter


def sent_before(issue: IssuePage, newsletter: Newsletter, language: str) -> set[int]:
    """The stories that readers of a language got before this issue, as page ids.

    A link to another language counts as well: they could read it there.
    """
    rows = Edition.objects.filter(dispatch__newsletter=newsletter, language=language)
    rows = rows.exclude(dispatch__state=Dispatch.State.CANCELLED)
    if issue.pk:
        # What was sent later does not change an issue.
        own = Dispatch.objects.filter(issue_page=issue.pk, frozen_at__isnull=False)
        own = own.exclude(state=Dispatch.State.CANCELLED).order_by("frozen_at")
        rows = rows.exclude(dispatch__issue_page=issue.pk)
        rows = rows.annotate(own=Subquery(own.values("frozen_at")[:1]))
        rows = rows.filter(Q(own=None) | Q(dispatch__frozen_at__lt=F("own")))
    return set(chain.from_iterable(rows.values_list("story_ids", flat=True)))
