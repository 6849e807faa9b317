"""Sending an issue later: plan it, and start it once when its moment has come.

A scheduled dispatch holds neither texts nor people. Both are taken when it is due, so
it sends what is published then to who reads the newsletter then.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guards.waking import wake_on_commit
from newsletter.composing.actions import (
    draft_dispatch,
    refuse_where_blocked,
    wait_turn,
)
from newsletter.composing.checks import distrust_of
from newsletter.composing.plan import SendPlan, plan_sending
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.audience import EVERYONE, Audience, audience_of
from newsletter.errors import BlockedError, IllegalMoveError, NothingToSendError
from newsletter.models import Dispatch, IssuePage
from translations.notices import language_of

LATEST = timedelta(hours=2)  # later, what it says may be stale: somebody has to look


def schedule_issue(
    *,
    issue: IssuePage,
    at: datetime,
    by: Any = None,
    audience: Audience = EVERYONE,
    reason: str = "",
) -> Dispatch:
    """Plan to send an issue at `at`; at most one sending per issue, as ever.

    A `reason` overrides the checks that refuse it now and may be overridden; others
    that refuse it then do. Raises `AlreadySentError` with the earlier sending,
    `BlockedError` when a check refuses the issue now.
    """
    plan = plan_sending(issue, audience)
    return schedule_plan(plan=plan, at=at, by=by, reason=reason)


def schedule_plan(
    *,
    plan: SendPlan,
    at: datetime,
    by: Any = None,
    reason: str = "",
    overridden: Collection[str] | None = None,
) -> Dispatch:
    """The same for an issue that has just been looked at."""
    with transaction.atomic():
        dispatch = draft_dispatch(
            plan=plan, by=by, reason=reason, overridden=overridden
        )
        return dispatching.schedule_dispatch(dispatch_id=dispatch.pk, at=at)


@transaction.atomic
def send_soon(
    *,
    plan: SendPlan,
    by: Any = None,
    reason: str = "",
    overridden: Collection[str] | None = None,
) -> Dispatch:
    """Let a worker send it now: to fix who gets what may take minutes.

    Raises what `schedule_issue` raises.
    """
    dispatch = schedule_plan(
        plan=plan, at=timezone.now(), by=by, reason=reason, overridden=overridden
    )
    wake_on_commit("newsletter.tasks.start_scheduled_issue", dispatch.pk)
    return dispatch


def due_dispatches(at: datetime) -> list[int]:
    """The dispatches whose moment has come, the earliest first."""
    rows = Dispatch.objects.issues().due(at).order_by("scheduled_at", "pk")
    return list(rows.values_list("pk", flat=True))


def start_scheduled(*, dispatch_id: int, at: datetime | None = None) -> bool:
    """Start a dispatch that is due, after all checks; False where it did not start.

    Where a check refuses it or it is hours late, it is cancelled and keeps the reason.
    Runs at the same time and second runs find it gone from `scheduled` and change
    nothing.
    """
    at = at or timezone.now()
    rows = Dispatch.objects.issues().due(at)
    rows = rows.select_related("issue_page", "created_by")
    dispatch = rows.filter(pk=dispatch_id).first()
    if dispatch is None:
        return False
    with translation.override(language_of(dispatch.created_by)):
        try:
            _start(dispatch, at)
        except IllegalMoveError:
            return False  # cancelled, or another worker was faster
        except (BlockedError, NothingToSendError) as error:
            _give_up(dispatch, str(error))
            return False
        except Exception as error:
            _note_crash(dispatch, error)
            raise
    return True


def _start(dispatch: Dispatch, at: datetime) -> None:
    if dispatch.issue_page is None:
        raise BlockedError(_("The issue has been deleted."))
    if dispatch.scheduled_at and at - dispatch.scheduled_at > LATEST:
        raise BlockedError(
            _("The site was not at work then. Send it now or plan another moment.")
        )
    list(distrust_of(dispatch.newsletter))
    with transaction.atomic():
        wait_turn(dispatch.newsletter)
        plan = plan_sending(dispatch.issue_page, audience_of(dispatch))
        refuse_where_blocked(plan, dispatch.overridden)
        try:
            dispatching.start_due_dispatch(
                dispatch_id=dispatch.pk, editions=plan.editions, at=at
            )
        except NothingToSendError as error:
            raise NothingToSendError(_("Nobody would receive this issue.")) from error


def _give_up(dispatch: Dispatch, why: str) -> None:
    try:
        dispatching.drop_schedule(dispatch_id=dispatch.pk, why=why)
    except IllegalMoveError:
        return  # somebody has cancelled it meanwhile


def _note_crash(dispatch: Dispatch, error: Exception) -> None:
    """Say on its page what keeps it from starting; it is tried again."""
    why = f"{type(error).__name__}: {error}"[:250]
    Dispatch.objects.filter(pk=dispatch.pk, state=Dispatch.State.SCHEDULED).update(
        failure=why
    )
