"""Claim, send, close and recover against the real database."""

from __future__ import annotations

import email
import json
from datetime import timedelta
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from newsletter.delivery import sender
from newsletter.delivery.fakes import RecordingTransport
from newsletter.delivery.journal import open_journal
from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind, Outcome
from newsletter.delivery.smtp import RelayRefusedError, SmtpTransport
from newsletter.dispatching import actions, running, signal_handlers
from newsletter.dispatching.store import MOST_ATTEMPTS, DispatchStore, DjangoLedger
from newsletter.dispatching.tasks import rekick_dispatches, run_dispatch
from newsletter.errors import IllegalMoveError
from newsletter.models import Chunk, Delivery, Dispatch, Suppression
from newsletter.subscribing.links import subscription_for
from tests.newsletter.sending import (
    a_newsletter,
    a_reader,
    counts_of,
    frozen,
    readers,
    run,
    started,
)

pytestmark = pytest.mark.django_db
STEP = import_module("newsletter.migrations.0010_closed_chunks_tell_who_was_sent_to")


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens


@pytest.fixture
def newsletter():
    return a_newsletter()


def later(**span):
    return timezone.now() + timedelta(**span)


def test_everyone_gets_one_mail_in_their_language(newsletter):
    readers(newsletter, 7, "es")
    readers(newsletter, 4, "en")
    dispatch = started(newsletter, chunk_size=3)
    transport = run(dispatch)
    assert sorted(transport.recipients) == sorted(
        Delivery.objects.values_list("subscriber__address", flat=True)
    )
    assert counts_of(dispatch) == {"sent": 11}
    assert dispatch.state == "sent"
    assert dispatch.finished_at
    for to, data in transport.accepted:
        assert email.message_from_bytes(data)["Content-Language"] == to[:2]


def test_a_closed_chunk_says_who_was_sent_to_without_a_word_in_their_rows(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    refused = Outcome.from_reply("RCPT", 550, "5.7.1 Blocked")
    run(dispatch, RecordingTransport({"es0@lectores.example": [refused]}))
    closed_at = Chunk.objects.get().closed_at
    rows = Delivery.objects.with_standing().order_by("subscriber_id")
    assert [(row.state, row.standing, row.went_at) for row in rows] == [
        ("failed", "failed", None),
        ("waiting", "sent", closed_at),
        ("waiting", "sent", closed_at),
    ]


def test_an_edition_frozen_in_an_older_form_is_made_again(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    edition = dispatch.editions.get(language="es")
    wire = edition.wire
    slots = [[slot, "address"] for slot in wire["slots"]]
    dispatch.editions.update(wire={"segments": wire["segments"], "slots": slots})
    STEP.forget_old_wires(apps, None)
    [(_to, mail)] = run(dispatch).accepted
    assert all(segment.encode() in mail for segment in wire["segments"])
    assert counts_of(dispatch) == {"sent": 1}


def test_the_step_back_writes_whom_a_closed_chunk_was_sent_to(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    refused = Outcome.from_reply("RCPT", 550, "5.7.1 Blocked")
    run(dispatch, RecordingTransport({"es0@lectores.example": [refused]}))
    rows = dispatch.deliveries.order_by("subscriber")
    rows.filter(pk=rows.last().pk).update(attempts=2)
    STEP.write_sent(apps, None)
    found = rows.values_list("state", "attempts", "sent_at")
    closed_at = Chunk.objects.get().closed_at
    sent = [("sent", 1, closed_at), ("sent", 3, closed_at)]
    assert list(found) == [("failed", 1, None), *sent]


@pytest.mark.postgres
def test_a_claim_looks_each_of_its_people_up(newsletter):
    """A table that has just grown is not analysed yet, and other plans read it all."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL chooses among such plans")
    a_reader(newsletter, "ana")
    dispatch = started(newsletter)

    def allowed():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('enable_mergejoin'),"
                " current_setting('enable_hashjoin')"
            )
            return cursor.fetchone()

    assert allowed() == ("on", "on")
    with transaction.atomic():
        DispatchStore(dispatch.pk).claim("here")
        assert allowed() == ("off", "off")
        transaction.set_rollback(True)
    assert allowed() == ("on", "on")


def test_the_personal_links_belong_to_the_reader(newsletter):
    readers(newsletter, 3)
    transport = run(started(newsletter))
    to, data = transport.accepted[1]
    url = email.message_from_bytes(data)["List-Unsubscribe"].strip("<>")
    assert url.startswith("http://testserver/u/")
    reader = subscription_for("leave", url.rstrip("/").rpartition("/")[2])
    assert reader.subscriber.address == to
    assert to not in url


def test_running_the_task_twice_sends_each_mail_once(newsletter):
    readers(newsletter, 5)
    dispatch = started(newsletter)
    transport = run(dispatch)
    run(dispatch, transport)
    run_dispatch(dispatch.pk)
    assert len(transport.accepted) == 5


def test_who_leaves_after_the_freeze_gets_nothing(newsletter):
    ana, eva = readers(newsletter, 2)
    dispatch = started(newsletter)
    eva.move_to("unsubscribed")
    transport = run(dispatch)
    assert transport.recipients == [ana.subscriber.address]
    assert counts_of(dispatch) == {"sent": 1, "dropped": 1}
    assert dispatch.state == "sent"


def test_a_chunk_whose_people_have_all_left_is_closed(newsletter):
    people = readers(newsletter, 4)
    dispatch = started(newsletter, chunk_size=2)
    for reader in people[:2]:
        reader.move_to("unsubscribed")
    assert len(run(dispatch).accepted) == 2
    assert counts_of(dispatch) == {"sent": 2, "dropped": 2}


def test_a_temporary_refusal_is_tried_again_when_it_is_due(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    busy = Outcome.from_reply("RCPT", 451, "4.7.1 Greylisted")
    transport = run(dispatch, RecordingTransport({"es1@lectores.example": [busy]}))
    assert counts_of(dispatch) == {"sent": 2, "retry": 1}
    assert dispatch.state == "sending"
    run(dispatch, transport)
    assert len(transport.accepted) == 2
    Delivery.objects.filter(state="retry").update(next_at=timezone.now())
    run(dispatch, transport)
    assert counts_of(dispatch) == {"sent": 3}
    assert transport.recipients.count("es1@lectores.example") == 1
    assert dispatch.state == "sent"
    rows = dispatch.deliveries.with_standing().order_by("subscriber")
    assert [(row.tries, row.code) for row in rows] == [(1, ""), (2, ""), (1, "")]


def test_waits_grow_and_end(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    busy = Outcome.from_reply("RCPT", 451, "4.7.1 Greylisted")
    transport = RecordingTransport({"es0@lectores.example": [busy] * 50})
    waits = []
    for _attempt in range(MOST_ATTEMPTS - 1):
        run(dispatch, transport)
        row = Delivery.objects.get()
        waits.append((row.next_at - timezone.now()).total_seconds())
        Delivery.objects.update(next_at=timezone.now())
    assert 200 < waits[0] < 400
    assert 4 * 3600 * 1.3 > waits[-1] > 2 * 3600
    run(dispatch, transport)
    assert counts_of(dispatch) == {"failed": 1}
    assert dispatch.state == "sent"


def test_a_dead_mailbox_is_suppressed_and_the_rest_of_the_refused_are_not(newsletter):
    people = readers(newsletter, 4)
    dispatch = started(newsletter)
    script = {
        "es0@lectores.example": [Outcome.from_reply("RCPT", 550, "5.1.1 No such user")],
        "es1@lectores.example": [Outcome.from_reply("RCPT", 550, "5.7.1 Blocked")],
        "es2@lectores.example": [Outcome.from_reply("END", 554, "5.1.1 Odd")],
    }
    run(dispatch, RecordingTransport(script))
    assert counts_of(dispatch) == {"sent": 1, "failed": 3}
    gone = people[0].subscriber
    assert list(Suppression.objects.values_list("address_hash", "reason")) == [
        (gone.address_hash, "bounced")
    ]
    gone.refresh_from_db()
    assert gone.health == "bounced"
    people[1].subscriber.refresh_from_db()
    assert people[1].subscriber.health == "ok"
    row = Delivery.objects.get(subscriber=gone)
    assert row.code == "RCPT 550 5.1.1 No such user"
    assert frozen(newsletter).excluded == {"bounced": 1}


def test_an_unreachable_server_changes_nothing_and_is_shown(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    assert running.run_sender(dispatch.pk, 5) is False
    assert counts_of(dispatch) == {"waiting": 3}
    assert "127.0.0.1:9" in dispatch.failure
    run(dispatch)
    assert counts_of(dispatch) == {"sent": 3}
    assert dispatch.failure == ""


def test_a_sender_with_an_international_domain_reaches_the_mail_server(sink):
    newsletter = a_newsletter(from_address="boletin@señal.example")
    readers(newsletter, 1)
    dispatch = started(newsletter)
    run(dispatch, SmtpTransport("127.0.0.1", sink.port, timeout_s=5))
    assert counts_of(dispatch) == {"sent": 1}
    assert b"<boletin@xn--seal-hqa.example>" in sink.mails[0][1]


def unreachable(dispatch, since: timedelta):
    """A run without a mail server, as if that had begun `since` ago."""
    Dispatch.objects.update(troubled_since=timezone.now() - since)
    running.run_sender(dispatch.pk, 5)
    dispatch.refresh_from_db()
    return dispatch.state


def test_a_mail_server_away_for_a_whole_day_fails_the_sending(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    assert unreachable(dispatch, timedelta(hours=23)) == "sending"
    assert unreachable(dispatch, timedelta(hours=25)) == "failed"
    assert "127.0.0.1:9" in dispatch.failure
    assert counts_of(dispatch) == {"waiting": 3}
    assert running.dispatches_to_wake(timezone.now()) == []
    actions.resume_dispatch(dispatch_id=dispatch.pk)
    assert len(run(dispatch).accepted) == 3
    assert counts_of(dispatch) == {"sent": 3}
    assert (dispatch.state, dispatch.failure) == ("sent", "")


def test_a_sending_that_gets_on_slowly_is_not_failed(newsletter):
    readers(newsletter, 2)
    dispatch = started(newsletter, chunk_size=1)
    Dispatch.objects.update(troubled_since=timezone.now() - timedelta(hours=25))
    refused = RelayRefusedError("421 come back later")
    run(dispatch, RecordingTransport({"es1@lectores.example": [refused] * 9}))
    assert counts_of(dispatch) == {"sent": 1, "waiting": 1}
    assert dispatch.state == "sending"
    assert "come back later" in dispatch.failure
    assert dispatch.troubled_since > later(minutes=-1)


def crash(dispatch):
    """A run that a fault of ours breaks."""
    script = {"es0@lectores.example": [RuntimeError("a fault of ours")]}
    with pytest.raises(RuntimeError):
        run(dispatch, RecordingTransport(script))
    dispatch.refresh_from_db()


def test_what_breaks_a_run_is_told_and_given_up_on_after_half_an_hour(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    crash(dispatch)
    assert dispatch.failure == "RuntimeError: a fault of ours"
    assert dispatch.state == "sending"
    Dispatch.objects.update(troubled_since=timezone.now() - timedelta(minutes=31))
    crash(dispatch)
    assert dispatch.state == "failed"
    actions.resume_dispatch(dispatch_id=dispatch.pk)
    assert len(run(dispatch).accepted) == 1
    assert counts_of(dispatch) == {"sent": 1}


def test_a_pause_stops_and_resuming_goes_on(newsletter):
    readers(newsletter, 6)
    dispatch = started(newsletter, chunk_size=2)
    actions.pause_dispatch(dispatch_id=dispatch.pk)
    assert run(dispatch).accepted == []
    assert counts_of(dispatch) == {"waiting": 6}
    with pytest.raises(IllegalMoveError):
        actions.pause_dispatch(dispatch_id=dispatch.pk)
    actions.resume_dispatch(dispatch_id=dispatch.pk)
    assert len(run(dispatch).accepted) == 6


def test_cancelling_drops_who_was_not_sent_to(newsletter):
    readers(newsletter, 6)
    dispatch = started(newsletter, chunk_size=2)
    busy = Outcome.from_reply("RCPT", 451, "4.7.1 Greylisted")
    transport = RecordingTransport({"es0@lectores.example": [busy]})
    store = DispatchStore(dispatch.pk)
    journal = open_journal(running.journal_folder())
    claim = store.claim(journal.worker)
    verdicts = {each.subscriber: SENT for each in claim.recipients[1:]}
    verdicts[claim.recipients[0].subscriber] = busy
    store.close(claim.lease, journal.worker, verdicts, rest_is_known=True)
    journal.release()
    actions.cancel_dispatch(dispatch_id=dispatch.pk)
    assert counts_of(dispatch) == {"sent": 1, "dropped": 5}
    assert run(dispatch, transport).accepted == []
    with pytest.raises(IllegalMoveError):
        actions.resume_dispatch(dispatch_id=dispatch.pk)


def test_a_chunk_in_flight_at_a_cancellation_is_drained(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    store = DispatchStore(dispatch.pk)
    claim = store.claim("w-1")
    actions.cancel_dispatch(dispatch_id=dispatch.pk)
    sent = {claim.recipients[0].subscriber: SENT}
    store.close(claim.lease, "w-1", sent, rest_is_known=True)
    assert counts_of(dispatch) == {"sent": 1, "dropped": 2}


def killed_worker(dispatch, accepted: int, begun: int = 0):
    """Claim a chunk, hand over the first people, note it, and die."""
    journal = open_journal(running.journal_folder())
    sender.recover(DjangoLedger(), journal)
    claim = DispatchStore(dispatch.pk).claim(journal.worker)
    people = [each.subscriber for each in claim.recipients]
    for subscriber in people[: accepted + begun]:
        journal.start(claim.lease, subscriber)
    for subscriber in people[:accepted]:
        journal.finish(claim.lease, subscriber, SENT)
    journal.release()
    return claim


def test_a_killed_workers_mails_are_neither_lost_nor_sent_twice(newsletter):
    readers(newsletter, 10)
    dispatch = started(newsletter)
    claim = killed_worker(dispatch, accepted=4, begun=2)
    assert counts_of(dispatch) == {"claimed": 10}
    transport = run(dispatch)
    assert counts_of(dispatch) == {"sent": 8, "uncertain": 2}
    first = {each.address for each in claim.recipients[:6]}
    assert len(transport.accepted) == 4
    assert not first & set(transport.recipients)
    assert dispatch.state == "sent"


def test_a_second_crash_frees_nobody_whom_the_first_worker_had_sent_to(newsletter):
    """The prototype's bug: 904 duplicates in 40,000 (accepted rows not finalised)."""
    readers(newsletter, 20)
    dispatch = started(newsletter)
    first = killed_worker(dispatch, accepted=15)
    second = killed_worker(dispatch, accepted=0)
    assert second.lease == (first.lease[0], first.lease[1] + 1)
    assert len(second.recipients) == 5
    transport = run(dispatch)
    assert len(transport.accepted) == 5
    assert counts_of(dispatch) == {"sent": 20}


def test_a_lease_that_ran_out_elsewhere_is_uncertain_and_never_sent_again(newsletter):
    readers(newsletter, 4)
    dispatch = started(newsletter, chunk_size=2)
    DispatchStore(dispatch.pk).claim("other-machine-1")
    Chunk.objects.filter(state="leased").update(lease_until=timezone.now())
    assert running.dispatches_to_wake(later(seconds=1)) == [dispatch.pk]
    transport = run(dispatch)
    assert len(transport.accepted) == 2
    assert counts_of(dispatch) == {"sent": 2, "uncertain": 2}


def test_a_slow_worker_of_this_machine_keeps_its_lease(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    journal = open_journal(running.journal_folder())
    store = DispatchStore(dispatch.pk)
    claim = store.claim(journal.worker)
    Chunk.objects.update(lease_until=timezone.now())
    assert running.expire_leases(later(seconds=1)) == 0
    assert running.dispatches_to_wake(later(seconds=1)) == []
    verdicts = {each.subscriber: SENT for each in claim.recipients}
    store.close(claim.lease, journal.worker, verdicts, rest_is_known=True)
    journal.release()
    assert counts_of(dispatch) == {"sent": 3}


def test_a_run_that_loses_the_database_closes_what_it_held(newsletter, monkeypatch):
    """Django's errors hold themselves, and all that they passed, until collected."""
    readers(newsletter, 5)
    dispatch = started(newsletter)
    answers = [None, OperationalError("still starting up"), None]

    def lose(count):
        if count == 3:
            raise OperationalError("server closed the connection")

    def leases_at_last(ledger, worker):
        if answer := answers.pop(0):
            raise answer
        return leases_of(ledger, worker)

    leases_of = DjangoLedger.leases_of
    transport = RecordingTransport(on_accept=lose)
    monkeypatch.setattr(running.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(DjangoLedger, "leases_of", leases_at_last)
    with pytest.raises(OperationalError, match="closed the connection"):
        run(dispatch, transport)
    assert not answers
    assert counts_of(dispatch) == {"sent": 2, "uncertain": 1, "waiting": 2}
    assert not Chunk.objects.leased().exists()


@pytest.mark.parametrize("begin", ["on_worker_ready", "on_worker_process_init"])
def test_a_worker_that_starts_reads_the_journals_of_its_own_machine(newsletter, begin):
    readers(newsletter, 5)
    dispatch = started(newsletter)
    killed_worker(dispatch, accepted=2, begun=1)
    getattr(signal_handlers, begin)()
    assert counts_of(dispatch) == {"sent": 2, "uncertain": 1, "waiting": 2}


def test_the_lock_of_a_sending_cannot_be_held_twice(newsletter):
    """Whoever waited for a file that the first one removed held a lock of their own."""
    readers(newsletter, 1)
    dispatch = started(newsletter)
    path = running.journal_folder() / f"dispatch-{dispatch.pk}.lock"
    path.touch()
    before = path.stat().st_ino
    run(dispatch)
    assert path.stat().st_ino == before


def given_up(dispatch):
    """A killed worker's chunk whose lease has run out: of ten, six were begun."""
    claim = killed_worker(dispatch, accepted=4, begun=2)
    # As another machine does: on this one the journal would be read.
    worker = Chunk.objects.get(pk=claim.lease[0]).worker
    DjangoLedger().give_up(claim.lease, worker)
    assert counts_of(dispatch) == {"uncertain": 10}
    return claim


def test_a_machine_that_comes_back_clears_up_what_was_given_up(newsletter):
    readers(newsletter, 10)
    dispatch = started(newsletter)
    claim = given_up(dispatch)
    transport = run(dispatch)
    assert counts_of(dispatch) == {"sent": 8, "uncertain": 2}
    assert sorted(transport.recipients) == sorted(
        each.address for each in claim.recipients[6:]
    )
    run(dispatch, transport)
    assert len(transport.accepted) == 4
    assert dispatch.state == "sent"


def test_what_a_machine_knows_after_the_end_of_a_sending_is_kept(newsletter):
    readers(newsletter, 10)
    dispatch = started(newsletter)
    given_up(dispatch)
    running.finish_if_done(dispatch)
    assert run(dispatch).accepted == []
    assert counts_of(dispatch) == {"sent": 4, "uncertain": 2, "failed": 4}
    assert dispatch.state == "sent"


def test_a_machine_that_has_lost_its_journal_clears_up_nothing(newsletter):
    readers(newsletter, 10)
    dispatch = started(newsletter)
    given_up(dispatch)
    next(running.journal_folder().glob("*.journal")).unlink()
    for _time in range(2):  # the first begins a new journal, which knows of nothing
        assert run(dispatch).accepted == []
    assert counts_of(dispatch) == {"uncertain": 10}


def test_a_worker_that_lost_its_lease_still_says_what_it_knows(newsletter):
    readers(newsletter, 4)
    dispatch = started(newsletter)
    store = DispatchStore(dispatch.pk)
    claim = store.claim("slow-1")
    Chunk.objects.update(lease_until=timezone.now())
    running.expire_leases(later(seconds=1))
    assert counts_of(dispatch) == {"uncertain": 4}
    people = [each.subscriber for each in claim.recipients]
    verdicts = {
        people[0]: SENT,
        people[1]: Outcome(Kind.FAILED, "END", "END 554 no"),
        people[2]: UNCERTAIN,
    }
    for _time in range(2):
        store.close(claim.lease, "slow-1", verdicts, rest_is_known=True)
        assert counts_of(dispatch) == {
            "sent": 1, "failed": 1, "uncertain": 1, "retry": 1,
        }  # fmt: skip
    store.close(claim.lease, "other-1", dict.fromkeys(people, SENT), rest_is_known=True)
    assert counts_of(dispatch)["sent"] == 1


def test_a_stale_epoch_changes_nothing(newsletter):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    store = DispatchStore(dispatch.pk)
    old = store.claim("w-1")
    store.close(old.lease, "w-1", {}, rest_is_known=True)
    new = store.claim("w-1")
    assert new.lease[1] == old.lease[1] + 1
    sent = {each.subscriber: SENT for each in old.recipients}
    store.close(old.lease, "w-1", sent, rest_is_known=True)
    assert counts_of(dispatch) == {"claimed": 3}


def test_beat_wakes_only_what_nobody_works_on(newsletter):
    readers(newsletter, 2)
    at = timezone.now()
    ready = frozen(newsletter)
    assert running.dispatches_to_wake(at) == []
    actions.start_dispatch(dispatch_id=ready.pk)
    assert running.dispatches_to_wake(at) == [ready.pk]
    store = DispatchStore(ready.pk)
    claim = store.claim("elsewhere-1")
    assert running.dispatches_to_wake(at) == []
    refused = Outcome.from_reply("RCPT", 451, "4.2.0 later")
    verdicts = {each.subscriber: refused for each in claim.recipients}
    store.close(claim.lease, "elsewhere-1", verdicts, rest_is_known=True)
    assert running.dispatches_to_wake(at) == []
    assert running.dispatches_to_wake(later(hours=1)) == [ready.pk]


def test_beat_finishes_a_dispatch_whose_worker_died_before_saying_so(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    claim = killed_worker(dispatch, accepted=1)
    assert running.dispatches_to_wake(timezone.now()) == [dispatch.pk]
    run(dispatch)
    assert counts_of(dispatch) == {"sent": len(claim.recipients)}
    assert dispatch.state == "sent"


def test_beat_run_twice_is_harmless(newsletter):
    readers(newsletter, 1)
    started(newsletter)
    rekick_dispatches()
    rekick_dispatches()
    assert Dispatch.objects.get().state == "sending"


def test_an_uncertain_delivery_is_listed_and_not_sent_again(newsletter):
    readers(newsletter, 2)
    dispatch = started(newsletter)
    script = {"es0@lectores.example": [UNCERTAIN]}
    transport = run(dispatch, RecordingTransport(script))
    run(dispatch, transport)
    assert transport.recipients.count("es0@lectores.example") == 1
    out = StringIO()
    call_command("list_uncertain", str(dispatch.pk), stdout=out)
    row = Delivery.objects.get(state="uncertain")
    name = f"<{dispatch.pk}.{row.subscriber_id}@pregon.example>"
    assert out.getvalue() == f"{name}\tes0@lectores.example\n"
    mail = dict(transport.accepted)["es0@lectores.example"]
    assert email.message_from_bytes(mail)["Message-ID"] == name


def test_send_status_says_how_far_it_is(newsletter):
    readers(newsletter, 2)
    a_reader(newsletter, "ana", state="paused")
    dispatch = started(newsletter)
    out = StringIO()
    call_command("send_status", str(dispatch.pk), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "dispatch": dispatch.pk,
        "title": "Noviembre",
        "state": "sending",
        "trouble": "",
        "audience": 2,
        "excluded": {"paused": 1},
        "waiting": 2,
        "claimed": 0,
        "sent": 0,
        "retry": 0,
        "failed": 0,
        "uncertain": 0,
        "dropped": 0,
    }
    run(dispatch)
    out = StringIO()
    call_command("send_status", stdout=out)
    assert "sent=2" in out.getvalue()
    assert "excluded=paused:1" in out.getvalue()


def test_every_count_of_send_status_is_explained_to_operators():
    guide = (settings.BASE_DIR / "docs" / "operators.md").read_text("utf-8")
    for name in ("audience", "excluded", *Delivery.State.values):
        assert f"\n| `{name}` |" in guide


def test_the_commands_control_a_sending(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    for command, state in [
        ("pause_dispatch", "paused"),
        ("resume_dispatch", "sending"),
        ("cancel_dispatch", "cancelled"),
    ]:
        call_command(command, str(dispatch.pk), stdout=StringIO())
        dispatch.refresh_from_db()
        assert dispatch.state == state


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("send_status", 2),
        ("list_uncertain", 2),
        ("pause_dispatch", 2),
        ("resume_dispatch", 2),
        ("cancel_dispatch", 2),
    ],
)
def test_a_command_refuses_an_unknown_dispatch_in_one_line(command, code):
    with pytest.raises(CommandError, match="There is no dispatch 404") as refused:
        call_command(command, "404")
    assert refused.value.returncode == code
    assert "\n" not in str(refused.value)


def test_a_command_refuses_what_the_state_forbids(newsletter):
    readers(newsletter, 1)
    dispatch = frozen(newsletter)
    with pytest.raises(CommandError, match=str(dispatch.pk)) as refused:
        call_command("pause_dispatch", str(dispatch.pk))
    assert refused.value.returncode == 3
    assert "\n" not in str(refused.value)


def test_too_many_refusals_pause_and_going_on_is_somebodys_choice(newsletter):
    people = readers(newsletter, 60)
    no = Outcome.from_reply("RCPT", 550, "5.7.1 Blocked for policy")
    script = {each.subscriber.address: [no] for each in people[:40]}
    dispatch = started(newsletter)
    run(dispatch, RecordingTransport(script))
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED
    assert "rechaza 25 de 25" in dispatch.failure  # nobody planned it: the site's own
    assert counts_of(dispatch) == {"failed": 25, "waiting": 35}
    actions.resume_dispatch(dispatch_id=dispatch.pk)
    run(dispatch)
    assert counts_of(dispatch) == {"failed": 25, "sent": 35}
