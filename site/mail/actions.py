"""Queue a mail, send it, and wake those that were left lying."""

from __future__ import annotations

import logging
import random
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from mail.messages import render_message
from mail.models import QueuedMail

logger = logging.getLogger(__name__)
State = QueuedMail.State
MAX_ATTEMPTS = 8
FIRST_DELAY_S = 30
STUCK_AFTER = timedelta(minutes=10)  # far longer than EMAIL_TIMEOUT


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
    """
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
    transaction.on_commit(lambda: _wake(mail.pk))
    return mail


def _wake(mail_id: int) -> None:
    """Send it from a worker; by name, since the task calls this module."""
    try:
        current_app.send_task("mail.tasks.send_queued", [mail_id], queue="mail")
    except OperationalError:
        logger.warning("No broker: mail %s waits for the next round", mail_id)


def send_mail(*, mail_id: int, at: datetime | None = None) -> bool:
    """Send one queued mail; False where it is not due, gone or taken by another.

    SMTP happens outside any transaction. A passing fault puts the mail back with a
    growing delay; a refusal for good (5xx) fails it.
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
        identity=mail.pk,
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        _put_back(mail, at, str(error), for_good=code >= 500)
        return False
    except (smtplib.SMTPException, OSError) as error:
        code = getattr(error, "smtp_code", 0) or 0
        _put_back(mail, at, str(error), for_good=code >= 500)
        return False
    _move(mail, State.SENT, sent_at=timezone.now(), context={}, last_error="")
    return True


def requeue_stuck(*, at: datetime | None = None) -> list[int]:
    """Ids of mails to send now: due ones, and those whose worker died over them."""
    at = at or timezone.now()
    stuck = QueuedMail.objects.filter(state=State.SENDING, next_at__lt=at - STUCK_AFTER)
    stuck.update(state=State.QUEUED, next_at=at)
    due = QueuedMail.objects.filter(state=State.QUEUED, next_at__lte=at)
    return list(due.order_by("next_at").values_list("pk", flat=True)[:500])


def _claim(mail_id: int, at: datetime) -> bool:
    due = QueuedMail.objects.filter(pk=mail_id, state=State.QUEUED, next_at__lte=at)
    return bool(due.update(state=State.SENDING, next_at=at))


def _put_back(mail: QueuedMail, at: datetime, error: str, *, for_good: bool) -> None:
    attempts = mail.attempts + 1
    if for_good or attempts >= MAX_ATTEMPTS:
        _move(mail, State.FAILED, attempts=attempts, last_error=error, context={})
        return
    delay_s = FIRST_DELAY_S * 2**attempts * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
    next_at = at + timedelta(seconds=delay_s)
    _move(mail, State.QUEUED, attempts=attempts, last_error=error, next_at=next_at)


def _move(mail: QueuedMail, state: str, **changes: Any) -> None:
    """The one writer of the state, after the claim."""
    if state not in QueuedMail.MOVES.get(State(mail.state), set()):
        raise ValueError(f"{mail} cannot go from {mail.state} to {state}")
    QueuedMail.objects.filter(pk=mail.pk, state=mail.state).update(
        state=state, **changes
    )
    mail.state = state
