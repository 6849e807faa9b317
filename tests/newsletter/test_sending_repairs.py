"""Mails that failed or are in doubt, and the ledger: by page and by command."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import registry

from newsletter.composing.ledger import BATCH, export_ledger
from newsletter.composing.replies import meaning_of, replies_to
from newsletter.delivery.fakes import RecordingTransport
from newsletter.delivery.outcomes import Outcome
from newsletter.dispatching import actions, running
from newsletter.dispatching.repairing import Verdict, resolve_uncertain, retry_failed
from newsletter.dispatching.store import LEFT_BEHIND
from newsletter.errors import ChangedMeanwhileError, IllegalMoveError
from newsletter.models import Delivery, Suppression
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.sending import (
    a_newsletter,
    a_reader,
    counts_of,
    readers,
    run,
    started,
)

pytestmark = pytest.mark.django_db
BLOCKED = Outcome.from_reply("RCPT", 550, "5.7.1 Blocked, see our rules")


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()


@pytest.fixture
def newsletter():
    return a_newsletter()


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


def refusing(*numbers):
    """A mail server that blocks these readers once."""
    names = (f"es{number}@lectores.example" for number in numbers)
    return RecordingTransport({name: [BLOCKED] for name in names})


def url(name, dispatch):
    return reverse(f"dispatches:{name}", args=[dispatch.pk])


def decisions(dispatch):
    entries = registry.get_logs_for_instance(dispatch).order_by("pk")
    return [(entry.action, entry.data.get("number"), entry.user) for entry in entries]


def test_only_the_failed_are_tried_again_in_the_same_rows(newsletter, client, sender):
    people = readers(newsletter, 5)
    dispatch = started(newsletter)
    transport = run(dispatch, refusing(0, 1, 2))
    before = set(Delivery.objects.values_list("pk", "subscriber"))
    people[1].move_to("unsubscribed")
    hashed = people[2].subscriber.address_hash
    Suppression.objects.create(address_hash=hashed, reason="complained")
    page = client.get(url("retry", dispatch)).text
    assert "1 person would be tried again" in page
    assert "2 people are left out" in page
    assert "<code>550 5.7.1</code>" in page
    assert counts_of(dispatch) == {"sent": 2, "failed": 3}  # looking changes nothing
    client.post(url("retry", dispatch))
    assert counts_of(dispatch) == {"sent": 2, "failed": 2, "retry": 1}
    assert (dispatch.state, dispatch.finished_at) == ("sending", None)
    run(dispatch, transport)
    assert counts_of(dispatch) == {"sent": 3, "failed": 2}
    assert dispatch.state == "sent"
    assert dispatch.tally["failed"] == 2
    assert sorted(transport.recipients) == [
        f"es{n}@lectores.example" for n in (0, 3, 4)
    ]
    assert set(Delivery.objects.values_list("pk", "subscriber")) == before
    assert decisions(dispatch) == [("newsletter.retry_failed", 1, sender)]
    assert "1 failed mail is tried again" in client.get(url("progress", dispatch)).text
    assert "Nobody is left" in client.post(url("retry", dispatch), follow=True).text


def test_a_command_tries_again_and_refuses_what_is_cancelled(newsletter):
    readers(newsletter, 2)
    dispatch = started(newsletter)
    run(dispatch, refusing(0))
    out = StringIO()
    call_command("retry_failed", str(dispatch.pk), stdout=out)
    assert out.getvalue() == "1 mail is tried again.\n"
    actions.cancel_dispatch(dispatch_id=dispatch.pk)
    assert counts_of(dispatch) == {"sent": 1, "dropped": 1}
    with pytest.raises(CommandError) as refused:
        call_command("retry_failed", str(dispatch.pk))
    assert refused.value.returncode == 3


def test_many_failed_are_tried_again_in_chunks_of_the_usual_size(
    newsletter, monkeypatch
):
    monkeypatch.setattr(running, "chunk_size_for", lambda _people: 2)
    readers(newsletter, 5)
    dispatch = started(newsletter)
    run(dispatch, refusing(*range(5)))
    retry_failed(dispatch_id=dispatch.pk)
    running.requeue_due(dispatch, timezone.now())
    sizes = [chunk.deliveries.count() for chunk in dispatch.chunks.order_by("number")]
    assert sizes == [0, 2, 2, 1]


@pytest.mark.parametrize("name", ["retry", "uncertain", "ledger"])
def test_only_who_may_send_repairs_and_exports(newsletter, client, name):
    readers(newsletter, 2)
    dispatch = started(newsletter)
    run(dispatch, refusing(0))
    client.force_login(person(roles.EDITOR))
    page = client.get(url("progress", dispatch)).text
    assert url(name, dispatch) not in page
    said = {"verdict": "sent", "which": "all", "confirmed": "1"}
    assert client.post(url(name, dispatch), said).status_code in {302, 403}
    assert counts_of(dispatch) == {"sent": 1, "failed": 1}
    assert decisions(dispatch) == []


@pytest.fixture
def doubted(newsletter):
    """A sent dispatch with three mails in doubt out of four."""
    people = readers(newsletter, 4)
    dispatch = started(newsletter)
    run(dispatch)
    rows = dispatch.deliveries.filter(subscriber__in=[p.subscriber for p in people[:3]])
    at = timezone.now() - timedelta(hours=1)
    rows.update(state="uncertain", code="no answer after …", sent_at=at)
    assert counts_of(dispatch) == {"sent": 1, "uncertain": 3}
    return dispatch


def test_chosen_doubts_count_as_sent_after_a_word_on_what_that_means(
    doubted, client, sender
):
    page = client.get(url("uncertain", doubted)).text
    assert "es2@lectores.example" in page
    assert "There was no answer after the mail was handed over" in page
    first, second, _third = doubted.deliveries.uncertain().order_by("pk")
    said = {"verdict": "sent", "which": "chosen", "delivery": [first.pk, second.pk]}
    page = client.post(url("uncertain", doubted), said).text
    assert "2 mails would count as sent" in page
    assert counts_of(doubted) == {"sent": 1, "uncertain": 3}
    said |= {"confirmed": "1", "expected": "2"}
    page = client.post(url("uncertain", doubted), said, follow=True).text
    assert "2 mails count as sent" in page
    assert counts_of(doubted) == {"sent": 3, "uncertain": 1}
    assert decisions(doubted) == [("newsletter.uncertain_sent", 2, sender)]
    page = client.post(url("uncertain", doubted), said, follow=True).text
    assert "Nothing was changed" in page  # the second of two editors
    assert decisions(doubted) == [("newsletter.uncertain_sent", 2, sender)]


def test_all_doubts_are_sent_again_but_to_whom_nobody_may_write(
    doubted, client, sender
):
    gone = doubted.deliveries.uncertain().order_by("pk").first().subscriber
    gone.subscriptions.get().move_to("unsubscribed")
    said = {"verdict": "again", "which": "all"}
    page = client.post(url("uncertain", doubted), said).text
    assert "2 mails would be sent again" in page
    assert "1 mail stays uncertain" in page
    said |= {"confirmed": "1", "expected": "3"}
    client.post(url("uncertain", doubted), said)
    assert counts_of(doubted) == {"sent": 1, "uncertain": 1, "retry": 2}
    assert len(run(doubted).accepted) == 2
    assert counts_of(doubted) == {"sent": 3, "uncertain": 1}
    assert decisions(doubted) == [("newsletter.uncertain_again", 2, sender)]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"verdict": "sent", "which": "chosen"},
        {"verdict": "sent", "which": "chosen", "delivery": ["x", "9" * 30, "-1"]},
        {"verdict": "burn", "which": "all", "confirmed": "1"},
    ],
)
def test_a_decision_that_says_nothing_changes_nothing(doubted, client, sender, said):
    answer = client.post(url("uncertain", doubted), said)
    assert answer.status_code == 422
    assert counts_of(doubted) == {"sent": 1, "uncertain": 3}


def test_who_ticks_some_and_leaves_all_is_asked_which(doubted, client, sender):
    pk = doubted.deliveries.uncertain().first().pk
    said = {"verdict": "sent", "which": "all", "delivery": [pk]}
    for more in ({}, {"confirmed": "1", "expected": "3"}):
        page = client.post(url("uncertain", doubted), said | more)
        assert page.status_code == 422
        assert "Say which you mean." in page.text
        assert page.text.count(" checked") == 2  # the mail, and those ticked below
    assert counts_of(doubted) == {"sent": 1, "uncertain": 3}


def test_what_was_cancelled_may_count_as_sent_but_is_not_sent_again(doubted):
    doubted.deliveries.filter(state="waiting").update(state="dropped")
    type(doubted).objects.update(state="cancelled")
    with pytest.raises(IllegalMoveError):
        resolve_uncertain(dispatch_id=doubted.pk, verdict=Verdict.AGAIN)
    with pytest.raises(ChangedMeanwhileError):
        resolve_uncertain(dispatch_id=doubted.pk, verdict=Verdict.SENT, expected=2)
    call_command("resolve_uncertain", str(doubted.pk), "sent", stdout=StringIO())
    assert counts_of(doubted) == {"sent": 3, "dropped": 1}


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("RCPT 550 5.1.1 No such user", "There is no such mailbox."),
        ("END 554-5.7.606 Banned", "The mail server's rules forbid"),
        ("RCPT 452 4.2.2 Over quota", "The mailbox is full."),
        ("RCPT 450 greylisted", "The mailbox is not available now"),
        ("DATA 599 odd", "refuses this mail for good"),
        ("connection lost: reset", "The connection was lost"),
        (LEFT_BEHIND, "Not sent: the machine"),
        ("no mail could be made: KeyError: 'x'", "No mail could be made"),
        ("gibberish", "No answer that could be read."),
        ("", ""),
    ],
)
def test_an_answer_is_told_in_words(answer, meaning):
    assert meaning_of(answer).startswith(meaning) or meaning in meaning_of(answer)


def test_answers_are_counted_by_code_however_they_are_worded(newsletter):
    people = readers(newsletter, 5)
    dispatch = started(newsletter)
    for reader, state, code in zip(
        people,
        ("failed", "failed", "retry", "failed", "sent"),
        (
            "RCPT 550 5.1.1 <a@x.example> unknown",
            "RCPT 550 5.1.1 <b@y.example>: gone",
            "RCPT 451 4.7.1 wait",
            "address: not ASCII",
            "RCPT 550 5.1.1 long ago",
        ),
        strict=True,
    ):
        row = Delivery.objects.filter(subscriber=reader.subscriber)
        row.update(state=state, code=code)
    found = [(each.code, each.failed, each.retry) for each in replies_to(dispatch)]
    assert found == [("550 5.1.1", 2, 0), ("", 1, 0), ("451 4.7.1", 0, 1)]


def rows_of(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_the_ledger_is_a_file_in_the_language_of_who_asks(newsletter, client):
    client.force_login(person(roles.NEWSLETTER_SENDER, "es"))
    a_reader(newsletter, "=cmd|' /c calc'!a1", "en")
    readers(newsletter, 2)
    dispatch = started(newsletter)
    run(dispatch, refusing(1))
    assert client.get(url("ledger", dispatch)).status_code == 405
    answer = client.post(url("ledger", dispatch))
    assert answer["Content-Disposition"].endswith(f'"pregon-{dispatch.pk}.csv"')
    header, evil, ana, eva = rows_of(answer.getvalue().decode())
    assert header[:3] == ["Lector", "Idioma", "Estado"]
    assert evil[:3] == ["'=cmd|' /c calc'!a1@lectores.example", "English", "fallida"]
    assert ana[0] == "es0@lectores.example"
    assert ana[6][:10] == f"{timezone.localdate()}"
    assert eva[2:4] == ["fallida", "RCPT 550 5.7.1 Blocked, see our rules"]
    assert decisions(dispatch)[0][0] == "newsletter.export_ledger"
    out = StringIO()
    call_command("export_ledger", str(dispatch.pk), language="es", stdout=out)
    assert rows_of(out.getvalue()) == [header, evil, ana, eva]


def test_the_ledger_is_read_in_pieces(
    newsletter, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("newsletter.composing.ledger.BATCH", 2)
    readers(newsletter, 5)
    dispatch = started(newsletter)
    pieces = export_ledger(dispatch, language="en")
    with django_assert_num_queries(4):
        sizes = [piece.count("\n") for piece in pieces]
    assert sizes == [1, 2, 2, 1]
    assert BATCH >= 1000
