"""Queue a mail, send it, and wake those that were left lying."""

from __future__ import annotations

import random
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from guards.waking import wake_on_commit
from mail.errors import MailHeaderError, MailLanguageError
from mail.messages import render_message
from mail.models import QueuedMail

State = QueuedMail.State
MAX_ATTEMPTS = 32  # about two days with the delays below
FIRST_DELAY_S = 30
LONGEST_DELAY_S = 2 * 3600
STUCK_AFTER = timedelta(minutes=10)  # far longer than EMAIL_TIMEOUT
KEPT = timedelta(days=30)  # longer than any dedupe key has to hold
NO_LINKS: dict[str, Any] = {"context": {}, "headers": {}}  # personal links stand there
OURS_TO_MEND = {530, 534, 535, 538}  # the server asks for a login, or refuses ours


def queue_mail(
    *,
    template: str,
    language: str,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    dedupe_key: str | None = None,
) -> QueuedMail | None:
    """Note a mail for sending; it goes out once the transaction is committed.

    `context` must be JSON. Returns nothing where `dedupe_key` was queued before.
    Raises `MailLanguageError` and `MailHeaderError` for what could never be sent.
    """
    if language not in dict(settings.LANGUAGES):
        raise MailLanguageError(language)
    _refuse_line_breaks(to, *(headers or {}).keys(), *(headers or {}).values())
    try:
        with transaction.atomic():
            mail = QueuedMail.objects.create(
                template=template,
                language=language,
                to=to,
                context=dict(context),
                headers=dict(headers or {}),
                dedupe_key=dedupe_key,
            )
    except IntegrityError:
        return None
    # By name, since the task calls this module.
    wake_on_commit("mail.tasks.send_queued", mail.pk)
    return mail


def _refuse_line_breaks(*texts: str) -> None:
    if any(character in text for text in texts for character in "\r\n\0"):
        raise MailHeaderError


def send_mail(*, mail_id: int, at: datetime | None = None) -> bool:
    """Send one queued mail; False where it is not due, gone or taken by another.

    SMTP happens outside any transaction. A passing fault, or one that an operator can
    mend, puts the mail back with a growing delay; a refusal of this very mail for good
    fails it. A mail that breaks its worker is counted too, and given up in the end.
    """
    at = at or timezone.now()
    if not _claim(mail_id, at):
        return False
    mail = QueuedMail.objects.get(pk=mail_id)
    message = render_message(
        template=mail.template,
        language=mail.language,
        to=mail.to,
        context=mail.context,
        headers=mail.headers,
        identity=f"{mail.pk} {mail.created_at.isoformat()}",
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        _put_back(mail, at, error)
        return False
    _move(mail, State.SENT, sent_at=timezone.now(), last_error="", **NO_LINKS)
    return True


def requeue_stuck(*, at: datetime | None = None) -> list[int]:
    """Ids of mails to send now: due ones, and those whose worker died over them."""
    at = at or timezone.now()
    stuck = QueuedMail.objects.filter(state=State.SENDING, next_at__lt=at - STUCK_AFTER)
    stuck.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED, last_error="broke off while being sent", **NO_LINKS
    )
    stuck.update(state=State.QUEUED, next_at=at)
    due = QueuedMail.objects.filter(state=State.QUEUED, next_at__lte=at)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:500])


def forget_old(*, at: datetime | None = None) -> int:
    """Delete what became of mails that were sent or given up a month ago."""
    before = (at or timezone.now()) - KEPT
    done = QueuedMail.objects.filter(state__in=[State.SENT, State.FAILED])
    return done.filter(created_at__lt=before).delete()[0]


def forget_mails_to(address: str) -> int:
    """Delete every mail to an address, sent or not; returns how many there were."""
    deleted, _by_model = QueuedMail.objects.filter(to__iexact=address).delete()
    return deleted


def _claim(mail_id: int, at: datetime) -> bool:
    due = QueuedMail.objects.filter(pk=mail_id, state=State.QUEUED, next_at__lte=at)
    claim = {"state": State.SENDING, "next_at": at, "attempts": F("attempts") + 1}
    return bool(due.update(**claim))


def _put_back(mail: QueuedMail, at: datetime, error: OSError) -> None:
    text = str(error)[:500]
    if _is_final(error) or mail.attempts >= MAX_ATTEMPTS:
        _move(mail, State.FAILED, last_error=text, **NO_LINKS)
        return
    delay_s = min(FIRST_DELAY_S * 2**mail.attempts, LONGEST_DELAY_S)
    delay_s *= random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    next_at = at + timedelta(seconds=delay_s)
    _move(mail, State.QUEUED, last_error=text, next_at=next_at)


def _is_final(error: OSError) -> bool:
    """Whether the server refused this recipient or this content for good."""
    codes = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    return any(code >= 500 and code not in OURS_TO_MEND for code in codes)


def _move(mail: QueuedMail, state: str, **changes: Any) -> None:
    """The one writer of the state, after the claim."""
    if state not in QueuedMail.MOVES.get(State(mail.state), set()):
        raise ValueError(f"{mail} cannot go from {mail.state} to {state}")
    QueuedMail.objects.filter(pk=mail.pk, state=mail.state).update(
        state=state, **changes
    )
    mail.state = state
