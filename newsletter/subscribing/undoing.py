"""A reader takes back what they changed last, for half an hour.

Every change leaves a proof behind with what was chosen by then, so the proof before the
last one says what to go back to. Leaving has its own way back: `actions.resubscribe`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from newsletter.errors import LinkExpiredError
from newsletter.models import Consent, Frequency, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import (
    UNDO_PERIOD,
    choose_interests,
    locked_subscribed,
    speak,
)
from newsletter.subscribing.consents import Asked, Place, record
from topics.models import CountryPage, ProjectPage

CHANGES = (Consent.Kind.CHANGED, Consent.Kind.PAUSED, Consent.Kind.RESUMED)


def can_undo(*, subscription: Subscription, at: datetime) -> bool:
    """Whether there is a change of the last half hour to take back."""
    return _before(subscription, at) is not None


@transaction.atomic
def undo_change(
    *, subscription: Subscription, where: Place, at: datetime
) -> Subscription:
    """Choose again what was chosen before the last change.

    Raises `LinkExpiredError` where that is longer ago, or was taken back already, and
    `LinkUsedError` where nobody is subscribed.
    """
    subscription = locked_subscribed(subscription)
    before = _before(subscription, at)
    if before is None:
        raise LinkExpiredError
    _choose(subscription, before)
    record(subscription, Consent.Kind.CHANGED, Asked(wording.TAKE_BACK, where, at))
    return subscription


def _before(subscription: Subscription, at: datetime) -> dict[str, Any] | None:
    """The answer before the last one, where that one can be taken back."""
    last, *earlier = subscription.consents.order_by("-pk")[:2] or [None]
    if last is None or not earlier or last.kind not in CHANGES:
        return None
    if last.text_version == wording.TAKE_BACK or last.at <= at - UNDO_PERIOD:
        return None
    return earlier[0].answer


def _choose(subscription: Subscription, answer: dict[str, Any]) -> None:
    until = answer.get("paused_until")
    subscription.paused_until = datetime.fromisoformat(until) if until else None
    subscription.save(update_fields=["paused_until"])
    choose_interests(
        subscription,
        ProjectPage.objects.filter(pk__in=answer.get("projects", ())),
        CountryPage.objects.filter(pk__in=answer.get("countries", ())),
        Frequency(answer.get("frequency", Frequency.EACH)),
    )
    speak(subscription.subscriber, answer["language"])
