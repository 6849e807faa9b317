"""One line of proof: what was shown, where, in which language, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from newsletter.models import Consent, Subscription
from newsletter.subscribing.wording import shown_text


@dataclass(frozen=True)
class Place:
    """Where a question stood: the path without secrets, and the page's language.

    That is the language of the words that were shown, whatever the reader chose there.
    """

    path: str
    language: str


@dataclass(frozen=True)
class Asked:
    """The circumstances of a question; `network` is kept only as a keyed hash.

    `wanted` is the language of the mails that was answered, where that was asked.
    """

    version: str
    where: Place
    at: datetime
    network: str = ""
    wanted: str = ""


def record(
    subscription: Subscription, kind: str, asked: Asked, **noted: str
) -> Consent:
    """Add the proof; the answer holds what the reader has chosen by now.

    `noted` is what else belongs to it: forgotten with everything personal.
    """
    shown_in, subscriber = asked.where.language, subscription.subscriber
    return Consent.objects.create(
        subscriber=subscriber,
        subscription=subscription,
        kind=kind,
        text_version=asked.version,
        shown_text=shown_text(asked.version, shown_in),
        answer=noted | _answer(subscription, asked.wanted or subscriber.language),
        where=asked.where.path[:200],
        language=shown_in,
        network_hash=_network_hash(asked.network),
        at=asked.at,
    )


def _answer(subscription: Subscription, language: str) -> dict:
    known = {
        "newsletter": subscription.newsletter.key,
        "language": language,
        "frequency": subscription.frequency,
        "projects": sorted(subscription.projects.values_list("pk", flat=True)),
        "countries": sorted(subscription.countries.values_list("pk", flat=True)),
    }
    until = subscription.paused_until
    return {**known, "paused_until": until.isoformat()} if until else known


def _network_hash(network: str) -> str:
    if not network:
        return ""
    return salted_hmac("newsletter.consent", network, algorithm="sha256").hexdigest()
