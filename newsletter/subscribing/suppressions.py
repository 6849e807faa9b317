"""Addresses that must not be written to: added on leaving, lifted by the owner only."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from newsletter.models import Newsletter, Subscriber, Subscription, Suppression


def add(*, subscriber: Subscriber, newsletter: Newsletter | None, at: datetime) -> None:
    """Remember that this address left; a graver reason that stands is kept."""
    if subscriber.address_hash:
        Suppression.objects.get_or_create(
            address_hash=subscriber.address_hash,
            newsletter=newsletter,
            defaults={"reason": Suppression.Reason.LEFT, "at": at},
        )


def add_erased(*, subscriber: Subscriber, at: datetime) -> None:
    """Remember, for every newsletter, that this address wanted to be forgotten."""
    if subscriber.address_hash:
        Suppression.objects.update_or_create(
            address_hash=subscriber.address_hash,
            newsletter=None,
            defaults={"reason": Suppression.Reason.ERASED, "at": at},
        )


def stands(subscription: Subscription) -> bool:
    """Whether this newsletter must not write to the reader's address."""
    rows = Suppression.objects.filter(
        Q(newsletter=None) | Q(newsletter=subscription.newsletter),
        address_hash=subscription.subscriber.address_hash,
    )
    return rows.exists()


def lift(*, subscription: Subscription, only_left: bool = False) -> None:
    """Allow mail again, after the owner's own confirmed yes.

    `only_left` leaves bounces and complaints alone: taking back a click proves less
    than following a link that has just arrived in the mailbox.
    """
    subscriber = subscription.subscriber
    rows = Suppression.objects.filter(
        Q(newsletter=None) | Q(newsletter=subscription.newsletter),
        address_hash=subscriber.address_hash,
    )
    if only_left:
        rows.filter(reason=Suppression.Reason.LEFT).delete()
        return
    rows.delete()
    if subscriber.health != Subscriber.Health.OK:
        subscriber.health = Subscriber.Health.OK
        subscriber.save(update_fields=["health"])
