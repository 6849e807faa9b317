"""The personal links of readers: their purposes, how long they live, whose they are.

A token names a subscription by number and is bound to one purpose; it holds no address.
One key opens unsubscribing both by page and by one click.
"""

from __future__ import annotations

from datetime import timedelta

from guards import tokens
from newsletter.errors import LinkExpiredError, LinkInvalidError, LinkUsedError
from newsletter.models import AddressChange, Subscriber, Subscription
from newsletter.subscribing.paths import one_click_url, url_to

CONFIRM = "confirm"
PREFERENCES = "preferences"
LEAVE = "leave"
OWN_DATA = "own-data"  # in a mail of its own: other mails are passed on
NEW_ADDRESS = "new-address"
FORMER_ADDRESS = "former-address"
CONFIRM_WITHIN = timedelta(days=14)
UNDO_ADDRESS_WITHIN = timedelta(days=7)
LIFETIMES = {
    CONFIRM: CONFIRM_WITHIN,
    PREFERENCES: None,
    LEAVE: None,
    OWN_DATA: timedelta(days=1),
    NEW_ADDRESS: CONFIRM_WITHIN,
    FORMER_ADDRESS: UNDO_ADDRESS_WITHIN,
}


def subject_of(subscription_id: int) -> str:
    """What a token of this subscription is about."""
    return str(subscription_id)


def token_for(purpose: str, subscription: Subscription) -> str:
    """A fresh token for one purpose of one subscription."""
    return tokens.sign(purpose, subject_of(subscription.pk))


def paths_in_mails(language: str) -> dict[str, tuple[str, str]]:
    """Slot of an issue's mail → purpose and address with `{token}` in it."""
    return {
        "unsubscribe_url": (LEAVE, url_to("leave", language, "{token}")),
        "preferences_url": (PREFERENCES, url_to("preferences", language, "{token}")),
        "one_click_url": (LEAVE, one_click_url("{token}")),
    }


def subscription_for(purpose: str, token: str) -> Subscription:
    """The subscription a link is about.

    Raises `LinkExpiredError` for a good link past its time, `LinkInvalidError` for
    anything we did not make for this purpose and for a subscription that is gone, and
    `LinkUsedError` where its owner has been erased: they can leave and nothing else.
    """
    subject = _subject(purpose, token)
    rows = Subscription.objects.select_related("subscriber", "newsletter")
    found = rows.filter(pk=subject).first()
    if found is None:
        raise LinkInvalidError
    is_erased = found.subscriber.health == Subscriber.Health.ERASED
    if is_erased and purpose != LEAVE:
        raise LinkUsedError
    return found


def change_for(purpose: str, token: str) -> AddressChange:
    """The change of address a link is about. Raises as `subscription_for`."""
    rows = AddressChange.objects.select_related("subscriber")
    found = rows.filter(pk=_subject(purpose, token)).first()
    if found is None:
        raise LinkInvalidError
    return found


def change_token(purpose: str, change: AddressChange) -> str:
    """A fresh token for one purpose of one change of address."""
    return tokens.sign(purpose, str(change.pk))


def _subject(purpose: str, token: str) -> str:
    try:
        return tokens.read(purpose, token, max_age=LIFETIMES[purpose])
    except tokens.TokenExpiredError as error:
        raise LinkExpiredError from error
    except tokens.TokenError as error:
        raise LinkInvalidError from error
