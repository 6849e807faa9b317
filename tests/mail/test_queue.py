"""A mail is a row: sent once, retried, failed for good, never lost."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.utils import timezone, translation

from mail import actions
from mail.errors import MailHeaderError, MailLanguageError
from mail.messages import render_message
from mail.models import QueuedMail
from mail.tasks import forget_old_mail

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


@pytest.mark.parametrize(
    ("code", "state"), [(451, "queued"), (550, "failed"), (530, "queued")]
)
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


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        smtplib.SMTPSenderRefused(550, b"not your domain", "news@centro.example"),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPConnectError(554, b"no"),
        TimeoutError("slow"),
    ],
)
def test_what_an_operator_can_mend_loses_no_mail(refusing, error):
    refusing.error = error
    mail = queued()
    actions.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.context["url"]) == ("queued", LINK)
    assert mail.last_error


def test_content_refused_for_good_fails_the_mail_and_drops_its_links(refusing):
    refusing.error = smtplib.SMTPDataError(554, b"spam")
    mail = queued(headers={"List-Unsubscribe": f"<{LINK}>"})
    actions.send_mail(mail_id=mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.context, mail.headers) == ("failed", {}, {})


def test_a_mail_is_tried_for_two_days_and_then_given_up(refusing):
    refusing.error = OSError("unreachable")
    mail, at = queued(), timezone.now()
    started, tries = at, 0
    while mail.state == "queued":
        actions.send_mail(mail_id=mail.pk, at=at)
        mail.refresh_from_db()
        at, tries = max(at, mail.next_at), tries + 1
    assert (mail.state, tries, mail.attempts) == ("failed", 32, 32)
    assert timedelta(days=1) < at - started < timedelta(days=3)


def test_a_mail_that_breaks_its_worker_is_given_up_in_the_end():
    """It raises at every try, as a broken template would."""
    mail, at = queued(template="mail/no_such_mail"), timezone.now()
    for _ in range(actions.MAX_ATTEMPTS):
        with pytest.raises(TemplateDoesNotExist):
            actions.send_mail(mail_id=mail.pk, at=at)
        assert actions.requeue_stuck(at=at) == []  # it might still be at work
        at += timedelta(minutes=11)
        actions.requeue_stuck(at=at)
    mail.refresh_from_db()
    assert (mail.state, mail.context) == ("failed", {})


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "ana@centro.example\r\nBcc: all@centro.example"},
        {"to": "ana@centro.example\n"},
        {"headers": {"X-Topic": "a\r\nBcc: all@centro.example"}},
        {"headers": {"X-A\nBcc": "all@centro.example"}},
        {"headers": {"X-Topic": "a\0"}},
    ],
)
def test_no_header_is_smuggled_in(changes):
    with pytest.raises(MailHeaderError):
        queued(**changes)
    assert not QueuedMail.objects.exists()


def test_line_breaks_in_a_name_stay_out_of_the_subject():
    name = "Semilla\r\nBcc: all@centro.example"
    mail = queued(context={"newsletter_name": name, "confirm_url": LINK})
    actions.send_mail(mail_id=mail.pk)
    message = outbox.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in outbox.outbox[0].subject


def test_a_language_we_do_not_speak_is_refused():
    with pytest.raises(MailLanguageError):
        queued(language="xx")


def test_markup_in_a_name_is_text_in_html_and_itself_in_text():
    name = "Semilla & <b>Cía</b>"
    mail = queued(context={"newsletter_name": name, "confirm_url": LINK})
    actions.send_mail(mail_id=mail.pk)
    sent = outbox.outbox[0]
    assert name in sent.subject
    assert name in sent.body
    html = sent.alternatives[0][0]
    assert "<strong>Semilla &amp; &lt;b&gt;Cía&lt;/b&gt;</strong>" in html


def test_a_mail_says_that_a_machine_sent_it_and_has_one_lasting_id():
    mail = queued()
    actions.send_mail(mail_id=mail.pk)
    first = outbox.outbox[0].message()
    again = render_message(
        template=mail.template,
        language="es",
        to=mail.to,
        context={},
        headers={},
        identity=f"{mail.pk} {mail.created_at.isoformat()}",
    ).message()
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Date"]
    assert first.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_what_became_of_a_mail_is_forgotten_after_a_month(days, left):
    mail = queued()
    actions.send_mail(mail_id=mail.pk)
    waiting = queued()
    past = timezone.now() - timedelta(days=days)
    QueuedMail.objects.update(created_at=past)
    forget_old_mail()
    assert QueuedMail.objects.filter(pk=mail.pk).count() == left
    assert QueuedMail.objects.filter(pk=waiting.pk).exists()


def test_a_mail_of_a_transaction_that_failed_is_not_sent():
    queued_in_vain = pytest.raises(MailHeaderError)
    with queued_in_vain, transaction.atomic():
        queued()
        queued(to="ana@centro.example\n")
    assert actions.requeue_stuck() == []
