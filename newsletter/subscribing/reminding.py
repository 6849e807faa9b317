"""One more mail to who asked for a newsletter that reminds, and has not confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from newsletter.models import OptInMail, Subscriber, Subscription
from newsletter.subscribing import actions

AFTER = timedelta(days=3)
UNTIL = timedelta(days=7)  # later it would come out of the blue
BATCH = 1000  # a run; beat comes again


def remind_unconfirmed(*, at: datetime | None = None) -> int:
    """Ask them once more; returns how many were asked.

    Nobody is who was asked twice already, for whatever newsletter, or not at all for
    this one, who has left before, or whom we must not write to: a stranger may have
    typed their address.
    """
    at = at or timezone.now()
    due = list(_due(at).order_by("pk").values_list("pk", flat=True)[:BATCH])
    return sum(_remind(pk, at) for pk in due)


@transaction.atomic
def _remind(pk: int, at: datetime) -> bool:
    people = Subscriber.objects.select_for_update(
        of=("self",), no_key=True, skip_locked=True
    )
    if not people.filter(subscriptions=pk).order_by().first():
        return False  # they are doing something themselves
    # Asked, confirmed or left before we held them: looked at again.
    rows = _due(at).select_related("subscriber", "newsletter")
    found = rows.filter(pk=pk).first()
    if found is not None:
        actions.send_opt_in(found, at, is_reminder=True)
    return found is not None


def _due(at: datetime) -> QuerySet[Subscription]:
    mails = OptInMail.objects.filter(
        address_hash=OuterRef("subscriber__address_hash"),
        sent_at__gt=at - actions.OPT_IN_PERIOD,
    ).order_by()
    number = mails.values("address_hash").annotate(n=Count("pk")).values("n")
    its_own = mails.filter(sent_at__gte=OuterRef("created_at"))
    rows = Subscription.objects.pending().with_suppression()
    return rows.annotate(asked_by_mail=Subquery(number)).filter(
        Exists(its_own),
        asked_by_mail=1,
        is_suppressed=False,
        newsletter__is_active=True,
        newsletter__reminds=True,
        subscriber__health=Subscriber.Health.OK,
        left_at=None,
        created_at__lte=at - AFTER,
        created_at__gt=at - UNTIL,
    )
