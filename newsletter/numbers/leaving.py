"""Who left soon after a sending: within a week of the last one they were in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)

from newsletter.models import Consent, Delivery, Dispatch
from newsletter.subscribing import wording

DAYS = 7
WITHIN = timedelta(days=DAYS)


def leaves_after(dispatches: Sequence[Dispatch]) -> QuerySet[Consent]:
    """Leaves whose last sending within a week before (`after`) is one of these.

    A mail's link does not say which mail it was in, so time has to tell.
    """
    starts = [each.started_at for each in dispatches if each.started_at]
    if not starts:
        return Consent.objects.none()
    newsletters = {each.newsletter_id for each in dispatches}
    rows = _leaves(min(starts), max(starts) + WITHIN)
    rows = rows.filter(subscription__newsletter__in=newsletters)
    return rows.filter(after__in=[each.pk for each in dispatches]).order_by()


def _leaves(first: datetime, last: datetime) -> QuerySet[Consent]:
    week_before = ExpressionWrapper(F("at") - Value(WITHIN), DateTimeField())
    rows = Consent.objects.filter(kind=Consent.Kind.LEFT, at__gte=first, at__lte=last)
    rows = rows.exclude(text_version__in=wording.MOVED)  # they read on elsewhere
    return rows.annotate(since=week_before).annotate(after=Subquery(_last_sending()))


def _last_sending() -> QuerySet[Dispatch, dict[str, int]]:
    reader = OuterRef(OuterRef("subscriber"))
    theirs = Delivery.objects.filter(dispatch=OuterRef("pk"), subscriber=reader)
    rows = Dispatch.objects.filter(
        Exists(theirs),
        newsletter=OuterRef("subscription__newsletter"),
        started_at__lte=OuterRef("at"),
        started_at__gt=OuterRef("since"),
    )
    return rows.order_by("-started_at").values("pk")[:1]
