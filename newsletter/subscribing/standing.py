"""Where an address stands, for operators and support."""

from __future__ import annotations

from django.db.models import Q

from newsletter.models import (
    Newsletter,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)

NONE = "none"
State = Subscription.State
Reason = Suppression.Reason
STRONGEST_FIRST = (State.ACTIVE, State.PAUSED, State.PENDING, State.UNSUBSCRIBED)
ILLNESSES = (
    Subscriber.Health.BOUNCED,
    Subscriber.Health.COMPLAINED,
    Subscriber.Health.ERASED,
)


def standing_of(address: str, newsletter: Newsletter | None = None) -> str:
    """One word: the address's trouble if there is one, else its strongest state."""
    digest = address_hash(address.encode(errors="replace").decode())
    subscriber = Subscriber.objects.filter(address_hash=digest).first()
    reasons = _suppressions(digest, newsletter)
    if subscriber and subscriber.health in ILLNESSES:
        return str(subscriber.health)
    state = _strongest(subscriber, newsletter) if subscriber else NONE
    if state == State.PENDING:
        return state
    return _overruled(state, reasons)


def _suppressions(digest: str, newsletter: Newsletter | None) -> set[str]:
    rows = Suppression.objects.filter(address_hash=digest)
    if newsletter:
        rows = rows.filter(Q(newsletter=None) | Q(newsletter=newsletter))
    return set(rows.values_list("reason", flat=True))


def _strongest(subscriber: Subscriber, newsletter: Newsletter | None) -> str:
    rows = subscriber.subscriptions.all()
    if newsletter:
        rows = rows.filter(newsletter=newsletter)
    states = {row.state_by_now for row in rows}
    return next((str(state) for state in STRONGEST_FIRST if state in states), NONE)


def _overruled(state: str, reasons: set[str]) -> str:
    """What a suppression makes of a state; leaving one newsletter ends no other."""
    for reason in (Reason.COMPLAINED, Reason.BOUNCED, Reason.ERASED):
        if reason in reasons:
            return str(reason)
    if state == NONE and Reason.LEFT in reasons:
        return str(State.UNSUBSCRIBED)
    return state
