"""A reader's mails go elsewhere once the other mailbox has agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.models import (
    AddressChange,
    Consent,
    OptInMail,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from newsletter.subscribing.forgetting import forget_unconfirmed
from tests.newsletter.readers import PATHS, active_reader, link_in, own_path
from tests.newsletter.sending import a_newsletter
from tests.newsletter.trees import plant_home, plant_topics

pytestmark = pytest.mark.django_db
OLD, NEW = "ana@lector.example.org", "ana@nueva.example.org"
BOTH = pytest.mark.parametrize("lang", ["es", "en"])


@pytest.fixture
def newsletter():
    return a_newsletter()


@pytest.fixture
def ana(newsletter):
    return active_reader(newsletter, "en", OLD)


def reached():
    rows = Subscription.objects.receivable()
    return set(rows.values_list("subscriber__address", flat=True))


def ask(client, subscription, new=NEW):
    return client.post(own_path(subscription, "address"), {"address": new}, follow=True)


def agree(client, inbox, lang="en"):
    """Press the button that the mail to the new address leads to."""
    (mail,) = [
        each for each in inbox.all() if "new" in each.body or "nueva" in each.body
    ]
    return client.post(link_in(mail, PATHS[lang]["new-address"]))


def taken_back(client, inbox, lang="en"):
    return client.post(link_in(inbox.all()[-1], PATHS[lang]["former-address"]))


@BOTH
def test_the_new_mailbox_agrees_and_the_former_one_is_told(
    client, newsletter, inbox, lang
):
    subscription = active_reader(newsletter, lang, OLD)
    project, country = plant_topics(plant_home())
    subscription.projects.add(project)
    subscription.countries.add(country)
    Subscription.objects.update(frequency="weekly")
    page = ask(client, subscription)
    assert {"es": "Le enviamos un correo", "en": "We have sent you a mail"}[lang] in (
        page.text
    )
    asked = inbox.only()
    assert asked.to == [NEW]
    path = link_in(asked, PATHS[lang]["new-address"])
    assert NEW in client.get(path).text
    assert reached() == {OLD}
    for _twice in range(2):
        assert NEW in client.post(path).text
    assert reached() == {NEW}
    twin = Subscription.objects.get(subscriber__address=NEW)
    assert (twin.frequency, twin.subscriber.language) == ("weekly", lang)
    assert [*twin.projects.all(), *twin.countries.all()] == [project, country]
    assert [mail.to for mail in inbox.all()[1:]] == [[OLD]]
    proofs = Consent.objects.values_list("kind", "language", "text_version")
    expected = {("confirmed", lang), ("left", lang)}
    assert {proof[:2] for proof in proofs} == expected
    assert {proof[2] for proof in proofs} == {"address-2026-11"}


def test_the_former_mailbox_takes_it_back_whatever_followed(client, ana, inbox):
    ask(client, ana)
    agree(client, inbox)
    twin = Subscription.objects.get(subscriber__address=NEW)
    client.post(own_path(twin, "preferences"), {"language": "es"})
    path = link_in(inbox.all()[-1], PATHS["en"]["former-address"])
    assert OLD in client.get(path).text
    assert reached() == {NEW}
    for _twice in range(2):
        assert client.post(path).status_code == 200
    assert reached() == {OLD}
    again = link_in(inbox.all()[0], PATHS["en"]["new-address"])
    assert client.post(again).status_code == 410
    assert reached() == {OLD}


def test_it_is_taken_back_for_a_week(client, ana, inbox, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    ask(client, ana)
    agree(client, inbox)
    inbox.all()
    time_machine.shift(timedelta(days=7, minutes=1))
    assert taken_back(client, inbox).status_code == 410
    assert reached() == {NEW}


def test_all_newsletters_move_and_those_left_stay_left(client, ana, inbox):
    second, third = (a_newsletter(key=key) for key in ("second", "third"))
    active_reader(second, "en", OLD)
    left = active_reader(third, "en", OLD)
    client.post(own_path(left, "leave"))
    Subscription.objects.filter(newsletter=second).update(state="paused")
    ask(client, ana)
    agree(client, inbox)
    rows = Subscription.objects.filter(subscriber__address=NEW).order_by("pk")
    states = rows.values_list("newsletter__key", "state")
    assert list(states) == [("general", "active"), ("second", "paused")]
    taken_back(client, inbox)
    states = Subscription.objects.filter(subscriber__address=OLD).order_by("pk")
    assert list(states.values_list("state", flat=True)) == [
        "active",
        "paused",
        "unsubscribed",
    ]


def test_what_the_new_mailbox_had_of_its_own_it_keeps(client, newsletter, ana, inbox):
    own = active_reader(newsletter, "es", NEW)
    ask(client, ana)
    agree(client, inbox)
    assert reached() == {NEW}
    taken_back(client, inbox)
    assert reached() == {OLD, NEW}
    own.refresh_from_db()
    assert own.subscriber.language == "es"


def test_the_owners_yes_lifts_what_kept_the_new_mailbox_away(client, ana, inbox):
    Suppression.objects.create(address_hash=address_hash(NEW), reason="bounced")
    ask(client, ana)
    agree(client, inbox)
    assert reached() == {NEW}


def test_a_reader_who_left_meanwhile_moves_nothing(client, ana, inbox):
    ask(client, ana)
    client.post(own_path(ana, "leave"))
    assert agree(client, inbox).status_code == 410
    assert reached() == set()
    assert client.get(own_path(ana, "address")).status_code == 410


def test_who_came_back_by_themselves_is_left_alone(client, ana, inbox):
    ask(client, ana)
    agree(client, inbox)
    Subscription.objects.filter(pk=ana.pk).update(left_at=timezone.now())
    taken_back(client, inbox)
    assert reached() == set()


@pytest.mark.parametrize("wrong", ["", "x", "a@b", "a@b.example\nBcc: c@d.example"])
def test_a_wrong_address_is_said(client, ana, wrong, inbox):
    answer = ask(client, ana, wrong)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert inbox.count() == 0


@pytest.mark.parametrize("same", [OLD, OLD.upper()])
def test_the_same_mailbox_is_not_asked(client, ana, same, inbox):
    assert ask(client, ana, same).status_code == 200
    assert inbox.count() == 0


def test_a_mailbox_is_asked_twice_in_fourteen_days_at_most(client, ana, inbox):
    for _time in range(4):
        ask(client, ana)
    assert inbox.count() == OptInMail.objects.count() == 2


def test_looking_changes_nothing_and_a_token_opens_only_its_page(client, ana, inbox):
    ask(client, ana)
    path = link_in(inbox.only(), PATHS["en"]["new-address"])
    assert client.get(path).status_code == 200
    assert reached() == {OLD}
    token = path.rstrip("/").rpartition("/")[2]
    assert client.post(f"{PATHS['en']['former-address']}{token}/").status_code == 404
    assert client.post(f"{PATHS['en']['new-address']}{token}x/").status_code == 404
    preferences = own_path(ana, "preferences").rstrip("/").rpartition("/")[2]
    assert client.post(f"{PATHS['en']['new-address']}{preferences}/").status_code == 404


@pytest.mark.parametrize("who", [OLD, NEW])
def test_who_is_erased_takes_the_change_along(client, ana, inbox, who):
    ask(client, ana)
    agree(client, inbox)
    inbox.all()
    person = Subscriber.objects.get(address=who)
    client.post(own_path(person.subscriptions.get(), "own-data"))
    assert not AddressChange.objects.exists()
    assert taken_back(client, inbox).status_code == 404
    assert reached() == ({NEW} if who == OLD else set())


def test_an_unanswered_wish_is_forgotten(client, ana, inbox, time_machine):
    ask(client, ana)
    forget_unconfirmed()
    assert AddressChange.objects.count() == 1
    time_machine.move_to(timezone.now() + timedelta(days=22))
    forget_unconfirmed()
    assert not AddressChange.objects.exists()
    assert reached() == {OLD}
