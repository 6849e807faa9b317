"""Keeping offices current: ask their sources, propose changes, decide on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guards import http
from guards.errors import FetchError
from offices.comparing import (
    Changes,
    as_text,
    check_values,
    find_changes,
    fingerprint,
)
from offices.errors import (
    ProposalDecidedError,
    ProposalInvalidError,
    ProposalStaleError,
    SourceError,
    SourceInvalidError,
)
from offices.models import Office, OfficeProposal, OfficeSource
from offices.sources import read_source

MAX_BYTES = 1_000_000
TIMEOUT_S = 20
CHECK_EVERY = dt.timedelta(hours=6)
RETRY_AFTER = dt.timedelta(hours=1)  # where the last look brought nothing
State = OfficeProposal.State


@dataclass(frozen=True)
class Checked:
    """What one look at a source brought."""

    office: Office
    error: str = ""
    proposal: OfficeProposal | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the source answered something we could read."""
        return not self.error


def due_sources(*, at: dt.datetime) -> list[int]:
    """The offices whose source nobody asked lately: a new one is due at once."""
    offices = Office.objects.with_source().exclude(_asked_lately(at, "source__"))
    return list(offices.values_list("pk", flat=True))


def check_due_source(*, office_pk: int, at: dt.datetime) -> Checked | None:
    """Check one source unless another worker has taken it; None if it has."""
    office = Office.objects.with_source().filter(pk=office_pk).first()
    if office is None:
        return None
    OfficeSource.objects.get_or_create(office=office)
    due = OfficeSource.objects.filter(office=office).exclude(_asked_lately(at))
    if not due.update(last_checked_at=at):
        return None
    return check_source(office=office, at=at)


def _asked_lately(at: dt.datetime, path: str = "") -> Q:
    asked_at = f"{path}last_checked_at__gt"
    answered = Q(**{f"{path}last_error": "", asked_at: at - CHECK_EVERY})
    return answered | Q(**{asked_at: at - RETRY_AFTER})


def check_all_sources(*, at: dt.datetime, only: int | None = None) -> list[Checked]:
    """Check every source now, or that of one office; never conditional."""
    offices = Office.objects.with_source().select_related("country")
    if only is not None:
        offices = offices.filter(pk=only)
    return [check_source(office=office, at=at, force=True) for office in offices]


def check_source(*, office: Office, at: dt.datetime, force: bool = False) -> Checked:
    """Ask the office's source and propose what differs; never changes the office.

    `force` asks for the whole answer even if it did not change since last time.
    A source that is dead or says nothing usable is noted and changes nothing else.
    """
    state, _created = OfficeSource.objects.get_or_create(office=office)
    asked_for = _question(office)
    known = state.asked_for == asked_for and not force
    try:
        answer = http.fetch(
            office.source_url,
            etag=state.etag if known else "",
            last_modified=state.last_modified if known else "",
            max_bytes=MAX_BYTES,
            timeout_s=TIMEOUT_S,
        )
        changes = None if answer.not_modified else _read(office, answer.body)
    except FetchError as error:
        return _note_error(office, at, OfficeSource.Error.UNREACHABLE, error.kept)
    except SourceError as error:
        return _note_error(office, at, error.code, error.detail)
    return _note_answer(office, at, asked_for, answer, changes)


@transaction.atomic
def accept_proposal(
    *,
    proposal: OfficeProposal,
    by: AbstractBaseUser,
    fields: Collection[str] | None = None,
) -> OfficeProposal:
    """Put the proposed values (or some of them) into the office and publish them.

    A half-done draft of the office stays a draft, with the accepted values in it.
    Raises `ProposalError`.
    """
    proposal, changes = _take(proposal, fields)
    office = Office.objects.select_for_update().get(pk=proposal.office_id)
    stale = [f for f, change in changes.items() if as_text(office, f) != change["old"]]
    if stale:
        raise ProposalStaleError(", ".join(stale))
    values = {field: change["new"] for field, change in changes.items()}
    _publish(office, values, by)
    return _decide(proposal, changes, State.ACCEPTED, by)


@transaction.atomic
def reject_proposal(
    *,
    proposal: OfficeProposal,
    by: AbstractBaseUser,
    fields: Collection[str] | None = None,
) -> OfficeProposal:
    """Say no to the proposed values (or some); the same are not proposed again.

    Raises `ProposalDecidedError`.
    """
    proposal, changes = _take(proposal, fields)
    return _decide(proposal, changes, State.REJECTED, by)


def _question(office: Office) -> str:
    """What we ask and compare with: "not modified" holds only for the same question."""
    asked = [office.source_kind, office.source_key, office.source_url]
    return "\n".join([*asked, fingerprint(office)])


def _read(office: Office, body: bytes) -> Changes:
    reading = read_source(kind=office.source_kind, body=body, key=office.source_key)
    return find_changes(office, reading)


def _note_error(office: Office, at: dt.datetime, code: str, detail: str) -> Checked:
    OfficeSource.objects.filter(office=office).update(
        last_checked_at=at,
        last_error=code,
        last_error_detail=detail[:300],
        etag="",
        last_modified="",
    )
    return Checked(office, error=code)


@transaction.atomic
def _note_answer(
    office: Office,
    at: dt.datetime,
    asked_for: str,
    answer: http.Fetched,
    changes: Changes | None,
) -> Checked:
    """Keep when and what was answered; `changes` is None where nothing is new."""
    state = OfficeSource.objects.select_for_update().get(office=office)
    state.last_checked_at = state.last_ok_at = at
    state.last_error = state.last_error_detail = ""
    if changes is not None:
        state.asked_for = asked_for
        state.etag = (answer.etag or "")[:255]
        state.last_modified = (answer.last_modified or "")[:100]
    state.save()
    return Checked(office, proposal=_propose(office, at, changes))


def _propose(
    office: Office, at: dt.datetime, changes: Changes | None
) -> OfficeProposal | None:
    """One open proposal per office says what differs now; an old one is replaced."""
    current = office.proposals.filter(state=State.OPEN).first()
    if changes is None or (current and current.changes == changes):
        return current
    if current:
        current.state, current.decided_at = State.OUTDATED, at
        current.save(update_fields=["state", "decided_at"])
    if not changes:
        return None
    return office.proposals.create(changes=changes, fetched_at=at)


def _take(
    proposal: OfficeProposal, fields: Collection[str] | None
) -> tuple[OfficeProposal, Changes]:
    """The proposal, locked, and those of its changes that are to be decided."""
    locked = OfficeProposal.objects.select_for_update().get(pk=proposal.pk)
    wanted = set(locked.changes) if fields is None else set(fields)
    if locked.state != State.OPEN or not wanted or wanted - set(locked.changes):
        raise ProposalDecidedError(str(locked.pk))
    return locked, {f: c for f, c in locked.changes.items() if f in wanted}


def _decide(
    proposal: OfficeProposal, changes: Changes, state: str, by: AbstractBaseUser
) -> OfficeProposal:
    """Note the decision; fields nobody decided yet stay open in the same proposal."""
    rest = {f: c for f, c in proposal.changes.items() if f not in changes}
    if rest:
        proposal.changes = rest
        proposal.save(update_fields=["changes"])
        proposal = OfficeProposal(
            office_id=proposal.office_id, fetched_at=proposal.fetched_at
        )
    proposal.changes, proposal.state = changes, state
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    proposal.save()
    return proposal


def _publish(office: Office, values: dict[str, str], by: AbstractBaseUser) -> None:
    """Save the values in the office; live facts go live, drafts stay drafts."""
    draft = None
    if office.has_unpublished_changes:
        draft = _with_values(office.get_latest_revision_as_object(), values)
    if office.live:
        changed = _with_values(office, values)
        changed.save_revision(user=by).publish(user=by)
    if draft is not None:
        draft.save_revision(user=by)


def _with_values(office: Office, values: dict[str, str]) -> Office:
    try:
        return check_values(office, values)
    except SourceInvalidError as error:
        raise ProposalInvalidError(error.detail) from error
