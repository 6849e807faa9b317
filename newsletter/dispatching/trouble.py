"""Trouble with a sending: kept where people see it, and given up on by a rule.

A sending is tried again every half minute. Where that has brought no mail forward for
as long as its kind of trouble deserves, it is failed: it stays as it is until somebody
has mended the cause and resumes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from newsletter.delivery.sender import Report
from newsletter.errors import IllegalMoveError
from newsletter.models import Dispatch

SERVER_PATIENCE = timedelta(hours=24)  # a mail server may be down overnight
CRASH_PATIENCE = timedelta(minutes=30)  # a fault of ours does not mend itself
LONGEST = 250  # characters, as the column has


def note_report(*, dispatch_id: int, report: Report, at: datetime) -> None:
    """Keep why a run stopped; one that got on without trouble clears what there was.

    A run that found nothing to do proves nothing, so it changes nothing.
    """
    if report.trouble:
        if any(report.outcomes.values()):
            _clear(dispatch_id)
        _note(dispatch_id, report.trouble, at, SERVER_PATIENCE)
    elif report.chunks:
        _clear(dispatch_id)


def note_crash(*, dispatch_id: int, error: Exception, at: datetime) -> None:
    """Keep what broke a run unexpectedly."""
    _note(dispatch_id, f"{type(error).__name__}: {error}", at, CRASH_PATIENCE)


def _clear(dispatch_id: int) -> None:
    _rows(dispatch_id).update(failure="", troubled_since=None)


def _note(dispatch_id: int, why: str, at: datetime, patience: timedelta) -> None:
    rows = _rows(dispatch_id)
    rows.filter(troubled_since=None).update(troubled_since=at)
    rows.update(failure=why[:LONGEST])
    running = Dispatch.objects.running().filter(pk=dispatch_id)
    hopeless = running.filter(troubled_since__lte=at - patience).first()
    if hopeless is not None:
        _fail(hopeless)


def _fail(dispatch: Dispatch) -> None:
    try:
        dispatch.move_to(Dispatch.State.FAILED)
    except IllegalMoveError:
        return  # somebody has paused or cancelled it meanwhile


def _rows(dispatch_id: int) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(pk=dispatch_id)
