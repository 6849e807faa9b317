"""Plain SMTP, spoken with a real server on a socket."""

from __future__ import annotations

import socket

import pytest

from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind
from newsletter.delivery.smtp import (
    ConnectionLostError,
    RelayRefusedError,
    SmtpTransport,
)

MAIL = b"Subject: hola\r\n\r\n..stuffed\r\nFin\r\n"


@pytest.fixture
def session(sink):
    session = SmtpTransport("127.0.0.1", sink.port, timeout_s=5).connect()
    yield session
    session.close()


class Handover:
    count = 0

    def __call__(self) -> None:
        self.count += 1


def deliver(session, to: str, sender: str = "news@pregon.example"):
    note = Handover()
    return session.deliver(sender, to, MAIL, note), note.count


def test_mails_go_one_after_the_other_on_one_connection(sink, session):
    assert deliver(session, "ana@lectores.example") == (SENT, 1)
    assert deliver(session, "eva@lectores.example") == (SENT, 1)
    assert sink.mails == [
        ("ana@lectores.example", MAIL),
        ("eva@lectores.example", MAIL),
    ]


def test_a_refused_recipient_is_never_handed_over_and_the_next_goes(sink, session):
    outcome, handed_over = deliver(session, "550-5.1.1@lectores.example")
    assert (outcome.kind, handed_over) == (Kind.FAILED, 0)
    assert outcome.is_dead_mailbox
    outcome, handed_over = deliver(session, "451-4.7.1@lectores.example")
    assert (outcome.kind, handed_over) == (Kind.RETRY, 0)
    assert deliver(session, "ana@lectores.example") == (SENT, 1)
    assert [to for to, _data in sink.mails] == ["ana@lectores.example"]


def test_no_answer_after_the_hand_over_is_uncertain(session):
    assert deliver(session, "drop-end@lectores.example") == (UNCERTAIN, 1)


@pytest.mark.parametrize("name", ["odd-words", "odd-150", "odd-354"])
def test_an_answer_that_is_no_verdict_is_uncertain(sink, session, name):
    assert deliver(session, f"{name}@lectores.example") == (UNCERTAIN, 1)
    with pytest.raises(ConnectionLostError):
        deliver(session, "ana@lectores.example")


@pytest.mark.parametrize(("name", "kind"), [("451", "retry"), ("554", "failed")])
def test_a_refusal_after_the_content_is_a_verdict(session, name, kind):
    outcome, handed_over = deliver(session, f"odd-{name}@lectores.example")
    assert (outcome.kind, outcome.stage, handed_over) == (Kind(kind), "END", 1)
    assert deliver(session, "ana@lectores.example") == (SENT, 1)


def test_a_connection_cut_before_the_hand_over_sent_nothing(session):
    with pytest.raises(ConnectionLostError):
        deliver(session, "drop-rcpt@lectores.example")


def test_421_closes_the_connection_and_blames_nobody(session):
    with pytest.raises(ConnectionLostError):
        deliver(session, "421-4.3.2@lectores.example")


def test_a_refused_sender_is_the_servers_trouble_with_us(session):
    with pytest.raises(RelayRefusedError, match="sender not allowed"):
        deliver(session, "ana@lectores.example", sender="refused@pregon.example")


def test_no_server_is_one_clear_error():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(RelayRefusedError, match=f"127.0.0.1:{port}"):
        SmtpTransport("127.0.0.1", port, timeout_s=2).connect()


def test_a_server_without_starttls_is_refused_when_it_is_asked_for(sink):
    with pytest.raises(RelayRefusedError):
        SmtpTransport("127.0.0.1", sink.port, starttls=True, timeout_s=2).connect()
