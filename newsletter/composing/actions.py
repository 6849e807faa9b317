"""What an editor does with an issue: try it out, and send it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formataddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.footer import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL
from newsletter.composing.pictures import absolute
from newsletter.composing.plan import SendPlan, earlier_dispatch, plan_sending
from newsletter.composing.stories import CODES
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.freeze import sender_of
from newsletter.errors import (
    AlreadyScheduledError,
    AlreadySentError,
    BlockedError,
    NoAddressError,
    NothingToSendError,
)
from newsletter.models import Dispatch, IssuePage, Newsletter


def send_issue(*, issue: IssuePage, by: Any = None) -> Dispatch:
    """Freeze what is published now and begin to send it; at most once per issue.

    Raises `AlreadySentError` with the earlier sending, `BlockedError` when a check
    refuses the issue, `NothingToSendError` when nobody is left at the freeze.
    """
    plan = plan_sending(issue)
    with transaction.atomic():
        dispatch = draft_dispatch(plan=plan, by=by)
        dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=plan.editions)
        return dispatching.start_dispatch(dispatch_id=dispatch.pk)


def draft_dispatch(*, plan: SendPlan, by: Any) -> Dispatch:
    """The one dispatch of this issue, inside the caller's transaction.

    Raises `AlreadySentError` (or `AlreadyScheduledError`) and `BlockedError`.
    """
    # Two clicks at once meet here, and the second one sees the first one's row.
    IssuePage.objects.select_for_update(of=("self",)).get(pk=plan.issue.pk)
    if earlier := earlier_dispatch(plan.issue):
        waits = earlier.state == Dispatch.State.SCHEDULED
        raise (AlreadyScheduledError if waits else AlreadySentError)(earlier.pk)
    if plan.blocking:
        raise BlockedError(plan.why_not)
    return dispatching.create_dispatch(
        newsletter=plan.newsletter,
        title=plan.issue.title,
        issue_page=plan.issue,
        created_by=by,
    )


def send_test(*, issue: IssuePage, user: Any) -> list[str]:
    """Mail the latest draft to the person who asks; returns the languages sent.

    Raises `NoAddressError` without an address, `NothingToSendError` when no language
    has anything to say.
    """
    if not user.email:
        raise NoAddressError("The account has no e-mail address.")
    newsletter = newsletter_of(issue)
    editions = _drafts(issue)
    if not editions:
        raise NothingToSendError("No language of this issue has anything to say.")
    messages = [_test_mail(newsletter, made, user.email) for made in editions]
    get_connection().send_messages(messages)
    return [made.language for made in editions]


def _drafts(issue: IssuePage) -> list[EditionContent]:
    revision = issue.get_latest_revision()
    built = (build_edition(issue, code, revision=revision) for code in CODES)
    return [made for made in built if not made.is_empty]


def _test_mail(
    newsletter: Newsletter, edition: EditionContent, address: str
) -> EmailMultiAlternatives:
    with translation.override(edition.language):
        # Translators: before the subject of a mail that only its editor gets.
        mark = _("[TEST]")
    mail = _mail(newsletter, edition, address)
    mail.subject = f"{mark} {edition.subject}"
    return mail


def _mail(
    newsletter: Newsletter, edition: EditionContent, address: str
) -> EmailMultiAlternatives:
    sender = sender_of(newsletter, edition.language)
    mail = EmailMultiAlternatives(
        subject=edition.subject,
        body=without_people(edition.text, edition.language),
        from_email=formataddr((sender.name, sender.address)),
        to=[address],
        reply_to=[sender.reply_to] if sender.reply_to else [],
        headers={"Content-Language": edition.language},
    )
    mail.attach_alternative(without_people(edition.html, edition.language), "text/html")
    return mail


def without_people(part: str, language: str) -> str:
    """The part with the front page where a subscriber's own links would be."""
    home = absolute(f"/{language}/")
    for placeholder in (VIEW_URL, PREFERENCES_URL, UNSUBSCRIBE_URL):
        part = part.replace(placeholder, home)
    return part


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal wrote and counted."""

    plan: SendPlan
    files: list[Path]


def rehearse_issue(*, issue: IssuePage, folder: Path) -> Rehearsal:
    """Write each edition as an .eml file and count its readers; sends nothing."""
    plan = plan_sending(issue)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language, edition in plan.editions.items():
        mail = _mail(plan.newsletter, edition, settings.DEFAULT_FROM_EMAIL)
        path = folder / f"issue-{issue.pk}-{language}.eml"
        path.write_bytes(mail.message().as_bytes())
        files.append(path)
    return Rehearsal(plan, files)
