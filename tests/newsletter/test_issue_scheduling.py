"""Sending an issue later: planned with care, started once, called off in time."""

from __future__ import annotations

import re
from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from newsletter.composing import scheduling
from newsletter.dispatching import actions as dispatching
from newsletter.errors import IllegalMoveError
from newsletter.models import Delivery, Dispatch, Subscriber, Suppression
from newsletter.tasks import start_scheduled_issue
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, blocks, publish
from tests.newsletter.sending import a_reader, begin_due, run

pytestmark = pytest.mark.django_db

LIMA = ZoneInfo("America/Lima")
State = Dispatch.State


@pytest.fixture(autouse=True)
def _in_lima(settings):
    settings.TIME_ZONE = "America/Lima"


@pytest.fixture
def site():
    return SmallSite(fallback_rule="link")


@pytest.fixture
def issue(site):
    return site.issue(site.story("Agua"), site.story("Maíz", "es"))


@pytest.fixture
def readers(site):
    for name, lang in (("ana", "es"), ("eva", "es"), ("tom", "en")):
        a_reader(site.newsletter, name, lang)


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


@pytest.fixture
def moment():
    """Nine in the morning in Lima, in three days."""
    day = timezone.now().astimezone(LIMA) + timedelta(days=3)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


@pytest.fixture
def planned(issue, readers, moment):
    """A scheduled dispatch of the issue."""
    return scheduling.schedule_issue(issue=issue, at=moment)


def typed(moment):
    return f"{moment:%Y-%m-%d %H:%M}"


def schedule_url(issue):
    return reverse("issue_sending:schedule", args=[issue.pk])


def send_url(issue):
    return reverse("issue_sending:send", args=[issue.pk])


def unschedule_url(dispatch):
    return reverse("dispatches:unschedule", args=[dispatch.pk])


def progress_url(dispatch):
    return reverse("dispatches:progress", args=[dispatch.pk])


def confirm_on(client, answer, issue):
    """Press the button of the page that asks."""
    at = re.search(r'name="at" value="([^"]+)"', answer.content.decode())[1]
    return client.post(schedule_url(issue), {"at": at, "confirmed": "1"})


def state_of(dispatch):
    dispatch.refresh_from_db()
    return dispatch.state


# --- Planning


def test_the_first_click_only_asks(client, issue, readers, sender, moment):
    answer = client.post(schedule_url(issue), {"at": typed(moment)})
    page = answer.content.decode()
    assert "09:00 (America/Lima)" in page
    assert "<td data-recipients>2</td>" in page
    assert "<td data-recipients>1</td>" in page
    assert "<td data-recipients-total>3</td>" in page
    assert not Dispatch.objects.exists()


def test_the_second_click_plans_it(client, issue, readers, sender, moment):
    asked = client.post(schedule_url(issue), {"at": typed(moment)})
    answer = confirm_on(client, asked, issue)
    dispatch = Dispatch.objects.get()
    assert answer.url == progress_url(dispatch)
    assert dispatch.state == State.SCHEDULED
    assert dispatch.scheduled_at == moment
    assert dispatch.created_by == sender
    assert not dispatch.editions.exists()
    assert not Delivery.objects.exists()
    page = client.get(answer.url).content.decode()
    assert "09:00 (America/Lima)" in page
    assert unschedule_url(dispatch) in page


def test_outside_of_the_sending_hours_it_says_when_the_mails_will_leave(
    client, site, issue, readers, sender, moment
):
    url, given = schedule_url(issue), {"at": typed(moment)}
    assert "data-late-start" not in client.post(url, given).text
    site.newsletter.send_from, site.newsletter.send_until = time(10, 30), time(20)
    site.newsletter.save()
    asked = client.post(url, given)
    page = client.get(confirm_on(client, asked, issue).url).text
    for told in (asked.text, page):
        assert f"the first mail leaves on {moment:%A}" in told
        assert "10:30 (America/Lima)" in told
    site.newsletter.send_days = [moment.weekday()]
    site.newsletter.save()
    Dispatch.objects.all().delete()
    assert "It is outside the newsletter" in client.get(send_url(issue)).text


def test_the_sites_time_zone_counts_not_the_readers_own(
    client, issue, readers, sender, moment
):
    UserProfile.objects.filter(user=sender).update(current_time_zone="Europe/Madrid")
    asked = client.post(schedule_url(issue), {"at": typed(moment)})
    confirm_on(client, asked, issue)
    dispatch = Dispatch.objects.get()
    assert dispatch.scheduled_at == moment
    assert "09:00 (America/Lima)" in client.get(send_url(issue)).content.decode()


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2020-01-01 09:00", "Choose a moment that is still to come."),
        ("", "Choose a date and a time."),
        ("tomorrow", "Enter a valid date/time."),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "1"}])
def test_a_moment_that_cannot_be_is_refused(
    client, issue, readers, sender, at, text, confirmed
):
    answer = client.post(schedule_url(issue), {"at": at, **confirmed})
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not Dispatch.objects.exists()


def test_an_issue_that_could_not_be_sent_cannot_be_planned(
    client, issue, sender, moment
):
    for sent in ({"at": typed(moment)}, {"at": typed(moment), "confirmed": "1"}):
        answer = client.post(schedule_url(issue), sent)
        assert answer.status_code == 409
        assert 'data-problem="no-recipients"' in answer.content.decode()
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("role", [roles.EDITOR, roles.TRANSLATORS["en"]])
def test_planning_takes_the_permission_to_send(client, issue, readers, moment, role):
    client.force_login(person(role))
    sent = {"at": typed(moment), "confirmed": "1"}
    answer = client.post(schedule_url(issue), sent)
    assert answer.status_code in {302, 403}
    assert not Dispatch.objects.exists()


def test_looking_plans_nothing(client, issue, readers, sender):
    assert client.get(schedule_url(issue)).url == send_url(issue)
    assert 'name="at"' in client.get(send_url(issue)).content.decode()
    assert not Dispatch.objects.exists()


def test_a_planned_issue_is_neither_sent_nor_planned_again(
    client, issue, planned, sender, moment
):
    page = client.get(send_url(issue)).content.decode()
    assert "09:00 (America/Lima)" in page
    assert "readers now" not in page
    assert 'name="at"' not in page
    sent = {"at": typed(moment), "confirmed": "1"}
    for url in (send_url(issue), schedule_url(issue)):
        answer = client.post(url, sent, follow=True)
        assert "scheduled already" in answer.content.decode()
    assert Dispatch.objects.get() == planned
    refused = pytest.raises(CommandError, match="is scheduled: dispatch")
    with translation.override("en"), refused:
        call_command("send_issue", str(issue.pk))


def test_the_editor_leads_to_the_planned_sending(client, issue, planned, sender):
    editor = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    page = client.get(editor).content.decode()
    assert "See when it is sent" in page
    assert progress_url(planned) in page


# --- Its moment


def test_it_starts_when_due_and_not_before(planned, moment):
    early = moment - timedelta(seconds=1)
    assert scheduling.due_dispatches(early) == []
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=early)
    assert state_of(planned) == State.SCHEDULED
    assert scheduling.due_dispatches(moment) == [planned.pk]
    assert scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert state_of(planned) == State.SENDING
    assert planned.audience == planned.deliveries.count() == 3
    assert {edition.language for edition in planned.editions.all()} == {"es", "en"}


def test_hours_late_it_asks_instead_of_being_sent(client, planned, moment, sender):
    late = moment + timedelta(hours=2)
    assert not scheduling.start_scheduled(
        dispatch_id=planned.pk, at=late + timedelta(seconds=1)
    )
    planned.refresh_from_db()
    assert planned.state == State.CANCELLED
    assert "Envíelo ahora o programe otro momento" in planned.failure
    assert Delivery.objects.count() == 0
    page = client.get(reverse("issue_sending:send", args=[planned.issue_page_id]))
    assert "data-missed" in page.content.decode()


def test_two_hours_late_it_is_still_sent(planned, moment):
    at = moment + timedelta(hours=2)
    assert scheduling.start_scheduled(dispatch_id=planned.pk, at=at)


def test_it_starts_once_whoever_wakes_it_again(planned, moment):
    for _time in range(3):
        scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert scheduling.due_dispatches(moment) == []
    transport = run(planned)
    assert len(transport.accepted) == 3
    assert state_of(planned) == State.SENT
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert Delivery.objects.count() == 3


def test_of_two_workers_that_both_found_it_due_one_starts_it(planned, moment):
    plan = scheduling.plan_sending(planned.issue_page)
    due = {"dispatch_id": planned.pk, "editions": plan.editions, "at": moment}
    dispatching.start_due_dispatch(**due)
    with pytest.raises(IllegalMoveError):
        dispatching.start_due_dispatch(**due)
    assert planned.deliveries.count() == 3


def test_the_task_starts_what_is_due(planned):
    just_now = timezone.now() - timedelta(minutes=1)
    start_scheduled_issue(planned.pk)
    assert state_of(planned) == State.SCHEDULED
    Dispatch.objects.update(scheduled_at=just_now)
    start_scheduled_issue(planned.pk)
    start_scheduled_issue(planned.pk)
    assert state_of(planned) == State.SENDING


def test_texts_and_readers_are_those_of_the_moment(site, issue, planned, moment):
    issue.headline_es = "Corregido a tiempo"
    issue.save_revision()
    publish(issue, "es")
    a_reader(site.newsletter, "late", "en")
    scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert planned.editions.get(language="es").subject == "Corregido a tiempo"
    assert planned.deliveries.count() == 4


def nobody_is_left(planned):
    Subscriber.objects.update(health="bounced")


def the_newsletter_is_switched_off(planned):
    planned.newsletter.is_active = False
    planned.newsletter.save()


def the_issue_is_taken_down(planned):
    type(planned.issue_page).objects.update(live=False, live_es=False, live_en=False)


def the_issue_is_deleted(planned):
    planned.issue_page.delete()


def no_mail_can_be_made_of_it(planned):
    planned.newsletter.from_address = "ñandú@pregon.example"
    planned.newsletter.save()


def everyone_is_suppressed(planned):
    for reader in Subscriber.objects.all():
        Suppression.objects.create(address_hash=reader.address_hash, reason="left")


REASONS = {
    nobody_is_left: "Nobody would receive this issue.",
    everyone_is_suppressed: "Nobody would receive this issue.",
    the_newsletter_is_switched_off: "The newsletter is not active",
    no_mail_can_be_made_of_it: "No mail can be made of this",
    the_issue_is_taken_down: "There is no edition to send",
    the_issue_is_deleted: "The issue has been deleted.",
}


@pytest.mark.parametrize("happens", REASONS, ids=lambda happens: happens.__name__)
def test_what_stands_in_the_way_then_stops_it_and_is_told(
    client, sender, planned, moment, happens
):
    Dispatch.objects.update(created_by=sender)
    happens(planned)
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert state_of(planned) == State.CANCELLED
    assert REASONS[happens] in planned.failure
    assert not Delivery.objects.exists()
    assert REASONS[happens] in client.get(progress_url(planned)).content.decode()
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)


def test_what_breaks_the_start_is_told_and_it_is_tried_again(
    client, sender, planned, moment
):
    """A body that nobody could have written stands for any fault of ours."""
    rows = type(planned.issue_page).objects
    rows.update(body_es=blocks(("picture", "no picture")))
    with pytest.raises(AttributeError):
        scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert state_of(planned) == State.SCHEDULED
    assert "AttributeError" in planned.failure
    assert "AttributeError" in client.get(progress_url(planned)).content.decode()
    rows.update(body_es="[]")
    assert scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)


def test_the_issue_says_why_and_can_be_sent_once_that_is_mended(
    client, sender, issue, planned, moment
):
    nobody_is_left(planned)
    scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    planned.refresh_from_db()
    page = client.get(send_url(issue)).content.decode()
    assert "data-missed" in page
    assert planned.failure in page
    editor = reverse("wagtailadmin_pages:edit", args=[issue.pk])
    assert "See why it was not sent" in client.get(editor).content.decode()
    Subscriber.objects.update(health="ok")
    client.post(send_url(issue))
    begin_due()
    assert Dispatch.objects.get(state=State.SENDING).audience == 3
    assert "data-missed" not in client.get(send_url(issue)).content.decode()


@pytest.mark.parametrize(
    ("language", "why"),
    [("es", "Nadie recibiría"), ("en", "Nobody would receive")],
)
def test_the_reason_is_in_the_language_of_who_planned_it(
    issue, readers, moment, language, why
):
    user = person(roles.NEWSLETTER_SENDER, language)
    planned = scheduling.schedule_issue(issue=issue, at=moment, by=user)
    nobody_is_left(planned)
    scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    planned.refresh_from_db()
    assert why in planned.failure


# --- Calling it off


def test_calling_off_asks_first(client, planned, sender):
    page = client.get(unschedule_url(planned)).content.decode()
    assert "09:00 (America/Lima)" in page
    assert state_of(planned) == State.SCHEDULED


def test_what_was_called_off_never_starts_and_can_be_planned_again(
    client, issue, planned, sender, moment
):
    answer = client.post(unschedule_url(planned), follow=True)
    assert "nobody got a mail" in answer.content.decode()
    assert state_of(planned) == State.CANCELLED
    assert scheduling.due_dispatches(moment) == []
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    page = client.get(send_url(issue)).content.decode()
    assert "data-missed" not in page
    assert 'name="at"' in page
    scheduling.schedule_issue(issue=issue, at=moment)


def test_too_late_to_call_off_stops_nothing(client, planned, sender, moment):
    scheduling.start_scheduled(dispatch_id=planned.pk, at=moment)
    assert client.get(unschedule_url(planned)).url == progress_url(planned)
    page = client.post(unschedule_url(planned), follow=True).content.decode()
    assert "not possible now" in page
    assert state_of(planned) == State.SENDING


@pytest.mark.parametrize("method", ["get", "post"])
def test_calling_off_takes_the_permission_to_send(client, planned, method):
    client.force_login(person(roles.EDITOR))
    assert getattr(client, method)(unschedule_url(planned)).status_code in {302, 403}
    assert state_of(planned) == State.SCHEDULED
    page = client.get(progress_url(planned)).content.decode()
    assert "09:00 (America/Lima)" in page
    assert unschedule_url(planned) not in page


def test_what_is_not_frozen_cannot_be_started_past_the_checks(planned):
    with pytest.raises(IllegalMoveError):
        dispatching.start_dispatch(dispatch_id=planned.pk)
    with pytest.raises(IllegalMoveError):
        dispatching.resume_dispatch(dispatch_id=planned.pk)


def test_the_status_command_names_the_moment(planned, moment, capsys):
    call_command("send_status", str(planned.pk), "--json")
    assert moment.astimezone(UTC).isoformat() in capsys.readouterr().out
