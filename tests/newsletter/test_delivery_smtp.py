"""SMTP in groups and step by step, spoken with a real server on a socket."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from newsletter.delivery import lines
from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind, Outcome
from newsletter.delivery.smtp import SmtpTransport
from newsletter.delivery.transport import Mail

DATA = b"Subject: hola\r\n\r\n..stuffed\r\nFin\r\n"


class Batch:
    """Mails to named people at lectores.example, and what became of each."""

    def __init__(self, *names: str, sender: str = "news@pregon.example"):
        self.waiting = [
            Mail(sender, f"{name}@lectores.example", [DATA], name) for name in names
        ]
        self.handed_over: list[str] = []
        self.outcomes: dict[str, Outcome] = {}
        self.given_back: dict[str, str] = {}

    def take(self):
        return self.waiting.pop(0) if self.waiting else None

    def wait_s(self):
        return 0 if self.waiting else None

    def handing_over(self, mail):
        self.handed_over.append(mail.tag)

    def settle(self, mail, outcome):
        assert mail.tag not in self.outcomes
        self.outcomes[mail.tag] = outcome

    def give_back(self, mail, why=""):
        self.given_back[mail.tag] = why

    def kinds(self) -> dict[str, Kind]:
        return {name: outcome.kind for name, outcome in self.outcomes.items()}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Connections are opened again at once."""
    monkeypatch.setattr(lines, "FIRST_WAIT_S", 0.001)


@pytest.fixture(params=[True, False], ids=["pipelining", "step by step"])
def server(request, sink):
    """A server that takes groups of commands, and one that takes them one by one."""
    sink.is_pipelining = request.param
    return sink


def carry(server, *names: str, connections: int = 1, **options) -> tuple[Batch, str]:
    batch = Batch(*names, **options)
    transport = SmtpTransport("127.0.0.1", server.port, timeout_s=5, answer_timeout_s=5)
    return batch, transport.carry(batch, connections)


def wait_for(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def taken(server) -> list[str]:
    return [to.partition("@")[0] for to, _data in server.mails]


def test_mails_go_one_after_the_other_on_one_connection(server):
    batch, trouble = carry(server, "ana", "eva", "leo")
    assert (batch.outcomes, trouble) == (dict.fromkeys(("ana", "eva", "leo"), SENT), "")
    assert batch.handed_over == ["ana", "eva", "leo"]
    assert server.mails == [
        (f"{name}@lectores.example", DATA) for name in ("ana", "eva", "leo")
    ]


def test_several_connections_share_the_mails(server):
    names = [f"r{number}" for number in range(50)]
    batch, _trouble = carry(server, *names, connections=4)
    assert batch.outcomes == dict.fromkeys(names, SENT)
    assert sorted(taken(server)) == sorted(names)


class SlowToOpen(SmtpTransport):
    """Every connection but the first waits until it is let, or is refused."""

    def __init__(self, port: int) -> None:
        super().__init__("127.0.0.1", port, timeout_s=5, answer_timeout_s=5)
        vars(self).update(begun=[], opened=[], go_on=threading.Event(), refused=0)

    def _open(self):
        self.begun.append(len(self.begun) + 1)
        if self.begun[-1] > 1:
            if self.refused:
                raise OSError("too many connections")
            assert self.go_on.wait(5)
        server = super()._open()
        self.opened.append(server.sock)
        return server


class Unhurried(Batch):
    """The last mail is only settled when a second connection has begun to open."""

    def settle(self, mail, outcome):
        if not self.waiting:
            wait_for(lambda: len(self.transport.begun) > 1)
        super().settle(mail, outcome)


def unhurried(transport: SlowToOpen, count: int) -> Unhurried:
    batch = Unhurried(*(f"r{number}" for number in range(count)))
    batch.transport = transport
    return batch


def test_a_connection_that_takes_long_to_open_holds_up_no_other(sink):
    transport = SlowToOpen(sink.port)
    batch = unhurried(transport, 10)
    assert transport.carry(batch, 3) == ""
    assert not transport.go_on.is_set()
    assert (len(batch.outcomes), batch.given_back) == (10, {})


def test_a_connection_that_opens_too_late_is_closed(sink):
    transport = SlowToOpen(sink.port)
    transport.carry(unhurried(transport, 2), 2)
    transport.go_on.set()
    wait_for(lambda: [each.fileno() for each in transport.opened] == [-1, -1])


def test_a_connection_that_has_opened_helps(sink):
    transport = SlowToOpen(sink.port)
    transport.go_on.set()
    sink.latency_s = 0.02
    names = [f"r{number}" for number in range(20)]
    batch = Batch(*names)
    assert transport.carry(batch, 4) == ""
    assert len(transport.opened) == 4
    assert batch.outcomes == dict.fromkeys(names, SENT)


def test_connections_that_are_refused_beside_one_that_works_do_no_harm(sink):
    transport = SlowToOpen(sink.port)
    vars(transport).update(refused=1)
    batch = unhurried(transport, 10)
    assert transport.carry(batch, 4) == ""
    assert (len(batch.outcomes), batch.given_back) == (10, {})
    assert len(transport.opened) == 1


def test_an_answer_of_several_lines_is_one_answer(server):
    batch, _trouble = carry(server, "odd-long", "ana")
    assert batch.outcomes == {"odd-long": SENT, "ana": SENT}


@pytest.mark.parametrize("liar", ["", "+liar"])
def test_a_refused_recipient_is_never_handed_over_and_the_next_goes(server, liar):
    gone, busy = f"550-5.1.1{liar}", f"451-4.7.1{liar}"
    batch, _trouble = carry(server, gone, busy, "ana", gone + "x")
    assert batch.kinds() | {gone + "x": None} == {
        gone: Kind.FAILED,
        busy: Kind.RETRY,
        "ana": Kind.SENT,
        gone + "x": None,
    }
    assert batch.outcomes[gone].is_dead_mailbox
    assert batch.handed_over == ["ana", gone + "x"]
    assert taken(server) == ["ana", gone + "x"]


def test_letters_outside_ascii_go_to_a_server_that_takes_them(server):
    server.takes_utf8 = True
    names = ["ñandú", "ana", "ñu", "eva"]
    batch, _trouble = carry(server, *names)
    assert batch.outcomes == dict.fromkeys(names, SENT)
    assert taken(server) == names


def test_letters_outside_ascii_fail_alone_where_the_server_does_not_offer_it(server):
    batch, trouble = carry(server, "ñandú", "ana", "ñu", "ño", "eva", "ñam")
    assert {name for name in batch.kinds() if name.isascii()} == {"ana", "eva"}
    assert taken(server) == batch.handed_over == ["ana", "eva"]
    assert batch.outcomes["ñu"].kind is Kind.FAILED
    assert "no letters outside ASCII" in batch.outcomes["ñu"].answer
    assert (len(batch.outcomes), trouble) == (6, "")


def test_no_answer_after_the_hand_over_is_uncertain_and_the_next_goes(server):
    batch, trouble = carry(server, "ana", "drop-end", "eva")
    assert batch.outcomes == {"ana": SENT, "drop-end": UNCERTAIN} | (
        {} if "eva" in batch.given_back else {"eva": SENT}
    )
    assert trouble == ""


@pytest.mark.parametrize("name", ["odd-words", "odd-150", "odd-354"])
def test_an_answer_that_is_no_verdict_is_uncertain(server, name):
    batch, _trouble = carry(server, name)
    assert batch.outcomes == {name: UNCERTAIN}
    assert batch.handed_over == [name]


def test_one_answer_too_many_is_not_taken_for_the_next_mails(server):
    batch, _trouble = carry(server, "odd-twice", "odd-554", "ana")
    assert batch.outcomes["odd-twice"] in {SENT, UNCERTAIN}
    assert "odd-554" in batch.given_back or (
        batch.outcomes["odd-554"].stage == "END"  # had not been announced yet
    )
    assert batch.outcomes["ana"] == SENT


@pytest.mark.parametrize(("name", "kind"), [("451", "retry"), ("554", "failed")])
def test_a_refusal_after_the_content_is_a_verdict(server, name, kind):
    batch, _trouble = carry(server, f"odd-{name}", "ana")
    outcome = batch.outcomes[f"odd-{name}"]
    assert (outcome.kind, outcome.stage) == (Kind(kind), "END")
    assert batch.outcomes["ana"] == SENT


@pytest.mark.parametrize("name", ["drop-rcpt", "421-4.3.2", "noise"])
def test_a_connection_lost_before_the_hand_over_sent_nothing(server, name):
    batch, _trouble = carry(server, name, "ana")
    assert set(batch.given_back) == {name}
    assert batch.given_back[name]
    assert batch.outcomes == {"ana": SENT}
    assert batch.handed_over == ["ana"]


def test_421_after_the_content_refuses_it_and_ends_the_connection(server):
    batch, _trouble = carry(server, "odd-421", "ana", "eva")
    assert batch.outcomes["odd-421"].kind is Kind.RETRY
    assert batch.outcomes["eva"] == SENT


def test_a_server_that_drops_every_connection_is_left_in_peace(server):
    names = ["drop-rcpt"] * 30
    batch, trouble = carry(server, *names, connections=3)
    assert "closed the connection" in trouble
    assert len(batch.waiting) > 15
    assert batch.outcomes == {}


def test_a_refused_sender_is_the_servers_trouble_with_us(server):
    batch, trouble = carry(server, "ana", "eva", sender="refused@pregon.example")
    assert "sender not allowed" in trouble
    assert batch.outcomes == {}
    assert batch.given_back == {"ana": ""}


def test_a_silent_server_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        batch = Batch("ana")
        port = deaf.getsockname()[1]
        trouble = SmtpTransport("127.0.0.1", port, timeout_s=0.2).carry(batch, 1)
    assert "timed out" in trouble
    assert batch.given_back == {"ana": ""}


GARBAGE = {
    "bytes": b"\xff\x00\xfe what?\r\n",
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n<html></html>",
    "one long line": b"x" * 20_000 + b"\r\n",
    "bytes after the greeting": b"220 hello\r\n\xff\xff\xff\xff\r\n" * 3,
    "an answer that does not end": b"220 hello\r\n250-\r\n",
}


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
def test_a_server_that_talks_garbage_gets_no_mail(garbage):
    def talk():
        with odd.accept()[0] as connection, contextlib.suppress(ConnectionError):
            connection.sendall(garbage)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)

    batch = Batch("ana", "eva")
    with socket.create_server(("127.0.0.1", 0)) as odd:
        thread = threading.Thread(target=talk)
        thread.start()
        port = odd.getsockname()[1]
        trouble = SmtpTransport("127.0.0.1", port, timeout_s=2).carry(batch, 1)
        thread.join()
    assert f"127.0.0.1:{port}" in trouble
    assert (batch.outcomes, batch.given_back) == ({}, {"ana": ""})


def test_a_verdict_that_does_not_come_is_uncertain(sink):
    sink.latency_s = 3
    batch = Batch("ana")
    transport = SmtpTransport("127.0.0.1", sink.port, answer_timeout_s=0.2)
    assert transport.carry(batch, 1) == ""
    assert batch.outcomes == {"ana": UNCERTAIN}


def test_no_server_is_one_clear_error():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    batch = Batch("ana", "eva")
    trouble = SmtpTransport("127.0.0.1", port, timeout_s=2).carry(batch, 3)
    assert f"127.0.0.1:{port}" in trouble
    assert batch.outcomes == {}


def test_a_server_without_starttls_is_refused_when_it_is_asked_for(sink):
    transport = SmtpTransport("127.0.0.1", sink.port, starttls=True, timeout_s=2)
    assert "STARTTLS" in transport.carry(Batch("ana"), 1)
