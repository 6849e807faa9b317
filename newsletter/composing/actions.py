"""What an editor does with an issue: try it out, and send it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from wagtail.log_actions import log

from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.plan import SendPlan, earlier_dispatch, plan_sending
from newsletter.composing.stories import CODES
from newsletter.composing.trials import marked_as_test, trial_mail
from newsletter.delivery.message import MessageError
from newsletter.delivery.outcomes import Kind
from newsletter.delivery.transport import Mail, Transport, TransportError, carry_few
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.audience import EVERYONE, Audience
from newsletter.dispatching.transports import transport_of
from newsletter.errors import (
    AlreadyScheduledError,
    AlreadySentError,
    BlockedError,
    NothingToSendError,
    NotTakenError,
)
from newsletter.models import Dispatch, IssuePage


def send_issue(
    *,
    issue: IssuePage,
    by: Any = None,
    audience: Audience = EVERYONE,
    reason: str = "",
) -> Dispatch:
    """Freeze what is published now and begin to send it; at most once per issue.

    A `reason` overrides the checks that may be overridden, and is kept. Raises
    `AlreadySentError` with the earlier sending, `BlockedError` when a check refuses the
    issue, `NothingToSendError` when nobody is left at the freeze.
    """
    return send_plan(plan=plan_sending(issue, audience), by=by, reason=reason)


def send_plan(*, plan: SendPlan, by: Any = None, reason: str = "") -> Dispatch:
    """The same for an issue that has just been looked at."""
    with transaction.atomic():
        dispatch = draft_dispatch(plan=plan, by=by, reason=reason)
        dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=plan.editions)
        return dispatching.start_dispatch(dispatch_id=dispatch.pk)


def draft_dispatch(*, plan: SendPlan, by: Any, reason: str = "") -> Dispatch:
    """The one dispatch of this issue, inside the caller's transaction.

    Raises `AlreadySentError` (or `AlreadyScheduledError`) and `BlockedError`.
    """
    # Two clicks at once meet here, and the second one sees the first one's row.
    IssuePage.objects.select_for_update(of=("self",)).get(pk=plan.issue.pk)
    if earlier := earlier_dispatch(plan.issue):
        waits = earlier.state == Dispatch.State.SCHEDULED
        raise (AlreadyScheduledError if waits else AlreadySentError)(earlier.pk)
    overridden = plan.overridable if reason else []
    refuse_where_blocked(plan, [problem.key for problem in overridden])
    dispatch = dispatching.create_dispatch(
        newsletter=plan.newsletter,
        title=plan.issue.title,
        issue_page=plan.issue,
        created_by=by,
        audience=plan.audience,
        overridden=[problem.key for problem in overridden],
    )
    if overridden:
        problems = [problem.message for problem in overridden]
        kept = {"reason": reason, "problems": problems}
        log(instance=dispatch, action="newsletter.override", user=by, data=kept)
    return dispatch


def refuse_where_blocked(plan: SendPlan, overridden: Collection[str]) -> None:
    """Raise `BlockedError`, with why, unless all that is in the way is overridden."""
    if refusing := plan.refusing(overridden):
        raise BlockedError(" ".join(problem.message for problem in refusing))


@dataclass(frozen=True)
class Tried:
    """What became of a test: the languages it was sent in, and who was refused why."""

    languages: list[str]
    refused: Mapping[str, str]


def send_test(
    *, issue: IssuePage, to: Sequence[str], transport: Transport | None = None
) -> Tried:
    """Mail the latest draft, in every language that says something, to each address.

    The mails are built and handed over as real ones are. Raises `NothingToSendError`
    when no language has anything to say, `BlockedError` where no mail can be made of
    it, `NotTakenError` when the mail server takes nothing at all.
    """
    editions = [marked_as_test(made) for made in _drafts(issue)]
    if not editions:
        raise NothingToSendError("No language of this issue has anything to say.")
    refused: dict[str, str] = {}
    transport = transport or transport_of(newsletter_of(issue))
    try:
        for address in to:
            if answer := _try_on(issue, editions, address, transport):
                refused[address] = answer
    except MessageError as error:
        raise BlockedError(str(error)) from error
    except TransportError as error:
        raise NotTakenError(str(error)) from error
    return Tried([made.language for made in editions], refused)


def _try_on(
    issue: IssuePage, editions: list[EditionContent], to: str, transport: Transport
) -> str:
    """Mail the editions to one address; what the server says against it, if it does."""
    # A mailbox shows a second mail with the same Message-ID not at all.
    name = f"test.{uuid4().hex[:12]}"
    mails = [trial_mail(issue, made, to=to, name=name) for made in editions]
    given = [Mail(mail.mail_from, mail.to, [mail.data]) for mail in mails]
    outcomes = carry_few(transport, given)
    return next((each.answer for each in outcomes if each.kind is not Kind.SENT), "")


def _drafts(issue: IssuePage) -> list[EditionContent]:
    revision = issue.get_latest_revision()
    built = (build_edition(issue, code, revision=revision) for code in CODES)
    return [made for made in built if not made.is_empty]
