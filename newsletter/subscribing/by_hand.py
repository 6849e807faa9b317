"""Adding a reader who has agreed on paper or in person, with the proof noted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from newsletter.errors import AlreadySubscribedError, SuppressedError
from newsletter.models import (
    Consent,
    Frequency,
    Newsletter,
    Subscriber,
    Subscription,
)
from newsletter.subscribing import suppressions, wording
from newsletter.subscribing.actions import (
    SUBSCRIBED,
    choose_interests,
    locked_subscriber,
    speak_first,
)
from newsletter.subscribing.consents import Asked, Place, record
from topics.models import CountryPage, ProjectPage

State = Subscription.State


@transaction.atomic
def add_by_hand(
    *,
    address: str,
    newsletter: Newsletter,
    language: str,
    projects: Iterable[ProjectPage],
    countries: Iterable[CountryPage],
    frequency: Frequency,
    proof: str,
    agreed_on: date,
    where: Place,
    by: Any,
    at: datetime,
) -> Subscription:
    """Subscribe a checked address; `proof` says how its owner agreed, and when.

    Raises `SuppressedError` for whoever left, bounced, complained or was erased: only
    the owner comes back, by signing up. Raises `AlreadySubscribedError`.
    """
    subscriber = locked_subscriber(address, language, at)
    subscription, _new = Subscription.objects.get_or_create(
        subscriber=subscriber, newsletter=newsletter, defaults={"created_at": at}
    )
    if _is_refused(subscriber, subscription):
        text = _(
            "This address left or asked not to be written to, or mail does not reach"
            " it. Only its owner can bring it back, with the sign-up form."
        )
        raise SuppressedError(text)
    if subscription.state in SUBSCRIBED:
        raise AlreadySubscribedError(_("They are subscribed already."))
    choose_interests(subscription, projects, countries, frequency)
    speak_first(subscription, language)
    subscription.move_to(State.ACTIVE, confirmed_at=at)
    noted = {"proof": proof, "agreed_on": agreed_on.isoformat()}
    asked = Asked(wording.BY_HAND, where, at, wanted=language)
    record(subscription, Consent.Kind.ADDED, asked, **noted)
    log(instance=subscriber, action="newsletter.add_subscriber", user=by)
    return subscription


def _is_refused(subscriber: Subscriber, subscription: Subscription) -> bool:
    has_left = subscription.state == State.UNSUBSCRIBED or subscription.left_at
    is_ill = subscriber.health != Subscriber.Health.OK
    return bool(has_left or is_ill or suppressions.stands(subscription))
