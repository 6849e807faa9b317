"""A reader's mails move to another address once its mailbox has agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.models import (
    AddressChange,
    Consent,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from newsletter.subscribing.forgetting import forget_unconfirmed
from tests.newsletter.readers import PATHS, active_reader, link_in, own_path

pytestmark = pytest.mark.django_db
OLD, NEW = "ana@lector.example.org", "ana@nueva.example.org"
BOTH = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture
def ana(newsletter):
    return active_reader(newsletter, "en", OLD)


def address():
    return Subscriber.objects.get(pk=Subscription.objects.first().subscriber_id).address


def ask(client, subscription, new=NEW):
    return client.post(own_path(subscription, "address"), {"address": new}, follow=True)


def agree(client, inbox, lang="en"):
    """Press the button that the mail to the new address leads to."""
    mail = inbox.all()[-1]
    return client.post(link_in(mail, PATHS[lang]["new-address"]))


@BOTH
def test_the_new_address_agrees_and_the_old_one_is_told(
    client, newsletter, inbox, lang
):
    subscription = active_reader(newsletter, lang, OLD)
    page = ask(client, subscription)
    assert {"es": "Le enviamos un correo", "en": "We have sent you a mail"}[lang] in (
        page.text
    )
    asked = inbox.only()
    assert asked.to == [NEW]
    assert address() == OLD
    path = link_in(asked, PATHS[lang]["new-address"])
    assert NEW in client.get(path).text
    assert address() == OLD
    client.post(path)
    client.post(path)
    assert address() == NEW
    told = inbox.all()[1:]
    assert [mail.to for mail in told] == [[OLD]]
    (proof,) = Consent.objects.all()
    assert (proof.kind, proof.language) == ("changed", lang)
    assert PATHS[lang]["new-address"] in proof.where


def test_the_old_address_takes_it_back(client, ana, inbox):
    ask(client, ana)
    agree(client, inbox)
    path = link_in(inbox.all()[-1], PATHS["en"]["former-address"])
    assert client.get(path).status_code == 200
    assert address() == NEW
    client.post(path)
    client.post(path)
    assert address() == OLD
    assert (
        client.post(link_in(inbox.all()[0], PATHS["en"]["new-address"])).status_code
        == 410
    )
    assert address() == OLD


def test_the_old_address_has_seven_days(client, ana, inbox, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    ask(client, ana)
    agree(client, inbox)
    path = link_in(inbox.all()[-1], PATHS["en"]["former-address"])
    time_machine.move_to("2026-03-08T12:01:00Z", tick=False)
    assert client.post(path).status_code == 410
    assert address() == NEW


def test_the_new_address_may_be_asked_in_vain(client, ana, inbox, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    ask(client, ana)
    time_machine.move_to("2026-03-15T12:01:00Z", tick=False)
    assert agree(client, inbox).status_code == 410
    assert address() == OLD


def test_an_address_of_another_reader_stays_theirs(client, newsletter, ana, inbox):
    """And whoever asks does not learn that it is known."""
    active_reader(newsletter, "es", NEW)
    page = ask(client, ana)
    assert "We have sent you a mail" in page.text
    answer = agree(client, inbox)
    assert answer.status_code == 409
    assert "subscriptions of its own" in answer.text
    assert set(Subscriber.objects.values_list("address", flat=True)) == {OLD, NEW}


def test_what_was_left_stays_left_and_a_bounced_mailbox_is_cured(
    client, newsletter, second_newsletter, ana, inbox
):
    left = active_reader(second_newsletter, "en", OLD)
    client.post(own_path(left, "leave"))
    Subscriber.objects.update(health="bounced")
    Suppression.objects.create(address_hash=address_hash(NEW), reason="bounced")
    ask(client, ana)
    agree(client, inbox)
    assert Subscriber.objects.get().health == "ok"
    assert Subscription.objects.receivable(timezone.now()).get() == ana
    kept = Suppression.objects.filter(address_hash=address_hash(NEW)).get()
    assert (kept.newsletter, kept.reason) == (second_newsletter, "left")


def test_two_wishes_at_once_have_one_winner(client, ana, inbox):
    ask(client, ana, "one@nueva.example.org")
    ask(client, ana, "two@nueva.example.org")
    first, second = (
        link_in(mail, PATHS["en"]["new-address"]) for mail in list(inbox.all())
    )
    client.post(second)
    assert client.post(first).status_code == 410
    assert address() == "two@nueva.example.org"


@pytest.mark.parametrize(
    "wrong", ["", "nobody", "a@b", "a\r\nBcc: c@d.example", "x" * 999]
)
def test_an_address_that_is_none_is_told(client, ana, inbox, wrong):
    answer = client.post(own_path(ana, "address"), {"address": wrong})
    assert answer.status_code == 422
    assert "form-error" in answer.text
    assert inbox.count() == 0


def test_too_many_wishes_are_slowed_down(client, ana):
    codes = [ask(client, ana).status_code for _again in range(12)]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_who_has_left_or_is_forgotten_changes_nothing(client, ana, inbox):
    ask(client, ana)
    path = link_in(inbox.only(), PATHS["en"]["new-address"])
    client.post(own_path(ana, "own-data"))
    assert not AddressChange.objects.exists()
    assert client.post(path).status_code == 404
    assert client.get(own_path(ana, "address")).status_code == 410
    assert Subscriber.objects.get().address is None


def test_old_wishes_are_forgotten(client, ana):
    ask(client, ana)
    forget_unconfirmed(at=timezone.now() + timedelta(days=20))
    assert AddressChange.objects.exists()
    forget_unconfirmed(at=timezone.now() + timedelta(days=22))
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize("step", ["address", "new-address", "former-address"])
def test_a_broken_link_is_a_clear_page(client, newsletter, step):
    for lang in ("es", "en"):
        assert client.get(f"{PATHS[lang][step]}1.MQ.x.y/").status_code == 404
