"""What belongs to a reader: to see all that is known of them, and to be forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from mail.actions import forget_mails_to
from newsletter.models import (
    AddressChange,
    Consent,
    Delivery,
    OptInMail,
    Subscriber,
    Subscription,
)
from newsletter.subscribing import actions, suppressions, wording
from newsletter.subscribing.consents import Asked, Place, record
from newsletter.subscribing.nameless import forget_in_log
from newsletter.subscribing.names import name_in, topics_of

PROOF = ("newsletter", "language")  # what stays of an answer


def data_of(subscriber: Subscriber) -> dict[str, Any]:
    """All that is kept about a reader, fit for JSON; times are ISO 8601."""
    subscriptions = subscriber.subscriptions.select_related("newsletter").order_by("pk")
    consents = subscriber.consents.order_by("pk")
    return {
        "address": subscriber.address,
        "language": subscriber.language,
        "address_is": subscriber.health,
        "known_since": subscriber.created_at,
        "newsletters": [_subscription(row, subscriber) for row in subscriptions],
        "consents": [_consent(row) for row in consents],
        "mails": _mails(subscriber),
        "changes_of_address": list(
            subscriber.address_changes.values("new", "asked_at", "done_at", "undone_at")
        ),
    }


def _subscription(row: Subscription, subscriber: Subscriber) -> dict[str, Any]:
    row.subscriber = subscriber
    return {
        "newsletter": name_in(row.newsletter, subscriber.language),
        "state": row.state,
        "frequency": row.frequency,
        "follows": topics_of(row),
        "asked_at": row.created_at,
        "confirmed_at": row.confirmed_at,
        "paused_until": row.paused_until,
        "left_at": row.left_at,
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "shown": row.shown_text,
        "language": row.language,
        "where": row.where,
        "answer": row.answer,
        "at": row.at,
    }


def _mails(subscriber: Subscriber) -> list[dict[str, Any]]:
    rows = Delivery.objects.to(subscriber).with_standing().order_by("dispatch")
    found = rows.values_list("edition__subject", "standing", "went_at")
    return [{"subject": s, "state": state, "at": at} for s, state, at in found]


@transaction.atomic
def erase(*, subscriber: Subscriber, where: Place, at: datetime) -> None:
    """Forget a reader: no mail, no address, no interest; twice changes nothing.

    What stays is that somebody was sent to and agreed, for the counts and as proof,
    and a keyed hash of the address, so that no import brings it back.
    """
    # Not its key: who leaves at this moment holds a subscription and points here.
    rows = Subscriber.objects.select_for_update(of=("self",), no_key=True)
    subscriber = rows.get(pk=subscriber.pk)
    if not subscriber.address:
        return
    for row in subscriber.subscriptions.select_related("newsletter", "subscriber"):
        actions.unsubscribe(subscription=row, where=where, version=wording.ERASE, at=at)
        row.projects.clear()
        row.countries.clear()
        record(row, Consent.Kind.ERASED, Asked(wording.ERASE, where, at))
    suppressions.add_erased(subscriber=subscriber, at=at)
    _forget(subscriber)


def _forget(subscriber: Subscriber) -> None:
    forget_mails_to(subscriber.address)
    OptInMail.objects.filter(address_hash=subscriber.address_hash).delete()
    AddressChange.objects.filter(
        Q(subscriber=subscriber) | Q(new__iexact=subscriber.address)
    ).delete()
    # A proof is never changed, but what they follow and where they sat is theirs.
    for row in Consent.objects.filter(subscriber=subscriber):
        known = {name: row.answer.get(name) for name in PROOF}
        Consent.objects.filter(pk=row.pk).update(answer=known, network_hash="")
    forget_in_log([subscriber.pk])
    subscriber.address, subscriber.health = None, Subscriber.Health.ERASED
    subscriber.save(update_fields=["address", "health"])
