"""A reader's mails go to another mailbox: asked by one, agreed by the other.

The new mailbox gets subscriptions of its own, as if it had signed up, and the former
one leaves; so no link of either ever speaks for the other. The former one is told, and
can take it back for a week, whatever the new one did meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from newsletter.errors import LinkUsedError
from newsletter.models import (
    AddressChange,
    Consent,
    Frequency,
    Subscriber,
    Subscription,
    address_hash,
)
from newsletter.subscribing import mails, suppressions, wording
from newsletter.subscribing.actions import (
    SUBSCRIBED,
    choose_interests,
    leave,
    note_asking,
)
from newsletter.subscribing.consents import Asked, Place, record

State = Subscription.State


@transaction.atomic
def ask_change(*, subscriber: Subscriber, new: str, at: datetime) -> None:
    """Ask a new mailbox; `new` has passed the address check.

    The caller learns nothing of it. Nobody is asked more often than by a sign-up.
    """
    digest = address_hash(new)
    people = Subscriber.objects.select_for_update(no_key=True).order_by()
    subscriber = people.get(pk=subscriber.pk)
    is_other = subscriber.address and subscriber.address_hash != digest
    if is_other and note_asking(digest, at):
        change = AddressChange.objects.create(
            subscriber=subscriber, new=new, asked_at=at
        )
        mails.send_new_address(change=change)


@transaction.atomic
def confirm_change(*, change: AddressChange, where: Place, at: datetime) -> None:
    """Subscribe the new mailbox to all that the former one gets, which then leaves.

    Twice changes nothing. Raises `LinkUsedError` where the former one has left by
    itself meanwhile, or took it back.
    """
    change, former, new = _held(change, at)
    if change.undone_at:
        raise LinkUsedError
    if change.done_at:
        return
    rows = _subscriptions(former).filter(state__in=SUBSCRIBED)
    if not (former.address and rows):
        raise LinkUsedError
    change.moved = [_move(row, new, where, at) for row in rows]
    change.done_at = at
    change.save(update_fields=["moved", "done_at"])
    mails.send_address_changed(change=change)


@transaction.atomic
def undo_change(*, change: AddressChange, where: Place, at: datetime) -> None:
    """Give the former mailbox back what it had; what the new one got by it ends.

    Twice changes nothing. Raises `LinkUsedError` for what was not done.
    """
    change, former, new = _held(change, at)
    if change.undone_at:
        return
    if not (change.done_at and former.address):
        raise LinkUsedError
    theirs, own = (_by_number(_subscriptions(person)) for person in (new, former))
    for number, twin, state, is_new in change.moved:
        row, other = own.get(number), theirs.get(twin)
        if is_new and other and other.state in SUBSCRIBED:
            leave(other, where, wording.FORMER_ADDRESS, at)
        # Not who has come back, or left once more, by themselves.
        if row and row.state == State.UNSUBSCRIBED and row.left_at == change.done_at:
            _give_back(row, state, where, at)
    change.undone_at = at
    change.save(update_fields=["undone_at"])


def _held(
    change: AddressChange, at: datetime
) -> tuple[AddressChange, Subscriber, Subscriber]:
    """The change, the former mailbox and the new one, ours until the end.

    People first, as who is erased at this moment holds them.
    """
    former, new = _both(change, at)
    rows = AddressChange.objects.select_for_update(of=("self",))
    found = rows.select_related("subscriber").filter(pk=change.pk).first()
    if found is None:
        raise LinkUsedError
    return found, former, new


def _both(change: AddressChange, at: datetime) -> tuple[Subscriber, Subscriber]:
    """The former mailbox and the new one, always held in one order."""
    known = {"address": change.new, "created_at": at}
    new, _is_new = Subscriber.objects.get_or_create(
        address_hash=address_hash(change.new),
        defaults={**known, "language": change.subscriber.language},
    )
    people = Subscriber.objects.select_for_update(no_key=True).order_by("pk")
    held = {
        each.pk: each for each in people.filter(pk__in=[change.subscriber_id, new.pk])
    }
    return held[change.subscriber_id], held[new.pk]


def _subscriptions(subscriber: Subscriber) -> QuerySet[Subscription]:
    rows = Subscription.objects.select_for_update(of=("self",)).order_by("pk")
    mine = rows.filter(subscriber=subscriber)
    return mine.select_related("subscriber", "newsletter")


def _by_number(rows: Iterable[Subscription]) -> dict[int, Subscription]:
    return {row.pk: row for row in rows}


def _move(
    row: Subscription, new: Subscriber, where: Place, at: datetime
) -> tuple[int, int, str, bool]:
    """One newsletter; the numbers of both subscriptions, and what there was before."""
    twin, _is_new = Subscription.objects.get_or_create(
        subscriber=new, newsletter=row.newsletter, defaults={"created_at": at}
    )
    twin.subscriber, state = new, row.state
    if is_new := twin.state not in SUBSCRIBED:
        begun = {"confirmed_at": at, "left_at": None, "paused_until": row.paused_until}
        twin.move_to(State.ACTIVE, **begun)
        if state == State.PAUSED:
            twin.move_to(State.PAUSED)
        topics = row.projects.all(), row.countries.all()
        choose_interests(twin, *topics, Frequency(row.frequency))
        suppressions.lift(subscription=twin)
        record(twin, Consent.Kind.CONFIRMED, Asked(wording.ADDRESS, where, at))
    leave(row, where, wording.ADDRESS, at)
    return row.pk, twin.pk, str(state), is_new


def _give_back(row: Subscription, state: str, where: Place, at: datetime) -> None:
    row.move_to(State.ACTIVE, left_at=None)
    if state == State.PAUSED:
        row.move_to(State.PAUSED)
    suppressions.lift(subscription=row, only_left=True)
    record(row, Consent.Kind.RESUMED, Asked(wording.FORMER_ADDRESS, where, at))
