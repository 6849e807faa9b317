"""Forget people who were asked once and never said yes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from newsletter.models import Consent, Delivery, OptInMail, Subscriber, Subscription
from newsletter.subscribing.links import CONFIRM_WITHIN

BATCH = 500
BATCHES = 20  # 10,000 a run; beat comes again, so a flood is cleared in steps


def forget_unconfirmed(
    *, at: datetime | None = None, batch: int = BATCH, batches: int = BATCHES
) -> int:
    """Delete who never confirmed and can no longer; returns how many were forgotten.

    That is 14 days after the last opt-in mail, when the link in it has ended. Their
    unanswered questions go with them. Suppressions stay, and so does the memory of
    mails younger than that: it is what limits them.
    """
    before = (at or timezone.now()) - CONFIRM_WITHIN
    forgotten = 0
    for _number in range(batches):
        found = _forget_some(before, batch)
        forgotten += found
        if found < batch:
            break
    OptInMail.objects.filter(sent_at__lte=before).delete()
    return forgotten


@transaction.atomic
def _forget_some(before: datetime, batch: int) -> int:
    due = unconfirmed(before).order_by("pk").values_list("pk", flat=True)[:batch]
    rows = Subscriber.objects.select_for_update(of=("self",), skip_locked=True)
    locked = list(rows.filter(pk__in=list(due)).values_list("pk", flat=True))
    links = Subscription.objects.select_for_update(of=("self",))
    list(links.filter(subscriber__in=locked).values_list("pk", flat=True))
    # Asked again: who signed up or confirmed before we held the rows stays.
    gone = list(unconfirmed(before).filter(pk__in=locked).values_list("pk", flat=True))
    Consent.objects.filter(subscriber__in=gone).delete()
    Subscriber.objects.filter(pk__in=gone).delete()
    return len(gone)


def unconfirmed(before: datetime) -> QuerySet[Subscriber]:
    """Who was last asked before that moment and has never agreed to anything."""
    own = {"subscriber": OuterRef("pk")}
    answered = Consent.objects.filter(**own).exclude(kind=Consent.Kind.ASKED)
    waiting = Subscription.objects.filter(**own).pending()
    others = Subscription.objects.filter(**own).exclude(
        state=Subscription.State.PENDING, confirmed_at=None
    )
    recent = OptInMail.objects.filter(
        address_hash=OuterRef("address_hash"), sent_at__gt=before
    )
    return Subscriber.objects.filter(
        Exists(waiting),
        ~Exists(others),
        ~Exists(answered),
        ~Exists(recent),
        ~Exists(Delivery.objects.filter(**own)),
        created_at__lte=before,
    )
