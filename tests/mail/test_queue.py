"""A mail is a row: sent once, retried, failed for good, never lost."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from mail import actions
from mail.models import QueuedMail

pytestmark = pytest.mark.django_db

LINK = "http://testserver/es/suscripcion/confirmar/x/"


class Refusing(BaseEmailBackend):
    """A mail server that says whatever `error` holds."""

    error: Exception = OSError("unreachable")

    def send_messages(self, messages: list) -> int:
        raise self.error


@pytest.fixture
def refusing(settings):
    settings.EMAIL_BACKEND = "tests.mail.test_queue.Refusing"
    return Refusing


def queued(**changes) -> QueuedMail:
    """A sign-up mail as the newsletter room queues it."""
    values = {
        "template": "newsletter/mails/opt_in",
        "language": "es",
        "to": "ana@centro.example",
        "context": {"newsletter_name": "Semilla", "url": LINK, "confirm_url": LINK},
    }
    return actions.queue_mail(**{**values, **changes})


@pytest.mark.parametrize(("lang", "word"), [("es", "Confirme"), ("en", "confirm")])
def test_a_mail_is_in_its_own_language_whatever_is_active(lang, word):
    mail = queued(language=lang)
    with translation.override("en" if lang == "es" else "es"):
        assert actions.send_mail(mail_id=mail.pk)
    sent = outbox.outbox[0]
    assert word in sent.subject
    assert sent.extra_headers["Content-Language"] == lang
    html = sent.alternatives[0][0]
    assert f'<html lang="{lang}"' in html
    assert "[[" not in html
    assert "prefers-color-scheme: dark" in html


def test_a_second_run_sends_nothing():
    mail = queued()
    assert actions.send_mail(mail_id=mail.pk)
    assert not actions.send_mail(mail_id=mail.pk)
    assert len(outbox.outbox) == 1


def test_the_personal_links_go_with_the_mail():
    mail = queued()
    actions.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.context) == ("sent", {})


def test_the_same_key_is_queued_once():
    assert queued(dedupe_key="opt-in:1")
    assert queued(dedupe_key="opt-in:1") is None


def test_a_passing_fault_is_tried_again_later(refusing):
    refusing.error = OSError("unreachable")
    mail = queued()
    assert not actions.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 1)
    assert mail.next_at > timezone.now() + timedelta(seconds=20)
    assert not actions.send_mail(mail_id=mail.pk)


@pytest.mark.parametrize(("code", "state"), [(451, "queued"), (550, "failed")])
def test_only_a_refusal_for_good_fails_a_mail(refusing, code, state):
    answer = {"ana@centro.example": (code, b"no")}
    refusing.error = smtplib.SMTPRecipientsRefused(answer)
    mail = queued()
    actions.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert mail.state == state


def test_what_a_killed_worker_left_lying_is_woken():
    mail = queued()
    QueuedMail.objects.update(
        state="sending", next_at=timezone.now() - timedelta(hours=1)
    )
    assert actions.requeue_stuck() == [mail.pk]
    assert actions.send_mail(mail_id=mail.pk)
