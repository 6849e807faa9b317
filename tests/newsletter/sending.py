"""A newsletter, readers and a frozen dispatch for the tests of sending."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from newsletter.composing.scheduling import due_dispatches, start_scheduled
from newsletter.delivery.fakes import RecordingTransport
from newsletter.dispatching import actions, running
from newsletter.dispatching.freeze import Layout
from newsletter.models import Dispatch, Newsletter, Subscriber, Subscription


@dataclass(frozen=True)
class Content:
    """The least an edition can be."""

    subject: str = "Noviembre"
    preheader: str = "Lo nuevo"
    html: str = '<p>Hola</p><a href="{{unsubscribe_url}}">Baja</a>'
    text: str = "Hola\n\nBaja: {{unsubscribe_url}}\nPreferencias: {{preferences_url}}\n"
    story_ids: list[int] = field(default_factory=list)
    is_empty: bool = False
    layout: Layout | None = None


EDITIONS = {
    "es": Content(),
    "en": Content(
        "November", "What is new", text="Hello\n\nLeave: {{unsubscribe_url}}\n"
    ),
}


def a_newsletter(**values) -> Newsletter:
    known = {
        "key": "general",
        "name_es": "Boletín general",
        "name_en": "General newsletter",
        "sender_name_es": "Centro Andino – boletín",
        "sender_name_en": "Andean Centre",
        "from_address": "boletin@pregon.example",
        "reply_to": "hola@pregon.example",
        "postal_address": "Calle 1, Lima",
    }
    return Newsletter.objects.create(**known | values)


def a_reader(newsletter: Newsletter, name: str, lang: str = "es", **values):
    """A confirmed subscription; `health` belongs to the subscriber."""
    subscriber = Subscriber.objects.create(
        address=f"{name}@lectores.example",
        language=lang,
        health=values.pop("health", "ok"),
    )
    known = {"state": "active", "confirmed_at": timezone.now()}
    return Subscription.objects.create(
        subscriber=subscriber, newsletter=newsletter, **known | values
    )


def readers(newsletter: Newsletter, count: int, lang: str = "es"):
    return [a_reader(newsletter, f"{lang}{number}", lang) for number in range(count)]


def frozen(newsletter: Newsletter, editions=None, chunk_size: int = 500) -> Dispatch:
    dispatch = actions.create_dispatch(newsletter=newsletter, title="Noviembre")
    return actions.freeze_dispatch(
        dispatch_id=dispatch.pk, editions=editions or EDITIONS, chunk_size=chunk_size
    )


def started(newsletter: Newsletter, **options) -> Dispatch:
    return actions.start_dispatch(dispatch_id=frozen(newsletter, **options).pk)


def begin_due() -> None:
    """As a worker begins the issues whose moment has come."""
    for number in due_dispatches(timezone.now()):
        start_scheduled(dispatch_id=number)


def begun() -> Dispatch:
    """The one sending there is, after that."""
    begin_due()
    return Dispatch.objects.get()


def run(dispatch: Dispatch, transport: RecordingTransport | None = None, budget_s=30):
    """One run of a worker; returns what it sent with."""
    transport = transport or RecordingTransport()
    running.run_sender(dispatch.pk, budget_s, transport)
    return transport


def counts_of(dispatch: Dispatch) -> dict[str, int]:
    """The counts that are not zero, after checking that they add up."""
    found = actions.counts(dispatch)
    dispatch.refresh_from_db()
    states = {
        name: n for name, n in found.items() if name not in {"audience", "excluded"}
    }
    assert sum(states.values()) == found["audience"] == dispatch.audience
    return {name: n for name, n in states.items() if n}
