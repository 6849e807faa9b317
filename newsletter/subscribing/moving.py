"""A reader's mails go to another address, once its mailbox has agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from newsletter.errors import AddressTakenError, LinkUsedError
from newsletter.models import (
    AddressChange,
    Consent,
    Subscriber,
    Subscription,
    address_hash,
)
from newsletter.subscribing import mails, suppressions, wording
from newsletter.subscribing.consents import Asked, Place, record

State = Subscription.State


@transaction.atomic
def ask_change(*, subscriber: Subscriber, new: str, at: datetime) -> AddressChange:
    """Ask the new mailbox; nothing changes before it agrees.

    `new` has passed the address check. Whoever asks learns nothing about it.
    """
    change = AddressChange.objects.create(
        subscriber=subscriber, old=subscriber.address, new=new, asked_at=at
    )
    mails.send_new_address(change=change)
    return change


@transaction.atomic
def confirm_change(*, change: AddressChange, where: Place, at: datetime) -> None:
    """Move to the new address and tell the old one; twice changes nothing.

    The new mailbox's own yes lifts what kept it from being written to, and what its
    owner had left stays left. Raises `LinkUsedError` where it was undone or the address
    has changed since, `AddressTakenError` where another reader has it.
    """
    change, subscriber = _locked(change)
    if change.undone_at or not subscriber.address:
        raise LinkUsedError
    if change.done_at:
        return
    if subscriber.address != change.old:
        raise LinkUsedError
    _move(subscriber, change.new, Asked(wording.ADDRESS, where, at))
    change.done_at = at
    change.save(update_fields=["done_at"])
    mails.send_address_changed(change=change)


@transaction.atomic
def undo_change(*, change: AddressChange, where: Place, at: datetime) -> None:
    """Back to the former address, which asks for it; twice changes nothing.

    Raises as `confirm_change`.
    """
    change, subscriber = _locked(change)
    if not change.done_at:
        raise LinkUsedError
    if change.undone_at:
        return
    if subscriber.address != change.new:
        raise LinkUsedError
    _move(subscriber, change.old, Asked(wording.FORMER_ADDRESS, where, at))
    change.undone_at = at
    change.save(update_fields=["undone_at"])


def _locked(change: AddressChange) -> tuple[AddressChange, Subscriber]:
    rows = Subscriber.objects.select_for_update(of=("self",))
    subscriber = rows.get(pk=change.subscriber_id)
    return AddressChange.objects.get(pk=change.pk), subscriber


def _move(subscriber: Subscriber, address: str, asked: Asked) -> None:
    others = Subscriber.objects.exclude(pk=subscriber.pk)
    if others.filter(address_hash=address_hash(address)).exists():
        raise AddressTakenError("another reader has this address")
    subscriber.address = address
    if subscriber.health in {Subscriber.Health.BOUNCED, Subscriber.Health.HELD}:
        subscriber.health = Subscriber.Health.OK
    subscriber.save(update_fields=["address", "health"])
    for row in subscriber.subscriptions.select_related("newsletter"):
        row.subscriber = subscriber
        if row.state in {State.ACTIVE, State.PAUSED}:
            suppressions.lift(subscription=row)
            record(row, Consent.Kind.CHANGED, asked)
        elif row.state == State.UNSUBSCRIBED:
            suppressions.add(
                subscriber=subscriber, newsletter=row.newsletter, at=asked.at
            )
