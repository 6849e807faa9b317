"""What a test has done in its site, in one process that waits for its orders.

`manage.py shell` runs `obey`: to start Django for each order would take seconds.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from django.core.management import call_command
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from newsletter.dispatching import actions, running
from newsletter.models import (
    Chunk,
    Delivery,
    Dispatch,
    Newsletter,
    Subscriber,
    Subscription,
)
from newsletter.models.people import address_hash
from tests.newsletter.sending import EDITIONS, a_newsletter


def obey() -> None:
    """Answer each line, the name of a function and its arguments, with what it says.

    The answer is null while the database cannot be asked.
    """
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        close_old_connections()
        try:
            answer = globals()[name](*arguments)
        except OperationalError:
            answer = None
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def make_readers(count: int, connections: int) -> None:
    """One newsletter with readers in both languages."""
    call_command("migrate", verbosity=0)
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


def state_of(dispatch: int) -> str:
    return Dispatch.objects.get(pk=dispatch).state


def ledger_of(dispatch: int) -> dict[str, str]:
    """Address → where it stands."""
    rows = Delivery.objects.filter(dispatch=dispatch).with_standing()
    return dict(rows.values_list("subscriber__address", "standing"))


def claimants_of(dispatch: int) -> list[str]:
    """The workers that sent chunks."""
    rows = Chunk.objects.filter(dispatch=dispatch).order_by()
    return list(rows.values_list("worker", flat=True).distinct())


def whereabouts(dispatch: int) -> str:
    """What a sending that does not end waits for."""
    found = Dispatch.objects.get(pk=dispatch)
    chunks = Chunk.objects.filter(dispatch=dispatch).exclude(state=Chunk.State.DONE)
    columns = ("number", "state", "epoch", "worker", "lease_until")
    standing = Counter(ledger_of(dispatch).values())
    held = [f"{row}" for row in chunks.values_list(*columns)]
    return "\n".join([f"{found.state} {found.failure} {dict(standing)}", *held])


def let_retry() -> int:
    """Whoever is to be tried again is due now, not in minutes."""
    rows = Delivery.objects.filter(state=Delivery.State.RETRY)
    return rows.filter(next_at__gt=timezone.now()).update(next_at=timezone.now())


def expire_leases() -> int:
    """Let all leases run out and have beat come by; returns how many there were."""
    Chunk.objects.leased().update(lease_until=timezone.now())
    return running.expire_leases(timezone.now())
