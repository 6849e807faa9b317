"""What the bench does in processes of the site: `python -m bench.mail.inside STEP …`.

    fill N           N confirmed readers of the newsletter `of-N`, in two languages
    freeze N         plan and start a sending to them
    send ID          what a worker does, until nothing is left for it
    counts ID        what became of it
    mails ID FOLDER  write a mail of each language, as it goes over the wire

Each prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.mail.letter import letter  # noqa: E402
from newsletter.delivery.message import Wire  # noqa: E402
from newsletter.dispatching import actions, running  # noqa: E402
from newsletter.dispatching.links import links_in  # noqa: E402
from newsletter.models import (  # noqa: E402
    Dispatch,
    Newsletter,
    Subscriber,
    Subscription,
    address_hash,
)

LANGUAGES = ("es", "en")
ROWS_AT_ONCE = 10_000
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "16"))


def fill(count: int) -> dict[str, Any]:
    """Readers, at once: as many as are not there yet."""
    newsletter, is_new = Newsletter.objects.get_or_create(
        key=f"of-{count}",
        defaults={
            "name_es": "Boletín",
            "name_en": "Newsletter",
            "from_address": "news@pregon.example",
            "connections": CONNECTIONS,
        },
    )
    if is_new:
        _fill(newsletter, count)
    return {"readers": newsletter.subscriptions.count()}


def _fill(newsletter: Newsletter, count: int) -> None:
    for numbers in _parts(range(Subscriber.objects.count(), count)):
        Subscriber.objects.bulk_create(map(_reader, numbers))
    people = Subscriber.objects.order_by("pk").values_list("pk", flat=True)[:count]
    for some in _parts(list(people)):
        Subscription.objects.bulk_create(_yes(newsletter, person) for person in some)
    with connection.cursor() as cursor:  # what autovacuum does within a minute
        cursor.execute("ANALYZE")


def _parts(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _reader(number: int) -> Subscriber:
    address = f"reader-{number}@lectores.example"
    return Subscriber(
        address=address,
        address_hash=address_hash(address),
        language=LANGUAGES[number % len(LANGUAGES)],
    )


def _yes(newsletter: Newsletter, person: int) -> Subscription:
    return Subscription(
        subscriber_id=person,
        newsletter=newsletter,
        state=Subscription.State.ACTIVE,
        confirmed_at=timezone.now(),
    )


def freeze(count: int) -> dict[str, Any]:
    """Plan a sending and set it going; how long the planning took."""
    newsletter = Newsletter.objects.get(key=f"of-{count}")
    dispatch = actions.create_dispatch(newsletter=newsletter, title="Bench")
    links_in("es")  # a web process has read the site's addresses long ago
    began = time.perf_counter()
    editions = {language: letter(language) for language in LANGUAGES}
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    planned_s = time.perf_counter() - began
    actions.start_dispatch(dispatch_id=dispatch.pk)
    return {"dispatch": dispatch.pk, "planned_s": planned_s, "peak_mb": _peak_mb()}


def send(dispatch_id: int) -> dict[str, Any]:
    """Send as a worker does that is woken again as long as there is more."""
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    while running.run_sender(dispatch_id):
        pass
    return {"peak_mb": _peak_mb()}


def counts(dispatch_id: int) -> dict[str, Any]:
    """The sending's state, and how many deliveries are in which."""
    dispatch = Dispatch.objects.get(pk=dispatch_id)
    return {"state": dispatch.state, **actions.counts(dispatch)}


def mails(dispatch_id: int, folder: str) -> dict[str, Any]:
    """Files `<language>.mail` for `limit`."""
    value = b"x" * 45
    for edition in Dispatch.objects.get(pk=dispatch_id).editions.all():
        wire = Wire.from_json(edition.wire)
        content = wire.fill(dict.fromkeys(wire.slots, value))
        Path(folder, f"{edition.language}.mail").write_bytes(b"".join(content))
    return {}


def _peak_mb() -> float:
    """The most memory this process has held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


STEPS = {step.__name__: step for step in (fill, freeze, send, counts, mails)}

if __name__ == "__main__":
    name, number, *rest = sys.argv[1:]
    print(json.dumps(STEPS[name](int(number), *rest)))
