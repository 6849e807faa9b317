"""What belongs to a reader: to rest, to see what is known of them, to be forgotten."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from mail.models import QueuedMail
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching import freeze
from newsletter.models import (
    Consent,
    Delivery,
    OptInMail,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from tests.newsletter.readers import (
    PATHS,
    active_reader,
    link_in,
    one_click_path,
    own_path,
    sign_up,
)
from tests.newsletter.sending import EDITIONS, run

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("lang", ["es", "en"])


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def gets_mail(subscription):
    row = Subscription.objects.filter(pk=subscription.pk)
    return row.receivable(timezone.now()).exists()


def sent_to(newsletter):
    dispatch = dispatching.create_dispatch(newsletter=newsletter, title="Noviembre")
    dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=EDITIONS)
    run(dispatching.start_dispatch(dispatch_id=dispatch.pk))
    return dispatch


@BOTH
def test_a_pause_ends_by_itself(client, newsletter, lang):
    ana = active_reader(newsletter, lang)
    answer = client.post(own_path(ana, "pause"), {"months": "1"}, follow=True)
    said = {"es": "hasta entonces", "en": "nothing until then"}[lang]
    assert said in answer.text
    assert not gets_mail(ana)
    ana.refresh_from_db()
    assert ana.state == "active"
    assert ana.is_away(timezone.now())
    assert Subscription.objects.receivable(ana.paused_until).get() == ana
    _readers, excluded = freeze.count_people(newsletter, ["es", "en"], timezone.now())
    assert excluded == {"paused": 1}


def test_a_pause_is_proved_and_ended_by_hand(client, newsletter):
    ana = active_reader(newsletter, "en")
    client.post(own_path(ana, "pause"), {"months": "", "until": in_days(9).isoformat()})
    page = client.get(own_path(ana, "preferences")).text
    assert "You get nothing until" in page
    client.post(own_path(ana, "pause"), {"resume": "1"})
    client.post(own_path(ana, "pause"), {"resume": "1"})
    assert gets_mail(ana)
    kinds = list(Consent.objects.values_list("kind", flat=True))
    assert kinds == ["paused", "resumed"]
    assert in_days(9).isoformat() in Consent.objects.first().answer["paused_until"]


def test_a_chosen_day_counts_whatever_the_months_say(client, newsletter):
    ana = active_reader(newsletter, "en")
    chosen = {"months": "1", "until": in_days(9).isoformat()}
    client.post(own_path(ana, "pause"), chosen)
    ana.refresh_from_db()
    zone = newsletter.hours.zone
    assert ana.paused_until.astimezone(zone).date() == in_days(9)


def test_who_is_paused_for_good_can_come_back(client, newsletter):
    ana = active_reader(newsletter, "en")
    ana.move_to("paused")
    assert "You get nothing for now" in client.get(own_path(ana, "preferences")).text
    client.post(own_path(ana, "pause"), {"resume": "1"})
    assert gets_mail(ana)


@pytest.mark.parametrize(
    "until", ["", "yesterday", "2020-01-01", "2999-01-01", "x" * 99]
)
def test_a_day_that_is_none_is_refused(client, newsletter, until):
    ana = active_reader(newsletter, "en")
    answer = client.post(own_path(ana, "pause"), {"months": "", "until": until})
    assert answer.status_code == 422
    assert "form-error" in answer.text
    assert gets_mail(ana)


def test_who_has_left_cannot_rest(client, newsletter):
    ana = active_reader(newsletter, "en")
    path = own_path(ana, "pause")
    ana.move_to("unsubscribed")
    for answer in (client.get(path), client.post(path, {"months": "1"})):
        assert answer.status_code == 410
    assert not Consent.objects.exists()


def test_a_pause_is_told_to_operators(client, newsletter, capsys):
    ana = active_reader(newsletter, "en")
    client.post(own_path(ana, "pause"), {"months": "3"})
    call_command("subscriber_state", ana.subscriber.address)
    assert capsys.readouterr().out == "paused\n"


def test_signing_up_again_ends_an_old_pause(client, newsletter, inbox):
    ana = active_reader(newsletter, "en")
    client.post(own_path(ana, "pause"), {"months": "6"})
    client.post(own_path(ana, "leave"))
    sign_up(client, "en", address=ana.subscriber.address)
    client.post(link_in(inbox.only(), PATHS["en"]["confirm"]))
    assert gets_mail(ana)


def test_a_reader_takes_their_data_along(client, newsletter, inbox):
    sign_up(client, "es", address="ana@lector.example.org")
    client.post(link_in(inbox.only(), PATHS["es"]["confirm"]))
    sent_to(newsletter)
    ana = Subscription.objects.get()
    answer = client.get(own_path(ana, "own-data"), {"download": "1"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    found = json.loads(answer.content)
    assert found["address"] == "ana@lector.example.org"
    assert found["newsletters"][0]["newsletter"] == "Boletín mensual de la región"
    assert [row["kind"] for row in found["consents"]] == ["asked", "confirmed"]
    assert found["consents"][0]["shown"].startswith("Quiero recibir")
    assert [row["subject"] for row in found["mails"]] == ["Noviembre"]
    assert found["mails"][0]["state"] == "sent"
    assert "Boletín" in answer.content.decode()  # to be read, not only parsed


@BOTH
def test_the_link_to_all_that_is_known_goes_to_the_mailbox(
    client, newsletter, inbox, lang, time_machine
):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    ana = active_reader(newsletter, lang)
    page = client.get(own_path(ana, "preferences")).text
    assert "todo-sobre-mi" not in page
    assert "all-about-me" not in page
    for _twice in range(2):
        answer = client.post(own_path(ana, "data"), follow=True)
    assert "ana@lector" not in answer.text
    mail = inbox.only()
    assert mail.to == [ana.subscriber.address]
    path = link_in(mail, PATHS[lang]["own-data"])
    assert ana.subscriber.address in client.get(path).text
    time_machine.move_to("2026-03-02T12:01:00Z", tick=False)
    assert client.get(path).status_code == 410


def test_who_was_forgotten_cannot_be_brought_back_by_an_old_mail(client, newsletter):
    ana = active_reader(newsletter, "en")
    client.post(own_path(ana, "own-data"))
    page = client.post(own_path(ana, "leave"), {"undo": "1"})
    assert "Subscribe me again" not in client.get(own_path(ana, "leave")).text
    assert page.status_code == 410
    assert Subscription.objects.get().state == "unsubscribed"


@BOTH
def test_a_reader_is_forgotten(client, newsletter, second_newsletter, inbox, lang):
    address = "ana@lector.example.org"
    sign_up(client, lang, address=address)
    client.post(link_in(inbox.only(), PATHS[lang]["confirm"]))
    ana = Subscription.objects.get()
    active_reader(second_newsletter, lang, address)
    sent_to(newsletter)
    path, old = own_path(ana, "own-data"), own_path(ana, "preferences")
    assert client.get(path).status_code == 200
    assert Subscriber.objects.get().address == address
    answer = client.post(path)
    assert {"es": "borrados", "en": "erased"}[lang] in answer.text
    subscriber = Subscriber.objects.get()
    assert (subscriber.address, subscriber.address_hash) == (None, "")
    assert subscriber.health == "erased"
    assert {row.state for row in Subscription.objects.all()} == {"unsubscribed"}
    assert Delivery.objects.count() == 1
    assert not QueuedMail.objects.filter(to=address).exists()
    assert not OptInMail.objects.exists()
    assert set(Consent.objects.values_list("network_hash", flat=True)) == {""}
    assert all(
        set(row.answer) == {"newsletter", "language"} for row in Consent.objects.all()
    )
    kept = Suppression.objects.get(newsletter=None)
    assert (kept.reason, kept.address_hash) == ("erased", address_hash(address))
    for gone in (old, path, own_path(ana, "pause")):
        assert client.get(gone).status_code == 410
        assert client.post(gone).status_code == 410
    assert client.post(one_click_path(ana)).status_code == 200
    assert client.get(own_path(ana, "leave")).status_code == 200


def test_who_was_forgotten_may_sign_up_again(client, newsletter, inbox, capsys):
    ana = active_reader(newsletter, "en")
    address = ana.subscriber.address
    client.post(own_path(ana, "own-data"))
    call_command("subscriber_state", address)
    assert capsys.readouterr().out == "erased\n"
    inbox.clear()
    sign_up(client, "en", address=address)
    client.post(link_in(inbox.only(), PATHS["en"]["confirm"]))
    fresh = Subscription.objects.exclude(pk=ana.pk).get()
    assert gets_mail(fresh)
    assert not Suppression.objects.filter(newsletter=None).exists()


def test_a_mail_on_its_way_to_someone_forgotten_is_not_sent(client, newsletter):
    ana, _eva = (
        active_reader(newsletter, "es", f"{name}@lector.example.org")
        for name in ("ana", "eva")
    )
    dispatch = dispatching.create_dispatch(newsletter=newsletter, title="Noviembre")
    dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=EDITIONS)
    client.post(own_path(ana, "own-data"))
    transport = run(dispatching.start_dispatch(dispatch_id=dispatch.pk))
    assert [to for to, _data in transport.accepted] == ["eva@lector.example.org"]


def test_another_newsletter_is_asked_for_and_confirmed(
    client, newsletter, second_newsletter, inbox
):
    ana = active_reader(newsletter, "en")
    page = client.get(own_path(ana, "preferences")).text
    assert "Get “Notices” too" in page
    asked = {"also": str(second_newsletter.pk)}
    answer = client.post(own_path(ana, "preferences"), asked, follow=True)
    assert "We have sent you a mail" in answer.text
    added = Subscription.objects.get(newsletter=second_newsletter)
    assert added.state == "pending"
    client.post(link_in(inbox.only(), PATHS["en"]["confirm"]))
    assert gets_mail(added)
    assert "too</button>" not in client.get(own_path(ana, "preferences")).text


@pytest.mark.parametrize("also", ["", "x", "99999"])
def test_a_newsletter_that_is_none_is_not_asked_for(client, newsletter, inbox, also):
    ana = active_reader(newsletter, "en")
    answer = client.post(own_path(ana, "preferences"), {"also": also})
    assert answer.status_code == 303
    assert Subscription.objects.count() == 1
    assert inbox.count() == 0


@pytest.mark.parametrize("step", ["pause", "data", "own-data"])
def test_looking_changes_nothing_and_is_kept_private(client, newsletter, step):
    ana = active_reader(newsletter, "en")
    before = list(Subscription.objects.values()), list(Subscriber.objects.values())
    answer = client.get(own_path(ana, step))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    after = list(Subscription.objects.values()), list(Subscriber.objects.values())
    assert after == before
    wrong = own_path(ana, step)[:-3] + "xx/"
    assert client.get(wrong).status_code == 404
