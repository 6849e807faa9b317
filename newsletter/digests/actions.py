"""What becomes of a digest: set going, its turn, approved, left out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from guards.waking import wake_on_commit
from newsletter.composing.actions import wait_turn
from newsletter.composing.problems import Code, Problem
from newsletter.delivery.message import MessageError
from newsletter.digests.plan import DigestPlan, plan_digest, unfinished
from newsletter.digests.rhythm import next_moment
from newsletter.digests.telling import tell_senders
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.complaints import refuse_where_many_complain
from newsletter.errors import (
    BlockedError,
    ComplaintsError,
    IllegalMoveError,
    NothingToSendError,
    UnfinishedError,
)
from newsletter.models import Digest, Dispatch
from translations.notices import language_of

LATE = timedelta(hours=3)  # later than that, somebody has to look
NOTED = ("since", "next_at", "told")  # what a turn writes of a digest
Why = Digest.Why
REFUSALS = (NothingToSendError, BlockedError, ComplaintsError)


def set_going(digest: Digest, at: datetime, *, was_on: bool) -> None:
    """Give a digest whose form was saved its next moment, and its beginning.

    One that is switched on tells what is new from then on: not all there ever was.
    """
    if not digest.is_on:
        digest.next_at = None
        return
    if not (was_on and digest.since):
        digest.since = at
    is_due = was_on and digest.next_at and digest.next_at <= at
    if not is_due:  # a turn that has come is not skipped
        digest.next_at = next_moment(digest, at)


def due_digests(at: datetime) -> list[int]:
    """Those whose turn has come, the earliest first."""
    rows = Digest.objects.due(at).filter(newsletter__is_active=True)
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True))


def take_turn(*, digest_id: int, at: datetime | None = None) -> Dispatch | None:
    """Send a digest whose turn has come, or leave it for approval, or say why not.

    A second run, also at the same time, finds its turn taken. What is not sent stays
    new: the next one tells it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        digest = _locked(digest_id)
        is_due = digest.is_on and digest.next_at and digest.next_at <= at
        if not (is_due and digest.newsletter.is_active):
            return None
        is_late = at - digest.next_at > LATE
        digest.next_at = next_moment(digest, at)
        if unfinished(digest):
            return _tell(digest, Why.BUSY, at)
        plan = plan_digest(digest, at)
        if not plan.editions:
            return _tell(digest, Why.FEW, at, plan)
        if digest.needs_approval or is_late:
            return _leave(plan, Why.LATE if is_late else Why.WAITS, at)
        if plan.left_out:
            return _leave(plan, Why.LONG, at)
        return _send_by_itself(plan, at)


def _send_by_itself(plan: DigestPlan, at: datetime) -> Dispatch | None:
    try:
        refuse_where_many_complain(plan.digest.newsletter)
        dispatch = send(plan)
    except NothingToSendError:
        plan.digest.since = at  # nobody misses it, and it does not pile up
        return _tell(plan.digest, Why.NOBODY, at, plan)
    except (ComplaintsError, MessageError):
        return _leave(plan, Why.BLOCKED, at)
    _tell(plan.digest, Why.STARTED, at, plan)
    return dispatch


@transaction.atomic
def send(plan: DigestPlan) -> Dispatch:
    """Begin to send it, all of it or nothing.

    Raises `NothingToSendError` and `MessageError`.
    """
    return _start(_draft(plan), plan)


def _leave(plan: DigestPlan, why: Digest.Why, at: datetime) -> Dispatch:
    """Let it wait for somebody, and tell them."""
    dispatch = _draft(plan)
    _tell(plan.digest, why, at, plan)
    tell_senders(dispatch, why)
    return dispatch


@transaction.atomic
def make_now(*, digest_id: int, by: Any, at: datetime) -> Dispatch:
    """A draft of what is new by now, to be approved; its next turn stays as it is.

    Raises `UnfinishedError` while there is one, `NothingToSendError` where too little
    is new, and `BlockedError` where the newsletter is off.
    """
    digest = _locked(digest_id)
    _refuse_where_off(digest)
    if found := unfinished(digest):
        raise UnfinishedError(found.pk)
    plan = plan_digest(digest, at)
    if not plan.editions:
        raise NothingToSendError("Too few new stories.")
    dispatch = _draft(plan, by)
    _tell(digest, Why.WAITS, at, plan)
    return dispatch


@transaction.atomic
def approve(*, dispatch_id: int, by: Any, at: datetime) -> Dispatch:
    """Let a worker send a digest that waits: to fix who gets what may take minutes.

    Raises `IllegalMoveError` when it does not wait any more, `BlockedError` and
    `ComplaintsError` when it may not be sent.
    """
    waiting = dispatching.get_dispatch(dispatch_id=dispatch_id)
    digest = _locked(waiting.digest_id)
    _refuse_where_off(digest)
    refuse_where_many_complain(digest.newsletter)
    dispatch = dispatching.locked_dispatch(dispatch_id)
    _refuse_others(dispatch)
    dispatch.move_to(Dispatch.State.SCHEDULED, scheduled_at=at, created_by=by)
    log(instance=dispatch, action="newsletter.approve_digest", user=by)
    wake_on_commit("newsletter.tasks.start_approved_digest", dispatch.pk)
    return dispatch


def approved_digests(at: datetime) -> list[int]:
    """The sendings that were approved and not begun, the earliest first."""
    rows = Dispatch.objects.due(at).exclude(digest=None).order_by("scheduled_at", "pk")
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def start_approved(*, dispatch_id: int, at: datetime | None = None) -> bool:
    """Send what is published now of what was new when it was made; False where not.

    What cannot be sent is cancelled and says why: its stories stay new. A second run,
    also at the same time, finds it gone from `scheduled`.
    """
    at = at or timezone.now()
    rows = Dispatch.objects.due(at).select_related("created_by")
    if not (waiting := rows.exclude(digest=None).filter(pk=dispatch_id).first()):
        return False
    digest = _locked(waiting.digest_id)
    with translation.override(language_of(waiting.created_by)):
        try:
            with transaction.atomic():
                _refuse_where_off(digest)
                refuse_where_many_complain(digest.newsletter)
                plan = plan_digest(digest, waiting.covers_until or at)
                dispatching.start_due_dispatch(
                    dispatch_id=dispatch_id, editions=plan.editions, at=at
                )
        except IllegalMoveError:
            return False
        except (*REFUSALS, MessageError) as error:
            dispatching.drop_schedule(dispatch_id=dispatch_id, why=_why(error))
            is_nobody = isinstance(error, NothingToSendError)
            _tell(digest, Why.NOBODY if is_nobody else Why.STOPPED, at)
            return False
    _tell(digest, Why.STARTED, at, plan)
    return True


def _why(error: Exception) -> str:
    if isinstance(error, NothingToSendError):
        return _("No story is left, or nobody would receive it.")
    if isinstance(error, MessageError):
        return Problem(Code.UNSENDABLE).message
    return str(error)


@transaction.atomic
def leave_out(*, dispatch_id: int, by: Any) -> Dispatch:
    """Do not send a digest that waits; its stories stay new.

    Raises `IllegalMoveError` when it does not wait any more.
    """
    at = timezone.now()
    waiting = dispatching.get_dispatch(dispatch_id=dispatch_id)
    digest = _locked(waiting.digest_id)
    dispatch = dispatching.locked_dispatch(dispatch_id)
    _refuse_others(dispatch)
    dispatch.move_to(Dispatch.State.CANCELLED, finished_at=at)
    _tell(digest, Why.LEFT_OUT, at)
    log(instance=dispatch, action="newsletter.leave_digest_out", user=by)
    return dispatch


def _refuse_where_off(digest: Digest) -> None:
    if not digest.newsletter.is_active:
        text = _("This newsletter is switched off: no digest is sent.")
        raise BlockedError(text)


def _refuse_others(dispatch: Dispatch) -> None:
    if dispatch.digest_id is None or dispatch.state != Dispatch.State.DRAFT:
        raise IllegalMoveError(f"{dispatch.state} → {Dispatch.State.READY}")


def _locked(digest_id: int) -> Digest:
    """The digest, ours until the transaction ends, after its newsletter's turn."""
    digest = Digest.objects.select_related("newsletter").get(pk=digest_id)
    wait_turn(digest.newsletter)
    rows = Digest.objects.select_for_update(of=("self",))
    return rows.select_related("newsletter").get(pk=digest_id)


def _draft(plan: DigestPlan, by: Any = None) -> Dispatch:
    digest = plan.digest
    return dispatching.create_dispatch(
        newsletter=digest.newsletter,
        title=title_of(digest, plan.until),
        created_by=by,
        digest=digest,
        covers_until=plan.until,
    )


def _start(dispatch: Dispatch, plan: DigestPlan) -> Dispatch:
    dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=plan.editions)
    return dispatching.start_dispatch(dispatch_id=dispatch.pk)


def title_of(digest: Digest, at: datetime) -> str:
    """What the team finds it by, in the newsletter's own language."""
    newsletter = digest.newsletter
    local = at.astimezone(newsletter.hours.zone)
    with translation.override(newsletter.default_language):
        day = date_format(local, "SHORT_DATETIME_FORMAT")
        return f"{digest.get_frequency_display()} · {day}".capitalize()


def _tell(
    digest: Digest, why: Digest.Why, at: datetime, plan: DigestPlan | None = None
) -> None:
    """Keep what came of its turn for who looks."""
    found = plan.found if plan else {}
    digest.told = {"at": at.isoformat(), "why": why.value, "found": found}
    digest.save(update_fields=NOTED)
