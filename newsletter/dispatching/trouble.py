"""Trouble with a sending: kept where people see it, and given up on by a rule.

A sending is tried again every half minute. Where that has brought no mail forward for
as long as its kind of trouble deserves, it is failed: it stays as it is until somebody
has mended the cause and resumes it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.delivery.sender import Report
from newsletter.errors import IllegalMoveError, NewsletterError
from newsletter.models import Dispatch
from translations.notices import language_of

SERVER_PATIENCE = timedelta(hours=24)  # a mail server may be down overnight
CRASH_PATIENCE = timedelta(minutes=30)  # a fault of ours does not mend itself
LONGEST = 250  # characters, as the column has


def note_report(*, dispatch_id: int, report: Report, at: datetime) -> None:
    """Keep why a run stopped; one that got on without trouble clears what there was.

    A run that found nothing to do proves nothing, so it changes nothing. Where too many
    were refused the sending is paused: somebody has to look first.
    """
    if any(report.outcomes.values()):
        _rows(dispatch_id).update(moved_at=at, alarmed_at=None)
    if report.is_burning:
        _pause(dispatch_id, report)
    elif report.trouble:
        if any(report.outcomes.values()):
            _clear(dispatch_id)
        _note(dispatch_id, _why(dispatch_id, report), at, SERVER_PATIENCE)
    elif report.chunks:
        _clear(dispatch_id)


def note_crash(*, dispatch_id: int, error: Exception, at: datetime) -> None:
    """Keep what broke a run: what we refuse speaks for itself, all else has a type."""
    is_ours = isinstance(error, NewsletterError)
    why = str(error) if is_ours else f"{type(error).__name__}: {error}"
    _note(dispatch_id, why, at, CRASH_PATIENCE)


def forget_trouble(*, dispatch_id: int, at: datetime) -> None:
    """Outside of its hours nothing is tried, so no patience runs out either."""
    _rows(dispatch_id).update(troubled_since=None, moved_at=at)


def _why(dispatch_id: int, report: Report) -> str:
    if not report.is_out_of_step:
        return report.trouble
    dispatch = _rows(dispatch_id).select_related("created_by").first()
    with translation.override(language_of(dispatch and dispatch.created_by)):
        text = _("The limits on mails are out of reach, so none is sent: %(why)s")
    return text % {"why": report.trouble}


def _pause(dispatch_id: int, report: Report) -> None:
    dispatch = Dispatch.objects.running().filter(pk=dispatch_id).first()
    if dispatch is None:
        return
    with translation.override(language_of(dispatch.created_by)):
        why = _(
            "Paused: the mail server refuses %(refused)s of %(tried)s mails. Look at"
            " its answers first, then go on or cancel."
        )
    numbers = {"refused": report.refused, "tried": report.tried}
    _move(dispatch, Dispatch.State.PAUSED, failure=(why % numbers)[:LONGEST])


def _clear(dispatch_id: int) -> None:
    _rows(dispatch_id).update(failure="", troubled_since=None)


def _note(dispatch_id: int, why: str, at: datetime, patience: timedelta) -> None:
    rows = _rows(dispatch_id)
    rows.filter(troubled_since=None).update(troubled_since=at)
    rows.update(failure=why[:LONGEST])
    running = Dispatch.objects.running().filter(pk=dispatch_id)
    hopeless = running.filter(troubled_since__lte=at - patience).first()
    if hopeless is not None:
        _move(hopeless, Dispatch.State.FAILED)


def _move(dispatch: Dispatch, state: str, **values: Any) -> None:
    try:
        dispatch.move_to(state, **values)
    except IllegalMoveError:
        return  # somebody has paused or cancelled it meanwhile


def _rows(dispatch_id: int) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(pk=dispatch_id)
