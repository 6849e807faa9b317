"""A reader stops the mails for a while, and starts them again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from newsletter.models import Consent, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import locked_subscribed
from newsletter.subscribing.consents import Asked, Place, record

State = Subscription.State
LONGEST = timedelta(days=2 * 366)


@transaction.atomic
def pause(
    *, subscription: Subscription, until: date, where: Place, at: datetime
) -> Subscription:
    """Send nothing before that day, in the newsletter's time zone; then go on.

    Raises `LinkUsedError` where nobody is subscribed.
    """
    subscription = locked_subscribed(subscription)
    zone = subscription.newsletter.hours.zone
    subscription.paused_until = datetime.combine(until, time.min, zone)
    _go_on(subscription)
    record(subscription, Consent.Kind.PAUSED, Asked(wording.PAUSE, where, at))
    return subscription


@transaction.atomic
def resume(*, subscription: Subscription, where: Place, at: datetime) -> Subscription:
    """Send again from now on; twice changes nothing. Raises `LinkUsedError`."""
    subscription = locked_subscribed(subscription)
    if not subscription.is_away(at):
        return subscription
    subscription.paused_until = None
    _go_on(subscription)
    record(subscription, Consent.Kind.RESUMED, Asked(wording.RESUME, where, at))
    return subscription


def _go_on(subscription: Subscription) -> None:
    """Active, which `paused_until` holds back until its day."""
    until = {"paused_until": subscription.paused_until}
    if subscription.state == State.PAUSED:
        subscription.move_to(State.ACTIVE, **until)
    else:
        subscription.save(update_fields=["paused_until"])
