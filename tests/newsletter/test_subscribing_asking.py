"""A link to the preferences for whoever has no mail at hand."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from mail.models import QueuedMail
from newsletter.models import Subscriber, Subscription, Suppression, address_hash
from newsletter.subscribing import asking, owning
from newsletter.subscribing.consents import Place
from newsletter.tasks import mail_preferences as task
from tests.newsletter.readers import active_reader, link_in, one_click_path

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("lang", ["es", "en"])
ADDRESS = "ana@lector.example.org"
ASK = {
    "es": "/es/suscripcion/mis-preferencias/",
    "en": "/en/subscription/my-preferences/",
}
MAILED = {
    "es": "/es/suscripcion/mis-preferencias/revise-su-correo/",
    "en": "/en/subscription/my-preferences/check-your-inbox/",
}
OPENS = {"es": "/es/suscripcion/preferencias/", "en": "/en/subscription/preferences/"}
LEAVES = {"es": "/es/suscripcion/baja/", "en": "/en/subscription/leave/"}


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """What the worker is asked, which it does at once."""
    found = []

    def wake(name, digest):
        assert name == task.name
        found.append(digest)
        task(digest)

    monkeypatch.setattr(asking, "wake_on_commit", wake)
    return found


def ask(client, lang, address=ADDRESS):
    return client.post(ASK[lang], {"address": address})


def test_the_page_does_the_same_whoever_asks(
    client, newsletter, monkeypatch, django_assert_num_queries
):
    active_reader(newsletter, "es", address=ADDRESS)
    woken = []
    monkeypatch.setattr(asking, "wake_on_commit", lambda *given: woken.append(given))
    for address in (ADDRESS, "nobody@lector.example.org"):
        with django_assert_num_queries(0):
            assert ask(client, "es", address).status_code == 303
    assert [digest for _name, digest in woken] == [
        address_hash(ADDRESS),
        address_hash("nobody@lector.example.org"),
    ]


def test_who_is_erased_meanwhile_is_not_written_to(newsletter, inbox):
    ana = active_reader(newsletter, "es", address=ADDRESS).subscriber
    owning.erase(subscriber=ana, where=Place("/es/", "es"), at=timezone.now())
    task(address_hash(ADDRESS))
    task("")
    assert not QueuedMail.objects.exists()


@BOTH
def test_the_links_go_to_the_mailbox_in_the_readers_language(
    client, newsletter, second_newsletter, inbox, lang
):
    active_reader(newsletter, lang, address=ADDRESS)
    active_reader(second_newsletter, lang, address=ADDRESS)
    # Whatever the language of the page, and however the address is written.
    other = {"es": "en", "en": "es"}[lang]
    answer = ask(client, other, ADDRESS.upper())
    assert (answer.status_code, answer["Location"]) == (303, MAILED[other])
    assert not answer.cookies
    mail = inbox.only()
    assert mail.to == [ADDRESS]
    for row in (newsletter, second_newsletter):
        assert getattr(row, f"name_{lang}") in mail.body
    assert len(re.findall(re.escape(OPENS[lang]), mail.body)) == 2
    page = client.get(link_in(mail, OPENS[lang]))
    assert page.status_code == 200
    assert client.get(link_in(mail, LEAVES[lang])).status_code == 200
    assert Subscription.objects.filter(state="active").count() == 2


@BOTH
def test_the_page_is_the_same_for_everyone_and_says_what_to_expect(
    client, newsletter, inbox, lang
):
    answer = ask(client, lang)
    assert answer["Location"] == MAILED[lang]
    page = client.get(MAILED[lang])
    assert ADDRESS not in page.text
    said = {
        "es": "Si esta dirección está suscrita",
        "en": "If this address is subscribed",
    }
    assert said[lang] in page.text
    assert inbox.count() == 0
    assert not Subscriber.objects.exists()


def test_only_who_is_subscribed_gets_a_mail(client, newsletter, inbox):
    asked = active_reader(newsletter, "es", address="eva@lector.example.org")
    Subscription.objects.filter(pk=asked.pk).update(state="pending", confirmed_at=None)
    left = active_reader(newsletter, "es", address="ben@lector.example.org")
    client.post(one_click_path(left))
    for name in ("eva", "ben", "leo"):
        assert ask(client, "es", f"{name}@lector.example.org").status_code == 303
    ill = active_reader(newsletter, "es", address="leo@lector.example.org").subscriber
    Subscriber.objects.filter(pk=ill.pk).update(health="complained")
    sad = active_reader(newsletter, "es", address="sol@lector.example.org").subscriber
    Suppression.objects.create(address_hash=sad.address_hash, reason="bounced")
    for name in ("leo", "sol"):
        ask(client, "es", f"{name}@lector.example.org")
    assert inbox.count() == 0
    resting = active_reader(newsletter, "es", address="mia@lector.example.org")
    Subscription.objects.filter(pk=resting.pk).update(state="paused")
    ask(client, "es", "mia@lector.example.org")
    assert inbox.only().to == ["mia@lector.example.org"]


def test_a_mailbox_gets_one_a_day(client, newsletter, inbox, time_machine):
    active_reader(newsletter, "es", address=ADDRESS)
    time_machine.move_to("2026-11-28 10:05Z")
    for _number in range(3):
        ask(client, "es")
    assert inbox.count() == 1
    time_machine.move_to("2026-11-28 22:59Z")
    ask(client, "es")
    assert inbox.count() == 1
    time_machine.move_to("2026-11-29 10:06Z")
    ask(client, "es")
    assert inbox.count() == 2


def test_asking_again_and_again_is_stopped(client, newsletter):
    answers = [ask(client, "en").status_code for _number in range(8)]
    assert answers[:6] == [303] * 6
    assert answers[-1] == 429
    answer = ask(client, "en")
    assert int(answer["Retry-After"]) > 0
    assert "try again later" in answer.text


@pytest.mark.parametrize(
    "address",
    ["", "ana@", "a b@c.org", "a@b.org\r\nBcc: c@d.org", "x\x00@y.org", "é" * 300],
)
@BOTH
def test_what_is_no_address_is_said_at_the_field(client, newsletter, lang, address):
    page = ask(client, lang, address)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert "ask_address_error" in page.text
    assert not QueuedMail.objects.exists()


@BOTH
def test_the_way_there_stands_at_the_sign_up_and_at_dead_links(
    client, newsletter, lang
):
    for path in ("alta/", "confirmar/x/") if lang == "es" else ("join/", "confirm/x/"):
        start = ASK[lang].rsplit("/", 2)[0]
        assert f'href="{ASK[lang]}"' in client.get(f"{start}/{path}").text


@BOTH
def test_reading_changes_nothing_and_sets_no_cookie(
    client, newsletter, lang, django_assert_max_num_queries
):
    for path in (ASK[lang], MAILED[lang]):
        with django_assert_max_num_queries(20):
            page = client.get(path)
        assert page.status_code == 200
        assert not page.cookies
        paths = ASK if path in ASK.values() else MAILED
        other = paths[{"es": "en", "en": "es"}[lang]]
        assert f'href="{other}"' in page.text  # the switcher stays here
    assert not QueuedMail.objects.exists()
