"""The sending loop and its journal, against a store in memory."""

from __future__ import annotations

import email
import os

import pytest

from newsletter.delivery import journal as journals
from newsletter.delivery import message, sender
from newsletter.delivery.buckets import FileBuckets
from newsletter.delivery.fakes import MemoryStore, RecordingTransport
from newsletter.delivery.journal import open_journal, visit_abandoned
from newsletter.delivery.message import Link, Sender
from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind, Outcome
from newsletter.delivery.pacing import Limit, Pacer
from newsletter.delivery.transport import ConnectionLostError, RelayRefusedError

SIGNS = {"leave": lambda subject: b"leave-" + subject}
WIRE = message.compile(
    subject="Noviembre",
    html='<a href="{{unsubscribe_url}}">Baja</a>',
    text="Baja: {{unsubscribe_url}}\n",
    language="es",
    sender=Sender("Pregón", "news@pregon.example"),
    view_url="https://p.example/",
    links={
        "unsubscribe_url": Link("leave", "https://p.example/baja/", "/"),
        "one_click_url": Link("leave", "https://p.example/u/", "/"),
    },
)


class Killed(BaseException):
    """Stands for kill -9: nothing after it runs but what the kernel keeps."""


def addresses(count: int, first: int = 1) -> list[str]:
    return [f"r{number}@lectores.example" for number in range(first, first + count)]


def paced(folder, per_minute: int, **options) -> Pacer:
    return Pacer([Limit("news", per_minute, **options)], FileBuckets(folder))


def send(store, transport, folder, **options):
    journal = open_journal(folder)
    try:
        sender.recover(store, journal)
        known = {"connections": 3, "budget_s": 30, "pacer": paced(folder, 0)}
        settings = known | options
        return sender.run(store=store, transport=transport, journal=journal, **settings)
    finally:
        journal.release()


def test_everyone_gets_exactly_one_mail_with_their_own_links(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(40), addresses(7, 41)])
    transport = RecordingTransport()
    report = send(store, transport, tmp_path)
    assert sorted(transport.recipients) == sorted(addresses(47))
    assert report.outcomes[Kind.SENT] == 47
    assert set(store.ledger().values()) == {Kind.SENT}
    mails = {to: email.message_from_bytes(data) for to, data in transport.accepted}
    mail = mails["r12@lectores.example"]
    assert mail["To"] == "r12@lectores.example"
    assert mail["Message-ID"] == "<1.12@pregon.example>"
    assert mail["List-Unsubscribe"] == "<https://p.example/u/leave-12/>"


def test_a_mail_is_in_the_journal_before_it_leaves_and_before_anybody_waits(tmp_path):
    seen = []

    def look(*_count: int) -> None:
        text = next(tmp_path.glob("*.journal")).read_text()
        seen.append((text.count("\nS "), text.count("\nA ")))

    class PausesOnce(Pacer):
        asked = 0

        def take(self) -> bool:
            self.asked += 1
            if self.asked == 4:
                look()
            return self.asked != 3

    store = MemoryStore(WIRE, SIGNS, [addresses(3)])
    transport = RecordingTransport(on_accept=look)
    send(store, transport, tmp_path, pacer=PausesOnce([], FileBuckets(tmp_path)))
    assert seen == [(1, 0), (2, 1), (2, 2), (3, 2)]


def test_a_second_run_sends_nothing(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(9)])
    transport = RecordingTransport()
    send(store, transport, tmp_path)
    send(store, transport, tmp_path)
    assert len(transport.accepted) == 9


def test_refusals_are_kept_with_the_servers_words(tmp_path):
    script = {
        "r1@lectores.example": [Outcome.from_reply("RCPT", 550, "5.1.1 No such user")],
        "r2@lectores.example": [Outcome.from_reply("RCPT", 451, "4.7.1 Greylisted")],
        "r3@lectores.example": [Outcome.from_reply("END", 554, "5.7.1 Spam")],
        "r4@lectores.example": [UNCERTAIN],
    }
    store = MemoryStore(WIRE, SIGNS, [addresses(5)])
    send(store, RecordingTransport(script), tmp_path)
    assert store.ledger() == {
        1: Kind.FAILED,
        2: Kind.RETRY,
        3: Kind.FAILED,
        4: Kind.UNCERTAIN,
        5: Kind.SENT,
    }
    assert store.chunks[0].finished[1].answer == "RCPT 550 5.1.1 No such user"


@pytest.mark.parametrize(
    ("stage", "code", "text", "dead"),
    [
        ("RCPT", 550, "5.1.1 No such user", True),
        ("RCPT", 550, "5.1.10 Null MX", True),
        ("RCPT", 550, "5.2.1 Disabled", True),
        ("RCPT", 550, "5.1.6 Moved", True),
        ("RCPT", 550, "5.7.1 Blocked for policy", False),
        ("RCPT", 552, "5.2.2 Mailbox full", False),
        ("RCPT", 550, "No such user", False),
        ("RCPT", 550, "5.1.11 Something else", False),
        ("END", 550, "5.1.1 No such user", False),
        ("RCPT", 450, "5.1.1 Odd", False),
    ],
)
def test_only_a_dead_mailbox_at_rcpt_counts_as_dead(stage, code, text, dead):
    assert Outcome.from_reply(stage, code, text).is_dead_mailbox is dead


def test_a_lost_connection_before_hand_over_is_tried_again_on_a_new_one(tmp_path):
    script = {"r2@lectores.example": [ConnectionLostError("421 going down")]}
    store = MemoryStore(WIRE, SIGNS, [addresses(5)])
    transport = RecordingTransport(script)
    send(store, transport, tmp_path)
    assert sorted(transport.recipients) == addresses(5)
    assert set(store.ledger().values()) == {Kind.SENT}


def test_a_mail_that_always_loses_the_connection_waits_its_turn(tmp_path):
    script = {"r2@lectores.example": [ConnectionLostError("gone")] * 50}
    store = MemoryStore(WIRE, SIGNS, [addresses(5)])
    send(store, RecordingTransport(script), tmp_path)
    assert store.ledger()[2] is Kind.RETRY


def test_a_server_that_refuses_us_leaves_everyone_waiting(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(20)])
    report = send(store, RecordingTransport(sessions=0), tmp_path)
    assert "too many connections" in report.trouble
    assert store.ledger() == {}
    assert len(store.chunks[0].waiting) == 20


def test_fewer_connections_than_wanted_still_send_everything(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(20), addresses(20, 21)])
    transport = RecordingTransport(sessions=1)
    report = send(store, transport, tmp_path)
    assert report.trouble == ""
    assert sorted(transport.recipients) == sorted(addresses(40))


def test_a_sender_address_that_is_refused_fails_nobody(tmp_path):
    refused = RelayRefusedError("550 sender not allowed")
    script = {to: [refused] for to in addresses(20)}
    store = MemoryStore(WIRE, SIGNS, [addresses(20)])
    report = send(store, RecordingTransport(script), tmp_path)
    assert "sender not allowed" in report.trouble
    assert store.ledger() == {}


def test_a_pause_drains_what_is_in_flight_and_gives_the_rest_back(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(600)])

    def pause(count):
        if count == 5:
            store.wanted = False

    transport = RecordingTransport(on_accept=pause)
    send(store, transport, tmp_path, pacer=paced(tmp_path, 600))
    sent = len(transport.accepted)
    assert 5 <= sent < 600
    assert len(store.chunks[0].waiting) == 600 - sent
    store.wanted = True
    send(store, transport, tmp_path)
    assert sorted(transport.recipients) == sorted(addresses(600))


def refusing(names: list[str]) -> dict[str, list[Outcome]]:
    no = Outcome.from_reply("RCPT", 550, "5.7.1 Blocked for policy")
    return {name: [no] for name in names}


def test_a_server_that_refuses_too_many_is_not_asked_further(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(100), addresses(100, 101)])
    transport = RecordingTransport(refusing(addresses(200)[::3]))
    report = send(store, transport, tmp_path)
    assert report.is_burning
    assert report.refused == 25
    assert len(transport.accepted) < 60
    assert sum(len(chunk.waiting) for chunk in store.chunks) == 200 - report.tried


def test_a_tenth_of_refusals_is_an_old_list_and_goes_on(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(400)])
    transport = RecordingTransport(refusing(addresses(400)[9::10]))
    report = send(store, transport, tmp_path)
    assert not report.is_burning
    assert len(transport.accepted) == 360


def test_a_run_ends_with_its_budget(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(600)])
    transport = RecordingTransport()
    send(store, transport, tmp_path, pacer=paced(tmp_path, 600), budget_s=1)
    assert (
        len(transport.accepted) <= 30
    )  # a burst of ten, and ten in each of two seconds
    assert len(store.chunks[0].waiting) == 600 - len(transport.accepted) > 0


def test_a_run_that_would_have_to_wait_too_long_leaves_at_once(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(20)])
    transport = RecordingTransport()
    pacer = paced(tmp_path, 0, per_hour=7)
    report = send(store, transport, tmp_path, pacer=pacer)
    assert len(transport.accepted) == 7
    assert 3500 < report.rest_s <= 3660
    assert len(store.chunks[0].waiting) == 13
    assert store.ledger() == dict.fromkeys(range(1, 8), Kind.SENT)


def test_a_mail_that_did_not_go_is_none_of_the_hour(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(5)])
    refused = RelayRefusedError("not now")
    down = RecordingTransport(dict.fromkeys(addresses(5), [refused] * 9))
    for _again in range(2):
        send(store, down, tmp_path, pacer=paced(tmp_path, 0, per_hour=5))
    transport = RecordingTransport()
    send(store, transport, tmp_path, pacer=paced(tmp_path, 0, per_hour=5))
    assert len(transport.accepted) == 5


def test_where_the_limits_are_out_of_reach_mails_on_the_way_are_finished(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(400)])
    folder = tmp_path / "buckets"
    folder.mkdir()

    def lose(count):
        if count == 250:
            folder.rename(tmp_path / "elsewhere")

    pacer = paced(folder, 0, per_hour=10_000)
    report = send(store, RecordingTransport(on_accept=lose), tmp_path, pacer=pacer)
    assert report.is_out_of_step
    assert "No such file" in report.trouble
    assert report.outcomes[Kind.SENT] == 300  # what the last handful allowed
    assert len(store.chunks[0].waiting) == 100
    (tmp_path / "elsewhere").rename(folder)
    pacer = paced(folder, 0, per_hour=10_000)
    send(store, RecordingTransport(), tmp_path, pacer=pacer)
    assert list(store.ledger().values()) == [Kind.SENT] * 400


class Hoarding:
    """Takes all mails it can get before it sends one."""

    def carry(self, mails, connections):
        self.most = 0
        while mails.wait_s() is not None:
            taken = []
            while (mail := mails.take()) is not None:
                taken.append(mail)
            self.most = max(self.most, len(taken))
            for mail in taken:
                mails.settle(mail, SENT)
        return ""


@pytest.mark.parametrize("connections", [1, 3])
def test_no_more_chunks_are_held_than_connections(tmp_path, connections):
    store = MemoryStore(WIRE, SIGNS, [addresses(5, first) for first in range(1, 40, 5)])
    transport = Hoarding()
    send(store, transport, tmp_path, connections=connections)
    assert transport.most == connections * 5
    assert list(store.ledger().values()) == [Kind.SENT] * 40


def die_after(store, folder, accepted: list[int], started: list[int] = ()):
    """A worker claims, hands over `accepted` and `started`, and is killed."""
    journal = open_journal(folder)
    sender.recover(store, journal)
    claim = store.claim(journal.worker)
    for subscriber in accepted:
        journal.start(claim.lease, subscriber)
        journal.finish(claim.lease, subscriber, SENT)
    for subscriber in started:
        journal.start(claim.lease, subscriber)
    journal.release()
    return claim


def test_recovery_tells_sent_from_uncertain_from_untouched(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(10)])
    die_after(store, tmp_path, accepted=[1, 2, 3], started=[4])
    transport = RecordingTransport()
    send(store, transport, tmp_path)
    assert sorted(transport.recipients) == sorted(addresses(6, 5))
    assert store.ledger()[4] is Kind.UNCERTAIN
    assert [store.ledger()[number] for number in (1, 2, 3)] == [Kind.SENT] * 3


def test_a_second_crash_frees_nobody_whom_the_first_worker_had_sent_to(tmp_path):
    """The prototype's bug: 904 duplicates in 40,000 (accepted rows not finalised)."""
    store = MemoryStore(WIRE, SIGNS, [addresses(200)])
    die_after(store, tmp_path, accepted=list(range(1, 151)))
    die_after(store, tmp_path, accepted=[])
    transport = RecordingTransport()
    send(store, transport, tmp_path)
    assert sorted(transport.recipients) == sorted(addresses(50, 151))
    assert set(store.ledger().values()) == {Kind.SENT}


def test_another_worker_of_the_machine_closes_what_a_dead_one_left(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(4)])
    die_after(store, tmp_path, accepted=[1], started=[2])
    assert visit_abandoned(tmp_path, lambda each: sender.recover(store, each)) == 1
    assert store.ledger() == {1: Kind.SENT, 2: Kind.UNCERTAIN}
    assert sorted(store.chunks[0].waiting) == [3, 4]


def test_a_journal_that_cannot_be_opened_is_free_for_the_next(tmp_path, monkeypatch):
    open_journal(tmp_path).release()
    with monkeypatch.context() as full:
        full.setattr(journals, "_boot_id", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            visit_abandoned(tmp_path, lambda each: 1)
        with pytest.raises(ZeroDivisionError):
            open_journal(tmp_path)
    assert visit_abandoned(tmp_path, lambda each: 1) == 1


def test_a_living_worker_is_not_recovered(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(4)])
    journal = open_journal(tmp_path)
    store.claim(journal.worker)
    assert visit_abandoned(tmp_path, lambda each: pytest.fail(each.worker)) == 0
    other = open_journal(tmp_path)
    assert other.worker != journal.worker
    other.release()
    journal.release()
    again = open_journal(tmp_path)
    assert again.worker == journal.worker
    again.release()


def test_without_its_journal_a_lease_is_uncertain_as_a_whole(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(4)])
    die_after(store, tmp_path, accepted=[1])
    next(tmp_path.glob("*.journal")).unlink()
    transport = RecordingTransport()
    send(store, transport, tmp_path)
    assert transport.accepted == []
    assert set(store.ledger().values()) == {Kind.UNCERTAIN}


def test_after_a_restart_of_the_machine_only_what_is_written_is_believed(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(4)])
    die_after(store, tmp_path, accepted=[1])
    path = next(tmp_path.glob("*.journal"))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(["J another-boot\n", *lines[1:]]))
    transport = RecordingTransport()
    send(store, transport, tmp_path)
    assert transport.accepted == []
    assert store.ledger() == {
        1: Kind.SENT,
        2: Kind.UNCERTAIN,
        3: Kind.UNCERTAIN,
        4: Kind.UNCERTAIN,
    }


def test_a_torn_last_line_is_not_believed(tmp_path):
    journal = open_journal(tmp_path)
    journal.clear()
    journal.start((1, 1), 7)
    with next(tmp_path.glob("*.journal")).open("a") as file:
        file.write("A 1.1 7")
    assert journal.verdicts() == {(1, 1): {7: UNCERTAIN}}
    journal.release()


def test_refusals_survive_a_crash_with_their_words(tmp_path):
    journal = open_journal(tmp_path)
    refused = Outcome.from_reply("RCPT", 550, "5.1.1 Señor\r\nnobody")
    journal.start((4, 2), 9)
    journal.finish((4, 2), 9, refused)
    assert journal.verdicts() == {(4, 2): {9: refused}}
    assert refused.is_dead_mailbox
    journal.release()


def test_a_crash_in_the_middle_of_a_run_leaves_a_journal_that_recovers(tmp_path):
    store = MemoryStore(WIRE, SIGNS, [addresses(60)])

    def die(count):
        if count == 30:
            raise Killed

    transport = RecordingTransport(on_accept=die)
    with pytest.raises(Killed):
        send(store, transport, tmp_path, connections=1)
    assert store.ledger() == {}
    again = RecordingTransport()
    send(store, again, tmp_path)
    kinds = list(store.ledger().values())
    assert kinds.count(Kind.UNCERTAIN) == 1
    assert kinds.count(Kind.SENT) == 59
    assert not set(again.recipients) & set(transport.recipients)


def test_journals_are_for_the_owner_only(tmp_path):
    open_journal(tmp_path).release()
    path = next(tmp_path.glob("*.journal"))
    assert os.stat(path).st_mode & 0o077 == 0
