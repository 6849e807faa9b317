"""Sendings that stand still, readers who complain, and what is measured of both."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from newsletter.delivery.fakes import RecordingTransport
from newsletter.delivery.outcomes import Outcome
from newsletter.dispatching import actions, running, standstill, tallies
from newsletter.dispatching.complaints import complaint_rate, record_complaint
from newsletter.dispatching.store import DispatchStore
from newsletter.errors import ComplaintsError
from newsletter.models import Complaint, Delivery, Dispatch, Suppression
from newsletter.subscribing.standing import standing_of
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite
from tests.newsletter.sending import a_newsletter, a_reader, readers, run, started

pytestmark = pytest.mark.django_db
TOKEN = "a token of at least thirty-two characters"


@pytest.fixture(autouse=True)
def _own_data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()
    cache.clear()


@pytest.fixture
def newsletter():
    return a_newsletter()


def ago(**span):
    return timezone.now() - timedelta(**span)


def watched():
    standstill.watch(timezone.now())


@pytest.fixture
def stuck(newsletter):
    """A sending that began half an hour ago and that no worker has touched."""
    readers(newsletter, 2)
    dispatch = started(newsletter)
    Dispatch.objects.update(started_at=ago(minutes=30), moved_at=ago(minutes=30))
    dispatch.refresh_from_db()
    return dispatch


def test_who_may_send_is_told_once_of_a_sending_that_stands_still(stuck, inbox, client):
    person(roles.NEWSLETTER_SENDER, "es")
    person(roles.ADMINISTRATOR, "en")
    person(roles.EDITOR)
    watched()
    watched()
    subjects = {mail.to[0].partition("@")[0]: mail.subject for mail in inbox.all()}
    assert subjects == {
        "newsletter_sender": "Un envío está detenido: Noviembre",
        "administrator": "A sending stands still: Noviembre",
    }
    (spanish,) = [mail for mail in inbox.all() if "detenido" in mail.subject]
    assert "Ningún proceso" in spanish.body
    client.force_login(person("translator_en"))
    assert "data-standstill" not in client.get(reverse("wagtailadmin_home")).text
    run(stuck, RecordingTransport({"es1@lectores.example": [busy()]}))
    stuck.refresh_from_db()
    assert (stuck.alarmed_at, stuck.state) == (None, "sending")
    inbox.clear()
    watched()
    assert inbox.count() == 0  # it waits for its next attempt, which is no standstill


def busy():
    return Outcome.from_reply("RCPT", 451, "4.7.1 Greylisted")


def test_a_standstill_is_seen_wherever_somebody_looks(stuck, client):
    client.force_login(person(roles.EDITOR))
    progress = reverse("dispatches:progress", args=[stuck.pk])
    for page in (reverse("wagtailadmin_home"), progress):
        text = client.get(page).text
        assert "data-standstill" in text
        assert "No worker takes the mails that wait" in text
    out = StringIO()
    call_command("send_status", str(stuck.pk), "--json", stdout=out)
    assert json.loads(out.getvalue())["stuck_since"] == stuck.moved_at.isoformat()
    actions.pause_dispatch(dispatch_id=stuck.pk)
    assert "data-standstill" not in client.get(progress).text
    actions.resume_dispatch(dispatch_id=stuck.pk)
    assert "data-standstill" not in client.get(progress).text


def test_a_worker_that_went_silent_is_named_as_the_cause(stuck):
    store = DispatchStore(stuck.pk, clock=lambda: ago(minutes=25))
    assert store.claim("elsewhere-1")
    (found,) = standstill.standstills()
    assert found.why == ("1 group of mails is held by a worker that no longer answers.")
    Dispatch.objects.update(failure="127.0.0.1:9 refused the connection")
    (found,) = standstill.standstills()
    assert found.why == "127.0.0.1:9 refused the connection"


def test_attempts_that_have_long_been_due_are_a_standstill(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    run(dispatch, RecordingTransport({"es0@lectores.example": [busy()]}))
    Dispatch.objects.update(moved_at=ago(hours=3))
    Delivery.objects.update(next_at=ago(minutes=5))
    assert list(standstill.standstills()) == []
    Delivery.objects.update(next_at=ago(minutes=20))
    (found,) = standstill.standstills()
    assert found.since == Delivery.objects.get().next_at
    running.requeue_due(dispatch, timezone.now())
    assert list(standstill.standstills()) == []  # it has just been put to work


def complained(newsletter, complaints, sent):
    """So many complaints about a sending of so many mails."""
    dispatch = actions.create_dispatch(newsletter=newsletter, title="Octubre")
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state="sent", started_at=ago(days=2), tally={"sent": sent}
    )
    Complaint.objects.bulk_create(
        Complaint(newsletter=newsletter, dispatch=dispatch, address_hash=str(number))
        for number in range(complaints)
    )
    return complaint_rate(newsletter)


@pytest.mark.parametrize(
    ("complaints", "sent", "is_high", "is_stopping"),
    [
        (0, 0, False, False),
        (0, 5000, False, False),
        (4, 5000, False, False),
        (5, 5000, True, False),
        (1, 100, True, False),
        (14, 5000, True, False),
        (15, 5000, True, True),
        (4, 1000, True, False),
        (5, 999, True, False),
        (5, 1000, True, True),
    ],
)
def test_what_a_complaint_rate_forbids(
    newsletter, complaints, sent, is_high, is_stopping
):
    rate = complained(newsletter, complaints, sent)
    assert (rate.is_high, rate.is_stopping) == (is_high, is_stopping)


@pytest.mark.parametrize("more", [1, 4])
def test_more_newsletters_cost_no_more_queries(
    admin_client, newsletter, more, django_assert_max_num_queries
):
    for number in range(more):
        a_newsletter(key=f"other-{number}")
    url = reverse("newsletter:index")
    admin_client.get(url)
    with django_assert_max_num_queries(14):
        html = admin_client.get(url).content.decode()
    assert html.count("0.00 %") + html.count("0,00 %") == more + 1


def test_what_stands_is_not_added_up_again(newsletter, django_assert_num_queries):
    readers(newsletter, 2)
    dispatch = started(newsletter)
    watched()
    actions.pause_dispatch(dispatch_id=dispatch.pk)
    now = timezone.now()
    for at, number in ((now, 3), (now + timedelta(minutes=5), 1)):
        with django_assert_num_queries(number):
            tallies.write_tallies(at)
    dispatch.refresh_from_db()
    assert dispatch.tally["waiting"] == 2


def test_complaints_older_than_a_month_are_forgotten(newsletter):
    complained(newsletter, 5, 1000)
    Complaint.objects.update(at=ago(days=31))
    assert complaint_rate(newsletter).complaints == 0
    Dispatch.objects.update(started_at=ago(days=31))
    assert complaint_rate(newsletter).sent == 0


def test_a_complaint_stops_mail_to_its_reader_and_counts_once(newsletter):
    ana, eva = readers(newsletter, 2)
    run(started(newsletter))
    address = ana.subscriber.address
    Suppression.objects.create(
        address_hash=ana.subscriber.address_hash, reason="bounced"
    )
    out = StringIO()
    for _twice in range(2):
        call_command("record_complaint", address.upper(), stdout=out)
    assert "General newsletter" in out.getvalue()
    assert standing_of(address) == "complained"
    assert Complaint.objects.get().newsletter == newsletter
    assert len(run(started(newsletter)).accepted) == 1
    with pytest.raises(CommandError) as refused:
        call_command("record_complaint", "stranger@lectores.example")
    assert refused.value.returncode == 2
    new = a_reader(newsletter, "new")
    assert record_complaint(address=new.subscriber.address) is None
    assert Complaint.objects.count() == 1


def test_the_complaint_too_many_pauses_what_runs_until_somebody_says_why(client):
    site = SmallSite()
    newsletter = site.newsletter
    ana, _eva = readers(newsletter, 2)
    issue = site.issue(site.story("Agua"))
    running_one = started(newsletter)
    complained(newsletter, 4, 1000)
    run(started(newsletter))
    client.force_login(person(roles.NEWSLETTER_SENDER))
    client.post(reverse("newsletter_complain", args=[ana.subscriber.pk]))
    running_one.refresh_from_db()
    assert running_one.state == "paused"
    assert "demasiados lectores: 5 de 1002" in running_one.failure
    with pytest.raises(ComplaintsError):
        actions.resume_dispatch(dispatch_id=running_one.pk)
    send = reverse("issue_sending:send", args=[issue.pk])
    assert 'data-problem="complaints"' in client.get(send).text
    assert client.post(send).status_code == 409
    resume = reverse("dispatches:control", args=[running_one.pk, "resume"])
    allow = reverse("newsletter_complaints", args=[newsletter.pk])
    assert client.post(resume).url == allow
    assert client.post(allow, {"reason": " "}).status_code == 422
    page = client.post(allow, {"reason": "A wrong list, taken out"}, follow=True).text
    assert "in spite of complaints: A wrong list, taken out" in page
    client.post(resume)
    running_one.refresh_from_db()
    assert running_one.state == "sending"
    watched()
    running_one.refresh_from_db()
    assert running_one.state == "sending"
    assert (
        "data-complaints"
        in client.get(reverse("dispatches:progress", args=[running_one.pk])).text
    )
    newsletter.refresh_from_db()
    newsletter.complaints_allowed_until = ago(minutes=1)
    newsletter.save()
    watched()
    running_one.refresh_from_db()
    assert running_one.state == "paused"


def test_an_editor_sees_complaints_and_neither_adds_nor_overrules(client, newsletter):
    ana = a_reader(newsletter, "ana")
    complained(newsletter, 5, 1000)
    client.force_login(person(roles.EDITOR))
    allow = reverse("newsletter_complaints", args=[newsletter.pk])
    page = client.get(allow).text
    assert "data-stopping" in page
    assert "<textarea" not in page
    client.post(allow, {"reason": "why not"})
    client.post(reverse("newsletter_complain", args=[ana.subscriber.pk]))
    assert complaint_rate(newsletter).is_stopping
    assert standing_of(ana.subscriber.address) == "active"


LINE = re.compile(
    r'# HELP [a-z_]+ .+|# TYPE [a-z_]+ (gauge|counter)|[a-z_]+(\{[a-z]+="[^"\\]*"'
    r'(,[a-z]+="[^"\\]*")*\})? -?[0-9.e+-]+'
)


def scraped(client, token=TOKEN):
    return client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def test_metrics_are_there_only_for_who_has_the_token(client, settings):
    assert scraped(client, "").status_code == 404  # no token is set
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert scraped(client, "wröng").status_code == 404
    assert scraped(client, TOKEN[:-1]).status_code == 404
    basic = {"authorization": f"Basic {TOKEN}"}
    assert client.get("/metrics", headers=basic).status_code == 404
    answer = scraped(client)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")


def test_metrics_say_how_sendings_stand_without_counting_deliveries(
    client, settings, stuck, django_assert_max_num_queries
):
    settings.METRICS_TOKEN = TOKEN
    watched()
    record_complaint(address="es0@lectores.example")
    with django_assert_max_num_queries(20) as made:
        text = scraped(client).text
    assert all(LINE.fullmatch(line) for line in text.splitlines())
    assert text.endswith("\n")
    names = re.findall(r"^# TYPE (\S+)", text, re.M)
    assert len(names) == len(set(names)) == 10
    for line in (
        'pregon_deliveries{state="waiting"} 2',
        'pregon_dispatches{state="sending"} 1',
        'pregon_chunks{state="todo"} 1',
        'pregon_suppressions{reason="complained"} 1',
        'pregon_complaints_total{newsletter="general"} 0',
        "pregon_dispatches_stuck 1",
        "pregon_oldest_due_age_seconds 0",
    ):
        assert f"\n{line}\n" in text
    age_s = float(re.search(r"^pregon_queue_age_seconds (\S+)", text, re.M)[1])
    assert 1790 < age_s < 1900
    counting = [q["sql"] for q in made if "COUNT" in q["sql"]]
    assert not any('FROM "newsletter_delivery"' in sql for sql in counting)
    assert scraped(client).text == text  # kept for some seconds
