"""How often a reader may choose to get a newsletter."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.models import Frequency, Newsletter, Subscription

OFTEN_FIRST = (
    Frequency.STORY,
    Frequency.EACH,
    Frequency.WEEKLY,
    Frequency.MONTHLY,
)
RATHER: dict[str, Promise] = {
    Frequency.EACH: _("Rather every issue"),
    Frequency.WEEKLY: _("Rather once a week"),
    Frequency.MONTHLY: _("Rather once a month"),
}


def offered_by(newsletter: Newsletter) -> list[Frequency]:
    """What its readers may choose, the usual one first; never nothing.

    Reads `newsletter.digests.all()`, which may be prefetched.
    """
    digests = {each.frequency for each in newsletter.digests.all() if each.is_on}
    offers_issues = newsletter.offers_issues or not digests
    issues = [Frequency.EACH] if offers_issues else []
    return issues + [each for each in OFTEN_FIRST if each in digests]


def usual_of(newsletter: Newsletter) -> Frequency:
    """What a reader gets who did not choose."""
    return offered_by(newsletter)[0]


def current_of(subscription: Subscription) -> Frequency:
    """What a reader gets by now: who chose a digest that is off gets issues."""
    offered = offered_by(subscription.newsletter)
    chosen = Frequency(subscription.frequency)
    return chosen if chosen in offered else offered[0]


def slower_than(subscription: Subscription) -> list[tuple[str, Promise]]:
    """What a reader may have less often than now, and how a button says that."""
    offered, now = offered_by(subscription.newsletter), current_of(subscription)
    after = OFTEN_FIRST[OFTEN_FIRST.index(now) + 1 :]
    return [(each.value, RATHER[each]) for each in after if each in offered]
