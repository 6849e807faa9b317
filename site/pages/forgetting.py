"""Old versions of pages, forgotten once nobody can need them."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from wagtail.models import Page, Revision

DAYS = 90
KEPT = 10  # of each page, however old
BATCH = 200  # deleted at a time, so that nobody waits long for the table


def forget_revisions(
    *, days: int = DAYS, keep: int = KEPT, now: dt.datetime | None = None
) -> int:
    """Delete versions of pages that are older than `days`; returns how many.

    Kept are what readers see, the draft, the last `keep` of each page, and whatever a
    workflow, a comment or a planned publication refers to.
    """
    before = (now or timezone.now()) - dt.timedelta(days=days)
    old = _dispensable(keep).filter(created_at__lt=before)
    total = 0
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        Revision.objects.filter(pk__in=ids).delete()
        total += len(ids)
    return total


def _dispensable(keep: int) -> QuerySet[Revision]:
    """What nothing refers to, less the last ones of each page."""
    newest_first = [F("created_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("object_id"), order_by=newest_first)
    ranked = Revision.page_revisions.annotate(place=place).filter(place__gt=keep)
    found = Revision.page_revisions.filter(
        pk__in=ranked.values("pk"),
        approved_go_live_at=None,
        task_states=None,
        created_comments=None,
    )
    for name in ("live_revision", "latest_revision"):
        used = Page.objects.exclude(**{name: None})
        found = found.exclude(pk__in=used.values(name))
    return found
