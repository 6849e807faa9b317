"""What a digest would say and to how many, if its turn were now; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.composing.stories import CODES
from newsletter.digests.editions import DigestEdition, build_digest
from newsletter.dispatching import freeze
from newsletter.dispatching.audience import Audience
from newsletter.models import Digest, Dispatch

UNFINISHED = (
    Dispatch.State.DRAFT,
    Dispatch.State.SCHEDULED,
    Dispatch.State.READY,
    Dispatch.State.SENDING,
    Dispatch.State.PAUSED,
    Dispatch.State.FAILED,
)


@dataclass(frozen=True)
class DigestPlan:
    """The digest by then in every language; `editions` are those with enough to say."""

    digest: Digest
    until: datetime
    built: Mapping[str, DigestEdition]

    @property
    def editions(self) -> Mapping[str, DigestEdition]:
        fewest = max(self.digest.minimum, 1)
        return {code: made for code, made in self.built.items() if made.found >= fewest}

    @property
    def left_out(self) -> int:
        """Stories that have no room, in all that is sent."""
        return sum(made.left_out for made in self.editions.values())

    @property
    def found(self) -> dict[str, int]:
        """Language → new stories."""
        return {code: made.found for code, made in self.built.items()}


def plan_digest(digest: Digest, until: datetime) -> DigestPlan:
    """Make the digest in every language."""
    built = {code: build_digest(digest, code, until) for code in CODES}
    return DigestPlan(digest, until, built)


def unfinished(digest: Digest) -> Dispatch | None:
    """The one before, while it waits or is on its way: the next comes after it."""
    return digest.dispatches.filter(state__in=UNFINISHED).order_by("-pk").first()


def audience_of(digest: Digest) -> Audience:
    """Who chose this rhythm."""
    return Audience(frequency=digest.frequency)


def count_readers(
    plan: DigestPlan, at: datetime
) -> tuple[dict[str, int], dict[str, int]]:
    """Language → readers of this rhythm, and the others by reason.

    Also of languages in which there is too little to say now.
    An upper bound: who follows nothing that is new is found at the freeze.
    """
    digest = plan.digest
    return freeze.count_people(digest.newsletter, plan.built, at, audience_of(digest))
