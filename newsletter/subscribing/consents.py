"""One line of proof: what was shown, where, in which language, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from newsletter.models import Consent, Subscription
from newsletter.subscribing.wording import shown_text


@dataclass(frozen=True)
class Asked:
    """The circumstances of a question; `network` is kept only as a keyed hash."""

    version: str
    language: str
    where: str
    at: datetime
    network: str = ""


def record(subscription: Subscription, kind: str, asked: Asked) -> Consent:
    """Add the proof; the answer holds what the reader has chosen by now."""
    return Consent.objects.create(
        subscriber=subscription.subscriber,
        subscription=subscription,
        kind=kind,
        text_version=asked.version,
        shown_text=shown_text(asked.version, asked.language),
        answer=_answer(subscription, asked.language),
        where=asked.where[:200],
        language=asked.language,
        network_hash=_network_hash(asked.network),
        at=asked.at,
    )


def _answer(subscription: Subscription, language: str) -> dict:
    return {
        "newsletter": subscription.newsletter.key,
        "language": language,
        "projects": sorted(subscription.projects.values_list("pk", flat=True)),
        "countries": sorted(subscription.countries.values_list("pk", flat=True)),
    }


def _network_hash(network: str) -> str:
    if not network:
        return ""
    return salted_hmac("newsletter.consent", network, algorithm="sha256").hexdigest()
