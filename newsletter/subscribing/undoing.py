"""A reader takes back what they changed last, for half an hour.

Every change leaves a proof behind with what was chosen by then, so the last two say
what the last change was. Only that is undone: what others changed since stays, as the
merging of two countries. Leaving has its own way back: `actions.resubscribe`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from newsletter.errors import LinkExpiredError
from newsletter.models import Consent, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import (
    UNDO_PERIOD,
    locked_subscribed,
    speak,
)
from newsletter.subscribing.consents import Asked, Place, record
from newsletter.subscribing.forms import TOPICS

OWN_WAY_BACK = (wording.TAKE_BACK, *wording.CAME_BACK)
Answer = dict[str, Any]
CHANGES = (Consent.Kind.CHANGED, Consent.Kind.PAUSED, Consent.Kind.RESUMED)


def can_undo(*, subscription: Subscription, at: datetime) -> bool:
    """Whether there is a change of the last half hour to take back."""
    return _last_change(subscription, at) is not None


@transaction.atomic
def undo_change(
    *, subscription: Subscription, where: Place, at: datetime
) -> Subscription:
    """Choose again what was chosen before the last change.

    Raises `LinkExpiredError` where that is longer ago, or was taken back already, and
    `LinkUsedError` where nobody is subscribed.
    """
    subscription = locked_subscribed(subscription)
    if (change := _last_change(subscription, at)) is None:
        raise LinkExpiredError
    _take_back(subscription, *change)
    record(subscription, Consent.Kind.CHANGED, Asked(wording.TAKE_BACK, where, at))
    return subscription


def _last_change(
    subscription: Subscription, at: datetime
) -> tuple[Answer, Answer] | None:
    """What was chosen before the last change, and by it; None if it is over."""
    last, *earlier = subscription.consents.order_by("-pk")[:2] or [None]
    if last is None or not earlier or last.kind not in CHANGES:
        return None
    if last.text_version in OWN_WAY_BACK or last.at <= at - UNDO_PERIOD:
        return None
    return earlier[0].answer, last.answer


def _take_back(subscription: Subscription, before: Answer, after: Answer) -> None:
    if before.get("paused_until") != after.get("paused_until"):
        until = before.get("paused_until")
        subscription.paused_until = datetime.fromisoformat(until) if until else None
    # Proofs of before there were digests say nothing of it.
    known = "frequency" in before
    if known and before["frequency"] != after.get("frequency"):
        subscription.frequency = before["frequency"]
    subscription.save(update_fields=["paused_until", "frequency"])
    if before["language"] != after["language"]:
        speak(subscription.subscriber, before["language"])
    for name, model in TOPICS.items():
        rows, old, new = getattr(subscription, name), before[name], after[name]
        rows.remove(*{*new} - {*old})
        rows.add(*model.objects.filter(pk__in={*old} - {*new}))
