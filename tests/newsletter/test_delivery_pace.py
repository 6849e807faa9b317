"""A dispatch keeps to its limits and hours, and says what it waits for."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from redis import Redis

from newsletter.delivery.fakes import RecordingTransport
from newsletter.delivery.outcomes import Outcome
from newsletter.delivery.pacing import Bucket, Limit
from newsletter.dispatching import running
from newsletter.models import Newsletter
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.sending import a_newsletter, counts_of, readers, run, started

NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()


@pytest.fixture
def newsletter():
    return a_newsletter(time_zone="America/Lima")


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


def fill(settings, limit: Limit) -> None:
    """Redis was started just now, so an hour would count as used up."""
    if settings.REDIS_URL:
        text = json.dumps(Bucket.full(limit, time.time()).data)
        Redis.from_url(settings.REDIS_URL).set(f"pregon:rate:{limit.key}", text)


def opening(newsletter):
    """Midnight in three days in its zone: its hours then, and only then, begin."""
    zone = newsletter.hours.zone
    day = timezone.now().astimezone(zone) + timedelta(days=3)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def close(newsletter, closed: bool = True) -> None:
    """Nothing leaves before the opening."""
    days = [opening(newsletter).weekday()] if closed else []
    Newsletter.objects.filter(pk=newsletter.pk).update(send_days=days)


def page_of(client, dispatch) -> str:
    return client.get(reverse("dispatches:progress", args=[dispatch.pk])).text


def test_outside_of_its_hours_it_waits_and_says_until_when(
    client, sender, newsletter, capsys
):
    readers(newsletter, 3)
    dispatch = started(newsletter)
    close(newsletter)
    now, opens = timezone.now(), opening(newsletter)
    assert run(dispatch).accepted == []
    assert counts_of(dispatch) == {"waiting": 3}
    assert dispatch.chunks.get().epoch == 0
    assert running.dispatches_to_wake(now) == []
    assert running.dispatches_to_wake(opens - timedelta(seconds=1)) == []
    assert running.dispatches_to_wake(opens) == [dispatch.pk]
    page = page_of(client, dispatch)
    assert f"The next mail leaves on {opens:%A} " in page
    assert "00:00 (America/Lima)" in page
    call_command("send_status", str(dispatch.pk), "--json")
    told = json.loads(capsys.readouterr().out)["goes_on_at"]
    assert datetime.fromisoformat(told) == opens
    close(newsletter, closed=False)
    assert running.dispatches_to_wake(now) == [dispatch.pk]
    assert "data-waits" not in page_of(client, dispatch)
    assert len(run(dispatch).accepted) == 3


def test_when_its_hours_end_it_stops_within_seconds(newsletter, settings):
    settings.RELAY_LIMIT = {"per_minute": 600}
    readers(newsletter, 60)
    dispatch = started(newsletter)

    def end(count):
        if count == 2:
            close(newsletter)

    transport = RecordingTransport(on_accept=end)
    assert running.run_sender(dispatch.pk, 30, transport)
    sent = len(transport.accepted)
    assert sent <= 2 + 20  # a second until it looks: ten saved up, and ten
    assert counts_of(dispatch) == {"sent": sent, "waiting": 60 - sent}
    assert not running.run_sender(dispatch.pk, 30, transport)
    assert len(transport.accepted) == sent


def test_who_is_to_be_tried_again_waits_for_the_hours_too(newsletter):
    (reader,) = readers(newsletter, 1)
    dispatch = started(newsletter)
    later = Outcome.from_reply("RCPT", 451, "4.2.0 later")
    run(dispatch, RecordingTransport({reader.subscriber.address: [later]}))
    close(newsletter)
    due = timezone.now() + timedelta(minutes=10)
    assert running.dispatches_to_wake(due) == []
    assert running.dispatches_to_wake(opening(newsletter)) == [dispatch.pk]


def test_what_is_done_is_finished_outside_of_its_hours(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    dispatch.deliveries.update(state="sent")
    dispatch.chunks.update(state="done")
    close(newsletter)
    assert running.dispatches_to_wake(timezone.now()) == [dispatch.pk]
    run(dispatch)
    dispatch.refresh_from_db()
    assert dispatch.state == "sent"


def test_no_patience_runs_out_while_nothing_is_tried(newsletter):
    readers(newsletter, 1)
    dispatch = started(newsletter)
    run(dispatch, RecordingTransport(sessions=0))
    dispatch.troubled_since = timezone.now() - timedelta(days=3)
    dispatch.save()
    close(newsletter)
    running.dispatches_to_wake(timezone.now())
    close(newsletter, closed=False)
    run(dispatch, RecordingTransport(sessions=0))
    dispatch.refresh_from_db()
    assert dispatch.state == "sending"


def test_an_hours_mails_are_out_and_it_says_when_it_goes_on(
    client, sender, newsletter, settings
):
    newsletter.rate_per_hour = 2
    newsletter.save()
    fill(settings, newsletter.limit)
    readers(newsletter, 5)
    dispatch = started(newsletter)
    transport = RecordingTransport()
    assert not running.run_sender(dispatch.pk, 30, transport)
    assert len(transport.accepted) == 2
    assert counts_of(dispatch) == {"sent": 2, "waiting": 3}
    assert timedelta(minutes=58) < dispatch.rests_until - timezone.now()
    assert "As many mails as allowed have left" in page_of(client, dispatch)
    assert running.dispatches_to_wake(timezone.now()) == [dispatch.pk]
    newsletter.rate_per_hour = 0
    newsletter.save()
    assert len(run(dispatch, transport).accepted) == 5
    assert "data-waits" not in page_of(client, dispatch)


def test_newsletters_share_what_the_relay_takes(newsletter, settings):
    settings.RELAY_LIMIT = {"per_hour": 5}
    fill(settings, Limit("relay", per_hour=5))
    other = a_newsletter(key="other")
    readers(newsletter, 3)
    readers(other, 4, "en")
    first = run(started(newsletter))
    second = run(started(other))
    assert (len(first.accepted), len(second.accepted)) == (3, 2)


def test_without_redis_a_limit_is_not_passed_and_nobody_is_lost(newsletter, settings):
    server, settings.REDIS_URL = settings.REDIS_URL, NOBODY
    newsletter.rate_per_minute = 6000
    newsletter.save()
    readers(newsletter, 3)
    dispatch = started(newsletter)
    assert run(dispatch).accepted == []
    assert counts_of(dispatch) == {"waiting": 3}
    assert "No se puede consultar el límite" in dispatch.failure
    assert "127.0.0.1:9" in dispatch.failure
    assert running.dispatches_to_wake(timezone.now()) == [dispatch.pk]
    settings.REDIS_URL = server
    assert len(run(dispatch).accepted) == 3
    dispatch.refresh_from_db()
    assert (dispatch.failure, dispatch.state) == ("", "sent")


def test_without_a_limit_redis_is_not_asked(newsletter, settings):
    settings.REDIS_URL = NOBODY
    readers(newsletter, 3)
    assert len(run(started(newsletter)).accepted) == 3
