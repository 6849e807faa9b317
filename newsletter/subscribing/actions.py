"""What a reader does: ask, confirm, change preferences, leave, come back.

Every verb is one transaction, takes the row's lock first and leaves a `Consent` behind.
None of them says whether an address was known before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from newsletter.errors import LinkExpiredError, LinkUsedError
from newsletter.models import (
    Consent,
    Frequency,
    Newsletter,
    OptInMail,
    Subscriber,
    Subscription,
    address_hash,
)
from newsletter.subscribing import mails, suppressions, wording
from newsletter.subscribing.consents import Asked, Place, record
from topics.models import CountryPage, ProjectPage

OPT_IN_MAILS_AT_MOST = 2
OPT_IN_PERIOD = timedelta(days=14)
UNDO_PERIOD = timedelta(minutes=30)
State = Subscription.State
SUBSCRIBED = frozenset({State.ACTIVE, State.PAUSED})


@transaction.atomic
def request_subscription(
    *,
    address: str,
    newsletter: Newsletter,
    language: str,
    projects: Iterable[ProjectPage],
    countries: Iterable[CountryPage],
    frequency: Frequency,
    where: Place,
    network: str,
    at: datetime,
) -> None:
    """Ask an address to confirm, or tell it that it is subscribed already.

    `address` has passed the address check. The caller learns nothing: the answer on the
    page is the same for everyone, the difference is in the mailbox.
    """
    subscriber = locked_subscriber(address, language, at)
    subscription, _new = Subscription.objects.get_or_create(
        subscriber=subscriber, newsletter=newsletter, defaults={"created_at": at}
    )
    if subscription.state in SUBSCRIBED:
        mails.send_already_subscribed(subscription=subscription, at=at)
        return
    if subscription.state == State.UNSUBSCRIBED:
        subscription.move_to(State.PENDING, created_at=at, confirmed_at=None)
    choose_interests(subscription, projects, countries, frequency)
    speak_first(subscription, language)
    asked = Asked(wording.SIGN_UP, where, at, network, wanted=language)
    record(subscription, Consent.Kind.ASKED, asked)
    send_opt_in(subscription, at)


def locked_subscriber(address: str, language: str, at: datetime) -> Subscriber:
    """The mailbox's subscriber, made where there is none; ours until the end."""
    # Not its key: who confirms or leaves at this moment points here.
    rows = Subscriber.objects.select_for_update(no_key=True)
    found, _new = rows.get_or_create(
        address_hash=address_hash(address),
        defaults={"address": address, "language": language, "created_at": at},
    )
    return found


def choose_interests(
    subscription: Subscription,
    projects: Iterable[ProjectPage],
    countries: Iterable[CountryPage],
    frequency: Frequency,
) -> None:
    """Write what its reader follows, and how often they hear of it."""
    subscription.projects.set(projects)
    subscription.countries.set(countries)
    if subscription.frequency != frequency:
        subscription.frequency = frequency
        subscription.save(update_fields=["frequency"])


def speak_first(subscription: Subscription, language: str) -> None:
    """Write the reader's language, unless another newsletter has one."""
    subscriber = subscription.subscriber
    others = subscriber.subscriptions.filter(state__in=SUBSCRIBED)
    if subscriber.language != language and not others.exists():
        speak(subscriber, language)


def speak(subscriber: Subscriber, language: str) -> None:
    """Write the reader's language."""
    if subscriber.language != language:
        subscriber.language = language
        subscriber.save(update_fields=["language"])


def send_opt_in(
    subscription: Subscription, at: datetime, *, is_reminder: bool = False
) -> None:
    """Ask the owner of the address, unless they were asked twice in fourteen days."""
    if sent := note_asking(subscription.subscriber.address_hash, at):
        mails.send_opt_in(
            subscription=subscription, number=sent.pk, is_reminder=is_reminder
        )


def note_asking(digest: str, at: datetime) -> OptInMail | None:
    """Note that a mailbox is asked now; None where it was asked often enough."""
    recent = OptInMail.objects.filter(
        address_hash=digest, sent_at__gt=at - OPT_IN_PERIOD
    )
    if recent.count() >= OPT_IN_MAILS_AT_MOST:
        return None
    return OptInMail.objects.create(address_hash=digest, sent_at=at)


def _locked(subscription: Subscription) -> Subscription:
    """The same, ours until the transaction ends; its subscriber first, as always."""
    people = Subscriber.objects.select_for_update(no_key=True).order_by()
    people.get(pk=subscription.subscriber_id)
    rows = Subscription.objects.select_for_update(of=("self",))
    return rows.select_related("subscriber", "newsletter").get(pk=subscription.pk)


def locked_subscribed(subscription: Subscription) -> Subscription:
    """The same, ours until the transaction ends.

    Raises `LinkUsedError` where nobody is subscribed by it.
    """
    found = _locked(subscription)
    if found.state not in SUBSCRIBED:
        raise LinkUsedError
    return found


@transaction.atomic
def mail_preferences(*, digest: str, at: datetime) -> None:
    """Mail a reader, by their address's hash, the links to what they get.

    Nobody gets a mail who is not subscribed, or must not be written to.
    """
    people = Subscriber.objects.select_for_update(no_key=True).order_by()
    subscriber = people.filter(address_hash=digest).healthy().first()
    if not (digest and subscriber):
        return
    rows = Subscription.objects.with_suppression().filter(
        subscriber=subscriber, state__in=SUBSCRIBED, is_suppressed=False
    )
    found = list(rows.select_related("subscriber", "newsletter"))
    if found:
        mails.send_preferences(subscriptions=found, at=at)


@transaction.atomic
def mail_own_data(*, subscription: Subscription, at: datetime) -> None:
    """Mail a reader a link to all that is known of them, unless they were erased."""
    subscription = _locked(subscription)
    if subscription.subscriber.address:
        mails.send_own_data(subscription=subscription, at=at)


@transaction.atomic
def confirm(*, subscription: Subscription, where: Place, at: datetime) -> Subscription:
    """Make a pending subscription active; confirming twice changes nothing.

    The owner's own yes lifts what kept the address from being written to. Raises
    `LinkUsedError` once the reader has left again: old links bring nobody back.
    """
    subscription = _locked(subscription)
    if subscription.state in SUBSCRIBED:
        return subscription
    if subscription.state == State.UNSUBSCRIBED:
        raise LinkUsedError
    subscription.move_to(State.ACTIVE, confirmed_at=at, left_at=None, paused_until=None)
    suppressions.lift(subscription=subscription)
    _record(subscription, Consent.Kind.CONFIRMED, wording.CONFIRM, where, at)
    if subscription.newsletter.welcomes:
        mails.send_welcome(subscription=subscription, at=at)
    return subscription


@transaction.atomic
def unsubscribe(
    *, subscription: Subscription, where: Place, version: str, at: datetime
) -> Subscription:
    """End one subscription; leaving twice changes nothing."""
    subscription = _locked(subscription)
    if subscription.state != State.UNSUBSCRIBED:
        leave(subscription, where, version, at)
    return subscription


@transaction.atomic
def leave_all(*, subscriber: Subscriber, where: Place, at: datetime) -> None:
    """End every subscription of this reader and keep imports from starting new ones."""
    for subscription in Subscription.objects.filter(subscriber=subscriber):
        unsubscribe(
            subscription=subscription, where=where, version=wording.LEAVE, at=at
        )
    suppressions.add(subscriber=subscriber, newsletter=None, at=at)


def leave(subscription: Subscription, where: Place, version: str, at: datetime) -> None:
    """End a subscription that the caller holds."""
    subscription.move_to(State.UNSUBSCRIBED, left_at=at)
    suppressions.add(
        subscriber=subscription.subscriber, newsletter=subscription.newsletter, at=at
    )
    _record(subscription, Consent.Kind.LEFT, version, where, at)


@transaction.atomic
def resubscribe(
    *, subscription: Subscription, where: Place, at: datetime
) -> Subscription:
    """Take back a leaving of the last half hour; twice changes nothing.

    Raises `LinkExpiredError` when it is longer ago or never was confirmed.
    """
    subscription = _locked(subscription)
    if subscription.state in SUBSCRIBED:
        return subscription
    if not can_resubscribe(subscription=subscription, at=at):
        raise LinkExpiredError
    subscription.move_to(State.ACTIVE, left_at=None)
    suppressions.lift(subscription=subscription, only_left=True)
    _record(subscription, Consent.Kind.RESUMED, wording.UNDO, where, at)
    return subscription


def can_resubscribe(*, subscription: Subscription, at: datetime) -> bool:
    """Whether leaving can still be taken back: confirmed once, left just now."""
    left_at = subscription.left_at
    if subscription.state != State.UNSUBSCRIBED or not subscription.confirmed_at:
        return False
    if not subscription.subscriber.address:
        return False  # erased, for good
    return left_at is not None and left_at > at - UNDO_PERIOD


@transaction.atomic
def update_preferences(
    *,
    subscription: Subscription,
    language: str,
    projects: Iterable[ProjectPage],
    countries: Iterable[CountryPage],
    frequency: Frequency,
    where: Place,
    at: datetime,
) -> Subscription:
    """Write language, interests and frequency of someone who is subscribed.

    Raises `LinkUsedError` where nobody is: preferences are no way back in.
    """
    subscription = locked_subscribed(subscription)
    choose_interests(subscription, projects, countries, frequency)
    speak(subscription.subscriber, language)
    _record(subscription, Consent.Kind.CHANGED, wording.PREFERENCES, where, at)
    return subscription


@transaction.atomic
def slow_down(
    *, subscription: Subscription, frequency: Frequency, where: Place, at: datetime
) -> Subscription:
    """Write less often to someone who is subscribed. Raises `LinkUsedError`."""
    subscription = locked_subscribed(subscription)
    subscription.frequency = frequency
    subscription.save(update_fields=["frequency"])
    _record(subscription, Consent.Kind.CHANGED, wording.LESS_OFTEN, where, at)
    return subscription


def _record(
    subscription: Subscription, kind: str, version: str, where: Place, at: datetime
) -> None:
    record(subscription, kind, Asked(version, where, at))
