"""What an editor does with an issue: try it out, and send it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from newsletter.composing.checks import distrust_of
from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.plan import SendPlan, plan_sending, refuse_second
from newsletter.composing.stories import CODES
from newsletter.composing.trials import marked_as_test, trial_mail
from newsletter.delivery.message import MessageError
from newsletter.delivery.outcomes import Kind
from newsletter.delivery.transport import Mail, Transport, TransportError, carry_few
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.audience import EVERYONE, Audience
from newsletter.dispatching.transports import transport_of
from newsletter.errors import (
    BlockedError,
    NothingToSendError,
    NotTakenError,
)
from newsletter.models import (
    Dispatch,
    IssuePage,
    Newsletter,
    Suppression,
    address_hash,
)


def send_issue(
    *,
    issue: IssuePage,
    by: Any = None,
    audience: Audience = EVERYONE,
    reason: str = "",
    overridden: Collection[str] | None = None,
) -> Dispatch:
    """Freeze what is published now and begin to send it; at most once per issue.

    A `reason` overrides the checks that may be overridden, or those of them that were
    seen, by their keys, and is kept. Raises `AlreadySentError` with the earlier
    sending, `BlockedError` when a check refuses the issue, `NothingToSendError` when
    nobody is left at the freeze.
    """
    newsletter = newsletter_of(issue)
    list(distrust_of(newsletter))
    with transaction.atomic():
        wait_turn(newsletter)
        _hold(issue)
        plan = plan_sending(issue, audience)
        dispatch = draft_dispatch(
            plan=plan, by=by, reason=reason, overridden=overridden
        )
        dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=plan.editions)
        return dispatching.start_dispatch(dispatch_id=dispatch.pk)


def wait_turn(newsletter: Newsletter) -> None:
    """One issue of a newsletter is fixed after the other, until the transaction ends.

    So each knows which stories the one before has sent.
    """
    # Not its key: people go on subscribing meanwhile.
    Newsletter.objects.select_for_update(no_key=True).get(pk=newsletter.pk)


def _hold(issue: IssuePage) -> None:
    IssuePage.objects.select_for_update(of=("self",)).get(pk=issue.pk)


def draft_dispatch(
    *,
    plan: SendPlan,
    by: Any,
    reason: str = "",
    overridden: Collection[str] | None = None,
) -> Dispatch:
    """The one dispatch of this issue, inside the caller's transaction.

    Raises `AlreadySentError` (or `AlreadyScheduledError`) and `BlockedError`.
    """
    # Two clicks at once meet here, and the second one sees the first one's row.
    _hold(plan.issue)
    refuse_second(plan.issue)
    waived = plan.overridable if reason else []
    if overridden is not None:
        waived = [each for each in waived if each.is_among(overridden)]
    keys = [problem.key for problem in waived]
    refuse_where_blocked(plan, keys)
    dispatch = dispatching.create_dispatch(
        newsletter=plan.newsletter,
        title=plan.issue.title,
        issue_page=plan.issue,
        created_by=by,
        audience=plan.audience,
        overridden=keys,
    )
    if waived:
        problems = [problem.message for problem in waived]
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
    *,
    issue: IssuePage,
    to: Sequence[str],
    by: Any = None,
    transport: Transport | None = None,
) -> Tried:
    """Mail the latest draft, in every language that says something, to each address.

    The mails are built and handed over as real ones are; who complained or was erased
    gets none. Raises `NothingToSendError` when no language has anything to say,
    `BlockedError` where no mail can be made of it, `NotTakenError` when the mail server
    takes nothing at all.
    """
    editions = [marked_as_test(made) for made in _drafts(issue)]
    if not editions:
        raise NothingToSendError("No language of this issue has anything to say.")
    refused = dict.fromkeys(_unwelcome(to), _("must not be written to"))
    transport = transport or transport_of(newsletter_of(issue))
    trouble = ""
    for address in to:
        if address not in refused:
            answer = trouble or _try_on(issue, editions, address, transport)
            if isinstance(answer, TransportError):
                trouble = answer = str(answer) or type(answer).__name__
            if answer:
                refused[address] = str(answer)
    if trouble and len(refused) == len(to):
        raise NotTakenError(trouble)
    number = len(to) - len(refused)
    log(instance=issue, action="newsletter.test", user=by, data={"number": number})
    return Tried([made.language for made in editions], refused)


def _unwelcome(to: Iterable[str]) -> list[str]:
    """Those whose owners complained or wanted to be forgotten."""
    hashes = {address_hash(address): address for address in to}
    grave = [Suppression.Reason.COMPLAINED, Suppression.Reason.ERASED]
    rows = Suppression.objects.filter(address_hash__in=hashes, reason__in=grave)
    return [hashes[known] for known in rows.values_list("address_hash", flat=True)]


def _try_on(
    issue: IssuePage, editions: list[EditionContent], to: str, transport: Transport
) -> str | TransportError:
    """Mail the editions to one address; what the server says against it, if it does."""
    # A mailbox shows a second mail with the same Message-ID not at all.
    name = f"test.{uuid4().hex[:12]}"
    try:
        mails = [trial_mail(issue, made, to=to, name=name) for made in editions]
    except MessageError as error:
        raise BlockedError(str(error)) from error
    given = [Mail(mail.mail_from, mail.to, [mail.data]) for mail in mails]
    try:
        outcomes = carry_few(transport, given)
    except TransportError as error:
        return error
    return next((each.answer for each in outcomes if each.kind is not Kind.SENT), "")


def _drafts(issue: IssuePage) -> list[EditionContent]:
    revision = issue.get_latest_revision()
    built = (build_edition(issue, code, revision=revision) for code in CODES)
    return [made for made in built if not made.is_empty]
