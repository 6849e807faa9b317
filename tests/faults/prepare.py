"""A started sending in a site of its own; run by `manage.py shell` in a test."""

from __future__ import annotations

from django.utils import timezone

from newsletter.dispatching import actions
from newsletter.models import Newsletter, Subscriber, Subscription
from tests.newsletter.sending import EDITIONS, a_newsletter


def start_sending(recipients: int, chunk_size: int, connections: int) -> int:
    """Readers in both languages and a dispatch on its way; returns its number."""
    newsletter = a_newsletter(connections=connections)
    _subscribe(newsletter, recipients)
    dispatch = actions.create_dispatch(newsletter=newsletter, title="Noviembre")
    actions.freeze_dispatch(
        dispatch_id=dispatch.pk, editions=EDITIONS, chunk_size=chunk_size
    )
    return actions.start_dispatch(dispatch_id=dispatch.pk).pk


def _subscribe(newsletter: Newsletter, recipients: int) -> None:
    for number in range(recipients):
        subscriber = Subscriber.objects.create(
            address=f"r{number}@lectores.example", language=["es", "en"][number % 2]
        )
        Subscription.objects.create(
            subscriber=subscriber,
            newsletter=newsletter,
            state="active",
            confirmed_at=timezone.now(),
        )
