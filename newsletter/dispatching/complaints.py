"""The complaint rate of a newsletter, and what it forbids.

Mail providers put a sender's mail into the spam folder from about 0.3 % complaints on
(Gmail's and Yahoo's rules for bulk senders). Below that we warn; from there on sendings
stop until somebody with the right to send says why they go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from newsletter.dispatching.trouble import LONGEST
from newsletter.errors import ComplaintsError, IllegalMoveError, UnknownAddressError
from newsletter.models import (
    Complaint,
    Delivery,
    Dispatch,
    Newsletter,
    Subscriber,
    Suppression,
    address_hash,
)
from translations.notices import language_of

PERIOD = timedelta(days=30)
WARNS_AT = 1  # complaints in a thousand mails
STOPS_AT = 3
FEWEST_COMPLAINTS = 5  # behind a stop: one angry reader of a small list is no rate
FEWEST_SENT = 1000
ALLOWED_FOR = timedelta(hours=24)  # how long somebody's word that it may go on holds


@dataclass(frozen=True)
class ComplaintRate:
    """Complaints and mails sent in the last 30 days."""

    complaints: int
    sent: int
    allowed_until: datetime | None = None

    @property
    def percent(self) -> str:
        """With two decimals, as the reader's language writes them."""
        share = self.complaints * 100 / self.sent if self.sent else 0
        return number_format(share, decimal_pos=2)

    @property
    def is_high(self) -> bool:
        """Whether it deserves a warning."""
        return bool(self.complaints) and self._is_at(WARNS_AT)

    @property
    def is_too_high(self) -> bool:
        """Whether nothing more should be sent."""
        is_much = self.complaints >= FEWEST_COMPLAINTS and self.sent >= FEWEST_SENT
        return is_much and self._is_at(STOPS_AT)

    @property
    def is_stopping(self) -> bool:
        """Whether it is too high and nobody has allowed to go on."""
        return self.is_too_high and self.allowed_until is None

    def _is_at(self, in_a_thousand: int) -> bool:
        return self.complaints * 1000 >= self.sent * in_a_thousand

    @property
    def why_not(self) -> str:
        """Why nothing may be sent, in the words of whoever reads it now."""
        text = _(
            "Too many readers complain: %(complaints)s of %(sent)s mails in 30 days"
            " (%(percent)s %%). Whoever may send has to say why to go on."
        )
        numbers = {"complaints": self.complaints, "sent": self.sent}
        return text % {**numbers, "percent": self.percent}


def complaint_rate(newsletter: Newsletter, at: datetime | None = None) -> ComplaintRate:
    """The rate now, from the dispatches' own tallies."""
    return complaint_rates([newsletter], at)[newsletter.pk]


def complaint_rates(
    newsletters: Collection[Newsletter], at: datetime | None = None
) -> dict[int, ComplaintRate]:
    """The rates of several by their numbers, in two queries."""
    at = at or timezone.now()
    mine = {"newsletter__in": [newsletter.pk for newsletter in newsletters]}
    complaints = Complaint.objects.filter(at__gt=at - PERIOD, **mine)
    counts = Counter(complaints.values_list("newsletter", flat=True))
    sent: Counter[int] = Counter()
    dispatches = Dispatch.objects.filter(started_at__gt=at - PERIOD, **mine)
    for pk, tally in dispatches.values_list("newsletter", "tally"):
        sent[pk] += tally.get(Delivery.State.SENT, 0)
    return {
        newsletter.pk: ComplaintRate(
            counts[newsletter.pk], sent[newsletter.pk], _allowed(newsletter, at)
        )
        for newsletter in newsletters
    }


def _allowed(newsletter: Newsletter, at: datetime) -> datetime | None:
    until = newsletter.complaints_allowed_until
    return until if until and until > at else None


def refuse_where_many_complain(newsletter: Newsletter) -> None:
    """Raises `ComplaintsError` where nothing more may be sent."""
    rate = complaint_rate(newsletter)
    if rate.is_stopping:
        raise ComplaintsError(rate.why_not)


@transaction.atomic
def allow_in_spite(*, newsletter: Newsletter, reason: str, by: Any) -> None:
    """Let sendings go on for a day, on somebody's word, which is kept."""
    until = timezone.now() + ALLOWED_FOR
    Newsletter.objects.filter(pk=newsletter.pk).update(complaints_allowed_until=until)
    newsletter.complaints_allowed_until = until
    log(
        instance=newsletter,
        action="newsletter.allow_complaints",
        user=by,
        data={"reason": reason},
    )


@transaction.atomic
def record_complaint(
    *, address: str, by: Any = None, at: datetime | None = None
) -> Newsletter | None:
    """Write no more to an address, and count it against what it was sent last.

    Returns the newsletter it counts for: that of the last mail of 30 days, or None. A
    second complaint about the same mail counts once. Raises `UnknownAddressError`.
    """
    at = at or timezone.now()
    digest = address_hash(address.encode(errors="replace").decode())
    rows = Subscriber.objects.select_for_update(of=("self",))
    subscriber = rows.filter(address_hash=digest).first()
    if subscriber is None:
        raise UnknownAddressError(_("Nobody we know has this address."))
    _suppress(subscriber, at)
    log(instance=subscriber, action="newsletter.complaint", user=by)
    last = _last_mail(subscriber, at)
    if last is None:
        return None
    dispatch = last.dispatch
    Complaint.objects.get_or_create(
        dispatch=dispatch,
        address_hash=digest,
        defaults={"newsletter": dispatch.newsletter, "at": at},
    )
    pause_where_many_complain(dispatch.newsletter)
    return dispatch.newsletter


def _suppress(subscriber: Subscriber, at: datetime) -> None:
    """For all newsletters; that somebody was erased is the graver reason and stays."""
    reason = Suppression.Reason.COMPLAINED
    found, is_new = Suppression.objects.get_or_create(
        address_hash=subscriber.address_hash,
        newsletter=None,
        defaults={"reason": reason, "at": at},
    )
    if not is_new and found.reason != Suppression.Reason.ERASED:
        Suppression.objects.filter(pk=found.pk).update(reason=reason)
    subscriber.health = Subscriber.Health.COMPLAINED
    subscriber.save(update_fields=["health"])


def _last_mail(subscriber: Subscriber, at: datetime) -> Delivery | None:
    rows = (
        Delivery.objects.to(subscriber)
        .with_standing()
        .filter(
            standing__in=[Delivery.State.SENT, Delivery.State.UNCERTAIN],
            dispatch__started_at__gt=at - PERIOD,
        )
    )
    rows = rows.select_related("dispatch__newsletter")
    return rows.order_by(F("went_at").desc(nulls_last=True), "-pk").first()


def pause_where_many_complain(newsletter: Newsletter) -> None:
    """Pause what runs of this newsletter, where its rate has become too high."""
    rate = complaint_rate(newsletter)
    if not rate.is_stopping:
        return
    for dispatch in Dispatch.objects.running().filter(newsletter=newsletter):
        with translation.override(language_of(dispatch.created_by)):
            why = rate.why_not[:LONGEST]
        try:
            dispatch.move_to(Dispatch.State.PAUSED, failure=why)
        except IllegalMoveError:
            continue  # it has ended meanwhile
