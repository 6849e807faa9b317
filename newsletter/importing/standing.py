"""What we know of a batch's addresses: who may be added, and who never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from newsletter.importing.outcomes import OF_HEALTH, OF_SUPPRESSION, Outcome
from newsletter.models import Newsletter, Subscriber, Subscription, Suppression
from newsletter.subscribing.actions import SUBSCRIBED

State = Subscription.State


@dataclass(frozen=True)
class Known:
    """A subscriber we have."""

    pk: int
    health: str
    language: str


class Standing:
    """How the addresses of a batch stand with one newsletter, in three queries.

    `is_locked` holds their subscribers until the transaction ends, without the key and
    in order, before anything else is asked, as every verb on a subscription does.
    """

    def __init__(
        self, newsletter: Newsletter, digests: Sequence[str], *, is_locked: bool = False
    ) -> None:
        self.people = _people(digests, is_locked)
        self._suppressed = _suppressed(newsletter, digests)
        self._subscriptions = _subscriptions(newsletter, self.people)

    def outcome_of(self, digest: str) -> Outcome:
        """What becomes of this address; the newsletter's own word comes first."""
        person = self.people.get(digest)
        state = self._subscriptions.get(person.pk) if person else None
        if state == State.UNSUBSCRIBED:
            return Outcome.LEFT
        if person and (ill := OF_HEALTH.get(Subscriber.Health(person.health))):
            return ill
        if reason := self._suppressed.get(digest):
            return OF_SUPPRESSION[Suppression.Reason(reason)]
        if state is not None:
            return Outcome.THERE if state in SUBSCRIBED else Outcome.PENDING
        return Outcome.KNOWN if person else Outcome.NEW


def _people(digests: Sequence[str], is_locked: bool) -> dict[str, Known]:
    rows = Subscriber.objects.filter(address_hash__in=digests).order_by("pk")
    if is_locked:
        rows = rows.select_for_update(no_key=True)
    found = rows.values_list("address_hash", "pk", "health", "language")
    return {digest: Known(*known) for digest, *known in found}


def _suppressed(newsletter: Newsletter, digests: Sequence[str]) -> dict[str, str]:
    """Reasons by address; those for all newsletters win over this one's own."""
    rows = Suppression.objects.filter(
        Q(newsletter=None) | Q(newsletter=newsletter), address_hash__in=digests
    )
    found = rows.values_list("newsletter", "address_hash", "reason")
    ordered = sorted(found, key=lambda row: row[0] is None)
    return {digest: reason for _newsletter, digest, reason in ordered}


def _subscriptions(newsletter: Newsletter, people: dict[str, Known]) -> dict[int, str]:
    if not people:
        return {}
    rows = Subscription.objects.filter(
        newsletter=newsletter, subscriber__in=[known.pk for known in people.values()]
    )
    found = rows.values_list("subscriber", "state", "left_at")
    # Who left and was asked again has not said yes since.
    return {
        pk: State.UNSUBSCRIBED if left_at and state not in SUBSCRIBED else state
        for pk, state, left_at in found
    }
