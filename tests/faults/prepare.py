"""Readers and sendings in a site of its own; run by `manage.py shell` in a test."""

from __future__ import annotations

from django.utils import timezone

from newsletter.dispatching import actions
from newsletter.models import Newsletter, Subscriber, Subscription
from newsletter.models.people import address_hash
from tests.newsletter.sending import EDITIONS, a_newsletter


def make_readers(count: int, connections: int) -> None:
    """One newsletter with readers in both languages."""
    newsletter = a_newsletter(connections=connections)
    addresses = [f"r{number}@lectores.example" for number in range(count)]
    people = Subscriber.objects.bulk_create(
        Subscriber(
            address=address,
            address_hash=address_hash(address),
            language=["es", "en"][number % 2],
        )
        for number, address in enumerate(addresses)
    )
    now = timezone.now()
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=each, newsletter=newsletter, state="active", confirmed_at=now
        )
        for each in people
    )


def start_sending(chunk_size: int) -> int:
    """A dispatch to all readers, on its way; returns its number."""
    dispatch = actions.create_dispatch(
        newsletter=Newsletter.objects.get(), title="Noviembre"
    )
    actions.freeze_dispatch(
        dispatch_id=dispatch.pk, editions=EDITIONS, chunk_size=chunk_size
    )
    return actions.start_dispatch(dispatch_id=dispatch.pk).pk
