"""One more mail to who asked for a newsletter that reminds, and has not confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils import timezone

from newsletter.models import OptInMail, Subscriber, Subscription
from newsletter.subscribing import actions

AFTER = timedelta(days=3)
UNTIL = timedelta(days=7)  # later it would come out of the blue
BATCH = 1000  # a run; beat comes again


def remind_unconfirmed(*, at: datetime | None = None) -> int:
    """Ask them once more; returns how many were asked.

    Nobody is who was asked twice already, who has left before, or whom we must not
    write to: a stranger may have typed their address.
    """
    at = at or timezone.now()
    due = list(_due(at).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_remind(pk, at) for pk in due)


@transaction.atomic
def _remind(pk: int, at: datetime) -> bool:
    rows = _due(at).select_related("subscriber", "newsletter")
    found = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if found is not None:
        actions.send_opt_in(found, at, is_reminder=True)
    return found is not None


def _due(at: datetime) -> QuerySet[Subscription]:
    mails = OptInMail.objects.filter(
        address_hash=OuterRef("subscriber__address_hash"),
        sent_at__gt=at - actions.OPT_IN_PERIOD,
    ).order_by()
    number = mails.values("address_hash").annotate(n=Count("pk")).values("n")
    rows = Subscription.objects.pending().with_suppression()
    return rows.annotate(asked_by_mail=Subquery(number)).filter(
        asked_by_mail=1,
        is_suppressed=False,
        newsletter__is_active=True,
        newsletter__reminds=True,
        subscriber__health=Subscriber.Health.OK,
        left_at=None,
        created_at__lte=at - AFTER,
        created_at__gt=at - UNTIL,
    )
