"""The mail bench counts right: its sink, and the sender that is its limit."""

from __future__ import annotations

import os
import smtplib
import socket
import time

import pytest

from bench.mail import inside, programs
from bench.mail.letter import letter
from bench.mail.programs import running_sink, send_at_the_limit
from bench.mail.sending import LARGEST, SMALLEST
from bench.report import Report
from newsletter.dispatching.freeze import EditionContent

ENVELOPE = b"MAIL FROM:<a@ana.example>\r\nRCPT TO:<%s>\r\nDATA\r\n"
TO = b"eva@eva.example"
MAILS = [b"", b"Hola\r\n", b"..\r\nuno\r\n.dos\r\n.\r\n\r\n", b"x" * 200_000 + b"\r\n"]
SIZES = [len(mail) for mail in MAILS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    built = tmp_path_factory.mktemp("programs")
    try:
        programs.build(built)
    except programs.NoCompilerError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NOT TESTED: {error}")
    return built


class Client:
    """Bytes in and out of a sink."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.file = self.socket.makefile("rb")
        self.answers(1)

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def say(self, data: bytes, answers: int = 0) -> list[str]:
        self.socket.sendall(data)
        return self.answers(answers)

    def answers(self, count: int) -> list[str]:
        found = []
        while len(found) < count:
            line = self.file.readline().decode()
            if line[3] == " ":
                found.append(line[:3])
        return found


@pytest.fixture
def sink(folder):
    with running_sink(folder) as found:
        yield found


@pytest.fixture
def client(sink):
    found = Client(sink.port)
    found.say(b"EHLO test.example\r\n", 1)
    yield found
    found.close()


def stuffed(mail: bytes) -> bytes:
    dotted = mail.replace(b"\r\n.", b"\r\n..")
    return (b"." if dotted.startswith(b".") else b"") + dotted + b".\r\n"


def sizes_of(counted):
    return counted.accepted, counted.bytes, counted.smallest, counted.largest


ALL_SIZES = (len(MAILS), sum(SIZES), min(SIZES), max(SIZES))


def test_what_smtplib_sends_is_counted(sink):
    with smtplib.SMTP("127.0.0.1", sink.port) as server:
        for mail in MAILS[1:]:
            server.sendmail("a@ana.example", [TO.decode(), "luz@luz.example"], mail)
    counted = sink.counted()
    assert sizes_of(counted) == (3, sum(SIZES), min(SIZES[1:]), max(SIZES))
    assert (counted.recipients, counted.connections) == (6, 2)


def test_what_is_pipelined_is_counted(sink, client):
    assert client.say(ENVELOPE % TO, 3) == ["250", "250", "354"]
    for mail in MAILS[:-1]:
        said = client.say(stuffed(mail) + ENVELOPE % TO, 4)
        assert said == ["250", "250", "250", "354"]
    assert client.say(stuffed(MAILS[-1]) + b"QUIT\r\n", 2) == ["250", "221"]
    assert client.file.read() == b""
    assert sizes_of(sink.counted()) == ALL_SIZES


def test_what_comes_in_any_pieces_is_counted(sink, client):
    for mail in MAILS[:-1]:
        for byte in ENVELOPE % TO + stuffed(mail):
            client.say(bytes([byte]))
        assert client.answers(4) == ["250", "250", "354", "250"]
    assert sizes_of(sink.counted()) == (3, sum(SIZES[:-1]), 0, max(SIZES[:-1]))


def test_everything_may_come_in_one_write(sink, client):
    parts = [ENVELOPE % TO + stuffed(mail) for mail in MAILS] * 50
    assert len(client.say(b"".join(parts), 4 * len(parts))) == 4 * len(parts)
    assert sink.counted().bytes == 50 * sum(SIZES)


def test_only_a_dot_between_whole_line_ends_ends_a_mail(sink, client):
    client.say(ENVELOPE % TO, 3)
    odd = b"a\n.\nb\r.\rc\n.\r\nd\r\n"
    assert client.say(odd + b".\r\n", 1) == ["250"]
    assert sink.counted().bytes == len(odd)


@pytest.mark.parametrize("said", [b"DATA\r\n", b"RCPT TO:<a@a.example>\r\n"])
def test_commands_out_of_turn_are_refused(client, sink, said):
    assert client.say(said, 1) == ["503"]
    assert client.say(b"MAIL FROM:<>\r\nRSET\r\nDATA\r\nX\r\n", 4) == [
        "250", "250", "503", "500",
    ]  # fmt: skip
    assert sink.counted().accepted == 0


def test_a_command_without_end_is_cut_off(client, sink):
    assert client.say(b"x" * 65536, 1) == ["500"]
    assert client.file.read() == b""
    assert sink.counted().accepted == 0


def test_a_mail_that_breaks_off_is_not_counted(sink, client):
    client.say(ENVELOPE % TO + b"Hola\r\n.", 3)
    client.close()
    assert sink.counted().accepted == 0


@pytest.mark.parametrize("option", [(), ("-n",)])
def test_pipelining_is_offered_unless_told(folder, option):
    with running_sink(folder, *option) as sink, smtplib.SMTP() as server:
        server.connect("127.0.0.1", sink.port)
        server.ehlo()
        assert server.has_extn("pipelining") is not bool(option)
        assert server.has_extn("8bitmime")
        assert int(server.esmtp_features["size"]) > 1_000_000


def test_a_late_answer_holds_up_only_its_connection(folder):
    with running_sink(folder, "-l", "200") as sink:
        clients = [Client(sink.port) for _number in range(8)]
        began = time.perf_counter()
        for client in clients:
            client.say(ENVELOPE % TO, 3)
            client.say(stuffed(b"Hola\r\n") + ENVELOPE % TO)
        clients.pop().close()
        for client in clients:
            assert client.answers(4) == ["250", "250", "250", "354"]
            client.close()
        assert 0.2 <= time.perf_counter() - began < 1.0
        assert sink.counted().accepted == 8


def test_accepted_recipients_are_logged(folder, tmp_path):
    log = tmp_path / "accepted"
    with running_sink(folder, "-a", str(log)) as sink:
        with smtplib.SMTP("127.0.0.1", sink.port) as server:
            server.sendmail("a@ana.example", ["b@b.example", "c@c.example"], "Hola\n")
            server.mail("a@ana.example")
            server.rcpt("never@sent.example")
        assert log.read_text().split() == ["b@b.example", "c@c.example"]


@pytest.mark.parametrize(("count", "connections"), [(200, 4), (3, 8), (1, 1)])
def test_the_limit_sends_exactly_what_is_asked(
    folder, tmp_path, sink, count, connections
):
    mail = letter("es").html.replace("\n", "\r\n").encode()
    files = [tmp_path / "one", tmp_path / "other"]
    for file in files:
        file.write_bytes(stuffed(mail).removesuffix(b".\r\n"))
    took = send_at_the_limit(folder, sink.port, count, connections, *files)
    counted = sink.counted()
    assert took > 0
    assert counted.accepted == counted.recipients == count
    assert counted.smallest == counted.largest == len(mail)
    assert counted.connections == connections + 1


@pytest.mark.django_db
def test_filled_readers_are_all_written_to(tmp_path):
    assert inside.fill(3) == {"readers": 3}
    assert inside.fill(5) == inside.fill(5) == {"readers": 5}
    planned = inside.freeze(5)
    counts = inside.counts(planned["dispatch"])
    assert (counts["state"], counts["waiting"], counts["excluded"]) == (
        "sending",
        5,
        {},
    )
    inside.mails(planned["dispatch"], str(tmp_path))
    sizes = {mail.stem: mail.stat().st_size for mail in tmp_path.glob("*.mail")}
    assert sizes.keys() == {"es", "en"}
    assert all(SMALLEST < size < LARGEST for size in sizes.values())


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_letter_is_of_about_that_size_in_any_encoding(lang):
    content: EditionContent = letter(lang)
    assert "{{unsubscribe_url}}" in content.html
    assert "{{unsubscribe_url}}" in content.text
    assert SMALLEST < len((content.html + content.text).encode()) < LARGEST


@pytest.mark.parametrize(
    ("limits", "is_failed"),
    [
        ({}, False),
        ({"limit": 2}, False),
        ({"limit": 1.9}, True),
        ({"least": 2}, False),
        ({"least": 2.1}, True),
    ],
)
def test_a_figure_past_its_limit_fails_the_bench(limits, is_failed):
    report = Report("none", [])
    report.add("twice", 1, 2.0, "times", **limits)
    assert report.is_failed is is_failed


@pytest.mark.parametrize(
    ("wanted", "is_failed"), [({"birdsong"}, True), (set(), False)]
)
def test_a_wanted_row_that_is_skipped_fails_the_bench(wanted, is_failed):
    report = Report("none", [], wanted=wanted)
    report.skipped["birdsong"] = "it cannot be had"
    assert report.is_failed is is_failed
