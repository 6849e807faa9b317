"""What an editor or operator does with a sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from guards.waking import wake_on_commit
from newsletter.delivery.message import domain_of, message_id
from newsletter.dispatching import freeze, running
from newsletter.dispatching.audience import EVERYONE, Audience
from newsletter.dispatching.complaints import refuse_where_many_complain
from newsletter.dispatching.freeze import EditionContent
from newsletter.dispatching.tallies import counted
from newsletter.dispatching.tasks import run_dispatch
from newsletter.errors import (
    IllegalMoveError,
    NothingToSendError,
    UnknownDispatchError,
)
from newsletter.models import Delivery, Digest, Dispatch, IssuePage, Newsletter

run_sender = running.run_sender
State = Dispatch.State


def create_dispatch(
    *,
    newsletter: Newsletter,
    title: str,
    issue_page: IssuePage | None = None,
    created_by: Any = None,
    audience: Audience = EVERYONE,
    overridden: Sequence[str] = (),
    digest: Digest | None = None,
    covers_until: datetime | None = None,
) -> Dispatch:
    """A draft of a sending: what, to whom, and which checks were overridden.

    Of a digest, also which and until when what it tells was new.
    """
    dispatch = Dispatch.objects.create(
        newsletter=newsletter,
        title=title[:250],
        issue_page=issue_page,
        created_by=created_by,
        with_undecided=audience.with_undecided,
        criteria=dict(audience.criteria),
        overridden=list(overridden),
        digest=digest,
        covers_until=covers_until,
    )
    dispatch.projects.set(audience.projects)
    dispatch.countries.set(audience.countries)
    return dispatch


@transaction.atomic
def freeze_dispatch(
    *,
    dispatch_id: int,
    editions: Mapping[str, EditionContent],
    chunk_size: int | None = None,
) -> Dispatch:
    """Fix what is sent and to whom; the draft or scheduled dispatch is then ready.

    Empty editions are not sent; their readers are counted as left out. Without a
    `chunk_size` chunks are as large as suits the audience. Raises `NothingToSendError`
    when all are empty or nobody may receive them, and `IllegalMoveError` when the
    dispatch was frozen before.
    """
    at = timezone.now()
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state not in {State.DRAFT, State.SCHEDULED}:
        raise IllegalMoveError(f"{dispatch.state} → {State.READY}")
    speaking = {code: each for code, each in editions.items() if not each.is_empty}
    if not speaking:
        raise NothingToSendError("No language of this issue has anything to say.")
    written = freeze.write_editions(dispatch, speaking)
    layouts = {code: each.layout for code, each in speaking.items()}
    selections = freeze.selections_of(layouts)
    audience, excluded = freeze.write_deliveries(
        dispatch, written, at, chunk_size, selections
    )
    dispatch.move_to(State.READY, frozen_at=at, audience=audience, excluded=excluded)
    return dispatch


@transaction.atomic
def schedule_dispatch(*, dispatch_id: int, at: datetime) -> Dispatch:
    """Let a draft wait for its moment; content and audience are fixed only then."""
    dispatch = locked_dispatch(dispatch_id)
    dispatch.move_to(State.SCHEDULED, scheduled_at=at)
    return dispatch


@transaction.atomic
def drop_schedule(*, dispatch_id: int, why: str = "") -> Dispatch:
    """Cancel a dispatch that still waits; `why` it may not start, if so.

    Raises `IllegalMoveError` once it has started: that would be another decision.
    """
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state != State.SCHEDULED:
        raise IllegalMoveError(f"{dispatch.state} → {State.CANCELLED}")
    ended = {"finished_at": timezone.now(), "failure": why[:250]}
    dispatch.move_to(State.CANCELLED, **ended)
    return dispatch


@transaction.atomic
def start_due_dispatch(
    *, dispatch_id: int, editions: Mapping[str, EditionContent], at: datetime
) -> Dispatch:
    """Freeze and start what is scheduled, both or neither.

    Raises `IllegalMoveError` when it is not due: started, cancelled or put off.
    """
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state != State.SCHEDULED or dispatch.scheduled_at > at:
        raise IllegalMoveError(f"{dispatch.state} → {State.READY}")
    freeze_dispatch(dispatch_id=dispatch_id, editions=editions)
    return start_dispatch(dispatch_id=dispatch_id)


@transaction.atomic
def start_dispatch(*, dispatch_id: int) -> Dispatch:
    """Begin to send what was frozen; a worker is woken once this is committed."""
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state != State.READY:
        raise IllegalMoveError(f"{dispatch.state} → {State.SENDING}")
    at = timezone.now()
    dispatch.move_to(State.SENDING, started_at=at, moved_at=at)
    wake_on_commit(run_dispatch.name, dispatch.pk)
    return dispatch


@transaction.atomic
def pause_dispatch(*, dispatch_id: int) -> Dispatch:
    """Send nothing more for now; mails in flight are finished."""
    dispatch = locked_dispatch(dispatch_id)
    dispatch.move_to(State.PAUSED)
    return dispatch


@transaction.atomic
def resume_dispatch(*, dispatch_id: int) -> Dispatch:
    """Go on with a paused sending, or try a failed one anew.

    Raises `ComplaintsError` where too many readers complain.
    """
    dispatch = locked_dispatch(dispatch_id)
    if dispatch.state not in {State.PAUSED, State.FAILED}:
        raise IllegalMoveError(f"{dispatch.state} → {State.SENDING}")
    refuse_where_many_complain(dispatch.newsletter)
    known = {"failure": "", "troubled_since": None, "moved_at": timezone.now()}
    dispatch.move_to(State.SENDING, **known)
    wake_on_commit(run_dispatch.name, dispatch.pk)
    return dispatch


@transaction.atomic
def cancel_dispatch(*, dispatch_id: int) -> Dispatch:
    """End a sending for good; who has not been sent to is dropped and counted."""
    dispatch = locked_dispatch(dispatch_id)
    dispatch.move_to(State.CANCELLED, finished_at=timezone.now())
    running.drop_cancelled()
    return dispatch


def counts(dispatch: Dispatch) -> dict[str, Any]:
    """How far it has come: the states add up to `audience` at every moment.

    Keys: audience, excluded (reason → number), waiting, claimed, sent, retry, failed,
    uncertain, dropped.
    """
    states = counted(dispatch)
    return {
        "audience": sum(states.values()),
        "excluded": dict(dispatch.excluded),
        **states,
    }


def get_dispatch(*, dispatch_id: int) -> Dispatch:
    """The dispatch. Raises `UnknownDispatchError`."""
    rows = Dispatch.objects.select_related("newsletter")
    if found := rows.filter(pk=dispatch_id).first():
        return found
    raise UnknownDispatchError(f"There is no dispatch {dispatch_id}.")


def locked_dispatch(dispatch_id: int) -> Dispatch:
    """The dispatch, ours until the transaction ends. Raises `UnknownDispatchError`."""
    rows = Dispatch.objects.select_for_update(of=("self",))
    if found := rows.select_related("newsletter").filter(pk=dispatch_id).first():
        return found
    raise UnknownDispatchError(f"There is no dispatch {dispatch_id}.")


def list_uncertain(*, dispatch_id: int) -> list[tuple[str, str | None]]:
    """Message-ID and address of everyone in doubt. Raises `UnknownDispatchError`."""
    get_dispatch(dispatch_id=dispatch_id)
    rows = Delivery.objects.uncertain().filter(dispatch=dispatch_id)
    found = rows.values_list(
        "subscriber_id", "subscriber__address", "edition__headers__mail_from"
    )
    return [
        (message_id(dispatch_id, subscriber, domain_of(mail_from)), address)
        for subscriber, address, mail_from in found.order_by("subscriber_id")
    ]
