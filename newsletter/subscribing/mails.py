"""The mails of subscribing. None holds a word that a stranger typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mail.actions import queue_mail
from newsletter.models import AddressChange, Subscription
from newsletter.subscribing import links
from newsletter.subscribing.names import name_in, topics_of
from newsletter.subscribing.paths import url_to
from newsletter.subscribing.reading import hubs_of, latest_issue

POLITE_DAYS = 14  # "you are subscribed already" goes out once in so many days


def send_opt_in(
    *, subscription: Subscription, number: int, is_reminder: bool = False
) -> None:
    """Ask the owner of the address to confirm; `number` is unique to this asking."""
    context = {
        **_known(subscription),
        "is_reminder": is_reminder,
        "topics": topics_of(subscription),
        "confirm_url": _url("confirm", links.CONFIRM, subscription),
    }
    _queue("opt_in", subscription, context, f"opt-in:{number}")


def send_welcome(*, subscription: Subscription, at: datetime) -> None:
    """Greet who has just confirmed, with what there is to read meanwhile."""
    context = {
        **_links(subscription),
        "latest": latest_issue(subscription),
        "hubs": hubs_of(subscription),
    }
    _queue(
        "welcome", subscription, context, f"welcome:{subscription.pk}:{at:%Y%m%d%H%M%S}"
    )


def send_already_subscribed(*, subscription: Subscription, at: datetime) -> None:
    """Tell a subscriber that there is nothing to do, and where to change things."""
    period = at.toordinal() // POLITE_DAYS
    key = f"already-subscribed:{subscription.pk}:{period}"
    _queue("already_subscribed", subscription, _links(subscription), key)


def send_own_data(*, subscription: Subscription, at: datetime) -> None:
    """A link to all that is known of a reader, to their own mailbox; once an hour."""
    url = _url("own-data", links.OWN_DATA, subscription)
    key = f"own-data:{subscription.pk}:{at:%Y%m%d%H}"
    _queue("own_data", subscription, {"data_url": url}, key)


def send_preferences(*, subscriptions: Sequence[Subscription], at: datetime) -> None:
    """Each newsletter of one reader with its links, to their mailbox; once a day."""
    first = subscriptions[0]
    rows = [_links(each) for each in subscriptions]
    key = f"preferences:{first.subscriber_id}:{at:%Y%m%d}"
    _queue("preferences", first, {"rows": rows}, key)


def send_new_address(*, change: AddressChange) -> None:
    """Ask the owner of a new address whether the mails shall come there."""
    token = links.change_token(links.NEW_ADDRESS, change)
    url = url_to("new-address", change.subscriber.language, token)
    _queue_about(change, "new_address", change.new, {"confirm_url": url})


def send_address_changed(*, change: AddressChange) -> None:
    """Tell the former address, which may undo it for some days."""
    token = links.change_token(links.FORMER_ADDRESS, change)
    url = url_to("former-address", change.subscriber.language, token)
    former = change.subscriber.address or ""
    _queue_about(change, "address_changed", former, {"undo_url": url})


def _queue_about(change: AddressChange, name: str, to: str, context: dict) -> None:
    queue_mail(
        template=f"newsletter/mails/{name}",
        language=change.subscriber.language,
        to=to,
        context=context,
        dedupe_key=f"{name}:{change.pk}",
    )


def _known(subscription: Subscription) -> dict[str, str]:
    language = subscription.subscriber.language
    return {"newsletter_name": name_in(subscription.newsletter, language)}


def _links(subscription: Subscription) -> dict[str, str]:
    """The newsletter's name, and where its reader changes things and leaves."""
    return {
        **_known(subscription),
        "preferences_url": _url("preferences", links.PREFERENCES, subscription),
        "leave_url": _url("leave", links.LEAVE, subscription),
    }


def _url(step: str, purpose: str, subscription: Subscription) -> str:
    token = links.token_for(purpose, subscription)
    return url_to(step, subscription.subscriber.language, token)


def _queue(name: str, subscription: Subscription, context: dict, key: str) -> None:
    queue_mail(
        template=f"newsletter/mails/{name}",
        language=subscription.subscriber.language,
        to=subscription.subscriber.address,
        context=context,
        dedupe_key=key,
    )
