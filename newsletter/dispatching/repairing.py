"""What people decide about mails that failed, and about those that may have arrived.

Both stay in the ledger of their sending: the same rows are tried again, so that nobody
has two. Who may not be written to any more is left as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from guards.waking import wake_on_commit
from newsletter.dispatching.actions import locked_dispatch
from newsletter.dispatching.complaints import refuse_where_many_complain
from newsletter.dispatching.tallies import write_tally
from newsletter.dispatching.tasks import run_dispatch
from newsletter.errors import ChangedMeanwhileError, IllegalMoveError
from newsletter.models import Delivery, Dispatch, Subscription

State = Delivery.State
# A sending in one of these can take mails back; one that was cancelled stays ended.
REPAIRABLE = frozenset(
    {
        Dispatch.State.SENDING,
        Dispatch.State.PAUSED,
        Dispatch.State.FAILED,
        Dispatch.State.SENT,
    }
)
BY_HAND = "counted as sent by hand"


class Verdict(StrEnum):
    """What uncertain mails are taken for."""

    SENT = "sent"
    AGAIN = "again"


@dataclass(frozen=True)
class Reach:
    """How many can be tried again, and how many may not be written to any more."""

    again: int
    left_out: int


def reach_of(rows: QuerySet[Delivery], dispatch: Dispatch) -> Reach:
    """Whom another attempt would reach."""
    again = _still_wanted(rows, dispatch).count()
    return Reach(again, rows.count() - again)


def failed_in(dispatch: Dispatch) -> QuerySet[Delivery]:
    """The failed deliveries that another attempt would be made for."""
    return _still_wanted(dispatch.deliveries.filter(state=State.FAILED), dispatch)


def doubted_in(
    dispatch: Dispatch, chosen: Collection[int] | None = None
) -> QuerySet[Delivery]:
    """The uncertain deliveries, of these numbers or all."""
    rows = dispatch.deliveries.uncertain()
    return rows if chosen is None else rows.filter(pk__in=chosen)


@transaction.atomic
def retry_failed(*, dispatch_id: int, by: Any = None) -> int:
    """Try all that failed once more; returns how many. Zero changes nothing.

    Raises `UnknownDispatchError`, `IllegalMoveError` where the sending was cancelled or
    has not begun, and `ComplaintsError`.
    """
    dispatch = _repairable(dispatch_id)
    number = _try_again(dispatch, failed_in(dispatch))
    _note(dispatch, "newsletter.retry_failed", number, by)
    return number


@transaction.atomic
def resolve_uncertain(
    *,
    dispatch_id: int,
    verdict: Verdict,
    chosen: Collection[int] | None = None,
    expected: int | None = None,
    by: Any = None,
) -> int:
    """Count uncertain mails as sent or send them again; returns how many.

    `chosen` are numbers of deliveries, None is all. Where there are not `expected` of
    them any more nothing changes: raises `ChangedMeanwhileError`. Sending again raises
    as `retry_failed`; who may not be written to stays uncertain.
    """
    is_again = verdict is Verdict.AGAIN
    dispatch = _repairable(dispatch_id) if is_again else locked_dispatch(dispatch_id)
    rows = doubted_in(dispatch, chosen)
    found = rows.count()
    if expected is not None and found != expected:
        raise ChangedMeanwhileError(f"{found} of {expected}")
    if is_again:
        number = _try_again(dispatch, _still_wanted(rows, dispatch))
    else:
        number = rows.update(state=State.SENT, code=BY_HAND)
    _note(dispatch, f"newsletter.uncertain_{verdict}", number, by)
    return number


def _repairable(dispatch_id: int) -> Dispatch:
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state not in REPAIRABLE:
        raise IllegalMoveError(f"{dispatch.state} → {Dispatch.State.SENDING}")
    refuse_where_many_complain(dispatch.newsletter)
    return dispatch


def _try_again(dispatch: Dispatch, rows: QuerySet[Delivery]) -> int:
    """Make them due now, with all attempts before them, and wake the sending."""
    at = timezone.now()
    number = rows.update(state=State.RETRY, next_at=at, attempts=0)
    if not number:
        return 0
    if dispatch.state == Dispatch.State.SENT:
        dispatch.move_to(Dispatch.State.SENDING, finished_at=None, moved_at=at)
    if dispatch.state == Dispatch.State.SENDING:
        wake_on_commit(run_dispatch.name, dispatch.pk)
    return number


def _still_wanted(rows: QuerySet[Delivery], dispatch: Dispatch) -> QuerySet[Delivery]:
    wanted = Subscription.objects.filter(
        newsletter=dispatch.newsletter_id, subscriber=OuterRef("subscriber")
    )
    return rows.filter(Exists(wanted.receivable()))


def _note(dispatch: Dispatch, action: str, number: int, by: Any) -> None:
    if number:
        write_tally(dispatch)
        log(instance=dispatch, action=action, user=by, data={"number": number})
