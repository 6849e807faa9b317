"""Forget people who were asked once and never said yes.

Who had left before is not forgotten: their subscription ends again, as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from newsletter.models import (
    AddressChange,
    Consent,
    Delivery,
    OptInMail,
    Subscriber,
    Subscription,
)
from newsletter.subscribing.links import CONFIRM_WITHIN, UNDO_ADDRESS_WITHIN
from newsletter.subscribing.nameless import forget_in_log

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
    forgotten = _repeated(_forget_some, before, batch, batches)
    _repeated(_end_some, before, batch, batches)
    OptInMail.objects.filter(sent_at__lte=before).delete()
    AddressChange.objects.filter(asked_at__lte=before - UNDO_ADDRESS_WITHIN).delete()
    return forgotten


def _repeated(
    some: Callable[[datetime, int], int], before: datetime, batch: int, batches: int
) -> int:
    """Do some until there are no more, or enough for one run; returns how many."""
    done = 0
    for _number in range(batches):
        found = some(before, batch)
        done += found
        if found < batch:
            break
    return done


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
    AddressChange.objects.filter(subscriber__in=gone).delete()
    forget_in_log(gone)
    links.filter(subscriber__in=gone).delete()
    # Nothing else is theirs: `delete` would look through all deliveries once more.
    found = Subscriber.objects.filter(pk__in=gone)
    found._raw_delete(found.db)
    return len(gone)


@transaction.atomic
def _end_some(before: datetime, batch: int) -> int:
    """Unsubscribe again who had left and was asked once more, perhaps by a stranger."""
    due = list(lapsed(before).order_by("pk").values_list("pk", flat=True)[:batch])
    rows = Subscription.objects.select_for_update(
        of=("self", "subscriber"), skip_locked=True
    ).select_related("subscriber")
    locked = [row.pk for row in rows.filter(pk__in=due)]
    # Asked again before we held the rows: the new link counts.
    found = list(lapsed(before).filter(pk__in=locked))
    for subscription in found:
        subscription.move_to(Subscription.State.UNSUBSCRIBED)
    return len(found)


def lapsed(before: datetime) -> QuerySet[Subscription]:
    """Subscriptions that had ended and were asked for in vain since."""
    return Subscription.objects.pending().filter(
        ~Exists(_recent_mail("subscriber__address_hash", before)),
        left_at__isnull=False,
        created_at__lte=before,
    )


def unconfirmed(before: datetime) -> QuerySet[Subscriber]:
    """Who was last asked before that moment and has never agreed to anything."""
    own = {"subscriber": OuterRef("pk")}
    answered = Consent.objects.filter(**own).exclude(kind=Consent.Kind.ASKED)
    waiting = Subscription.objects.filter(**own).pending()
    others = Subscription.objects.filter(**own).exclude(
        state=Subscription.State.PENDING, confirmed_at=None
    )
    return Subscriber.objects.filter(
        Exists(waiting),
        ~Exists(others),
        ~Exists(answered),
        ~Exists(_recent_mail("address_hash", before)),
        ~Exists(Delivery.objects.to(OuterRef("pk"))),
        created_at__lte=before,
    )


def _recent_mail(hash_field: str, before: datetime) -> QuerySet[OptInMail]:
    """Mails whose link still works, to the address of the row around."""
    rows = OptInMail.objects.filter(address_hash=OuterRef(hash_field))
    return rows.filter(sent_at__gt=before)
