"""From signing up to leaving, over HTTP, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from newsletter.models import Consent, OptInMail, Subscriber, Subscription, Suppression
from newsletter.subscribing.wording import (
    CONFIRM,
    LEAVE,
    PREFERENCES,
    SIGN_UP,
    shown_text,
)
from tests.newsletter.readers import (
    OTHER,
    PATHS,
    active_reader,
    link_in,
    one_click_path,
    open_path,
    own_path,
    sign_up,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_reader_subscribes_confirms_changes_and_leaves(
    browser, newsletter, inbox, lang
):
    answer = sign_up(browser, lang, address="ana@lector.example.org")
    assert (answer.status_code, answer["Location"]) == (303, PATHS[lang]["sent"])
    subscription = Subscription.objects.get()
    assert subscription.state == "pending"
    assert subscription.subscriber.language == lang

    confirm = link_in(inbox.only(), PATHS[lang]["confirm"])
    assert b"<form" in browser.get(confirm).content
    subscription.refresh_from_db()
    assert subscription.state == "pending"

    done = browser.post(confirm)
    assert done.status_code == 200
    assert done["Content-Language"] == lang
    subscription.refresh_from_db()
    assert subscription.state == "active"
    assert subscription.confirmed_at is not None

    preferences = open_path(done, PATHS[lang]["preferences"])
    saved = browser.post(preferences, {"language": OTHER[lang]})
    assert saved["Location"].startswith(PATHS[OTHER[lang]]["preferences"])
    assert Subscriber.objects.get().language == OTHER[lang]

    leave = open_path(done, PATHS[lang]["leave"])
    left = browser.post(leave)
    assert left.status_code == 200
    assert left["Content-Language"] == OTHER[lang]
    subscription.refresh_from_db()
    assert subscription.state == "unsubscribed"
    assert Suppression.objects.get().reason == "left"
    kinds = Consent.objects.values_list("kind", flat=True)
    assert list(kinds) == ["asked", "confirmed", "changed", "left"]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_mails_and_pages_speak_the_readers_language_whatever_is_active(
    browser, newsletter, inbox, lang
):
    with translation.override(OTHER[lang]):
        sign_up(browser, OTHER[lang], address="ana@lector.example.org", language=lang)
        mail = inbox.only()
    confirm = link_in(mail, PATHS[lang]["confirm"])
    assert newsletter_name(newsletter, lang) in mail.subject
    page = browser.get(confirm, headers={"accept-language": OTHER[lang]})
    assert page["Content-Language"] == lang
    elsewhere = confirm.replace(PATHS[lang]["confirm"], PATHS[OTHER[lang]]["confirm"])
    assert browser.get(elsewhere)["Location"] == confirm


def newsletter_name(newsletter, lang):
    return getattr(newsletter, f"name_{lang}")


def test_confirming_twice_changes_nothing(browser, newsletter, inbox):
    sign_up(browser, "es", address="ana@lector.example.org")
    confirm = link_in(inbox.only(), PATHS["es"]["confirm"])
    browser.post(confirm)
    first = Subscription.objects.get().confirmed_at
    again = browser.post(confirm)
    assert again.status_code == 200
    assert Subscription.objects.get().confirmed_at == first
    assert Consent.objects.filter(kind="confirmed").count() == 1


def test_an_old_confirmation_brings_nobody_back_who_left(browser, newsletter, inbox):
    sign_up(browser, "en", address="ana@lector.example.org")
    confirm = link_in(inbox.only(), PATHS["en"]["confirm"])
    done = browser.post(confirm)
    browser.post(open_path(done, PATHS["en"]["leave"]))
    again = browser.post(confirm)
    assert again.status_code == 410
    assert b"This link has been used" in again.content
    assert Subscription.objects.get().state == "unsubscribed"


def test_leaving_can_be_taken_back_for_half_an_hour(browser, newsletter):
    subscription = active_reader(newsletter, "en")
    leave = own_path(subscription, "leave")
    assert b"Subscribe me again." in browser.post(leave).content
    assert Suppression.objects.exists()
    browser.post(leave, {"undo": "1"})
    subscription.refresh_from_db()
    assert subscription.state == "active"
    assert not Suppression.objects.exists()

    browser.post(leave)
    long_ago = timezone.now() - timedelta(minutes=31)
    Subscription.objects.update(left_at=long_ago)
    assert browser.post(leave, {"undo": "1"}).status_code == 410
    subscription.refresh_from_db()
    assert subscription.state == "unsubscribed"


def test_leaving_everything_ends_every_subscription(
    browser, newsletter, second_newsletter
):
    first = active_reader(newsletter, "es")
    other = active_reader(second_newsletter, "es")
    browser.post(own_path(first, "leave"), {"everything": "1"})
    assert {*Subscription.objects.values_list("state", flat=True)} == {"unsubscribed"}
    assert Suppression.objects.filter(newsletter=None, reason="left").count() == 1
    assert other.subscriber_id == first.subscriber_id


def test_one_click_leaves_one_newsletter_only(newsletter, second_newsletter):
    first = active_reader(newsletter, "es")
    active_reader(second_newsletter, "es")
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(one_click_path(first), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    states = dict(Subscription.objects.values_list("newsletter__key", "state"))
    assert states == {newsletter.key: "unsubscribed", second_newsletter.key: "active"}


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"List-Unsubscribe=One-Click"])
def test_one_click_takes_any_body_any_number_of_times(newsletter, body):
    subscription = active_reader(newsletter, "en")
    browser = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = browser.post(
            one_click_path(subscription), body, content_type="text/plain"
        )
        assert answer.status_code == 200
    assert Consent.objects.filter(kind="left").count() == 1


def test_reading_the_one_click_address_shows_the_page_with_a_button(newsletter):
    subscription = active_reader(newsletter, "en")
    path = one_click_path(subscription)
    answer = Client().get(path, follow=True)
    leave = PATHS["en"]["leave"] + path.removeprefix("/u/")
    assert answer.redirect_chain[-1][0] == leave
    assert b'method="post"' in answer.content


def test_a_known_reader_gets_the_same_answer_and_another_mail(
    browser, newsletter, inbox
):
    unknown = sign_up(browser, "en", address="new@lector.example.org")
    inbox.clear()
    active_reader(newsletter, "en", address="known@lector.example.org")
    known = sign_up(browser, "en", address="known@lector.example.org")
    assert (known.status_code, known["Location"]) == (
        unknown.status_code,
        unknown["Location"],
    )
    mail = inbox.only()
    assert PATHS["en"]["preferences"] in mail.body
    assert PATHS["en"]["confirm"] not in mail.body
    sign_up(browser, "en", address="known@lector.example.org")
    assert inbox.count() == 1


def test_a_stranger_cannot_change_what_a_subscriber_chose(browser, newsletter, inbox):
    active_reader(newsletter, "en", address="known@lector.example.org")
    sign_up(browser, "es", address="KNOWN@lector.example.org", language="es")
    subscriber = Subscriber.objects.get()
    assert subscriber.language == "en"
    assert inbox.only().subject.isascii()


def test_at_most_two_opt_in_mails_in_fourteen_days(browser, newsletter, inbox):
    for _time in range(4):
        sign_up(browser, "es", address="ana@lector.example.org")
    assert inbox.count() == 2
    OptInMail.objects.update(sent_at=timezone.now() - timedelta(days=15))
    sign_up(browser, "es", address="Ana@lector.example.org")
    assert inbox.count() == 3
    assert Subscriber.objects.count() == 1


@pytest.mark.parametrize("reason", ["left", "bounced", "complained", "erased"])
def test_only_the_owners_own_yes_lifts_a_suppression(
    browser, newsletter, inbox, reason
):
    subscription = active_reader(newsletter, "en", address="ana@lector.example.org")
    browser.post(own_path(subscription, "leave"))
    Suppression.objects.update(reason=reason, newsletter=None)
    sign_up(browser, "en", address="ana@lector.example.org")
    assert Suppression.objects.get().reason == reason
    assert not Subscription.objects.receivable().exists()
    browser.post(link_in(inbox.only(), PATHS["en"]["confirm"]))
    assert not Suppression.objects.exists()
    assert Subscription.objects.receivable().count() == 1


def test_preferences_are_no_way_back_in(browser, newsletter):
    subscription = active_reader(newsletter, "en")
    preferences = own_path(subscription, "preferences")
    browser.post(own_path(subscription, "leave"))
    answer = browser.post(preferences, {"language": "es"})
    assert b"You are unsubscribed" in answer.content
    assert Subscriber.objects.get().language == "en"


def test_the_proof_of_consent_says_what_was_shown_and_answered(browser, newsletter):
    sign_up(browser, "es", address="ana@lector.example.org", referer="/es/noticias/")
    proof = Consent.objects.get()
    assert proof.language == "es"
    assert proof.where == "/es/noticias/"
    assert proof.text_version == "sign-up-2026-11"
    assert proof.answer["newsletter"] == newsletter.key
    assert len(proof.network_hash) == 64


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_proof_names_the_words_and_the_language_of_the_page(
    browser, newsletter, inbox, lang
):
    """Someone reads a page in one language and wants the mails in the other."""
    other = OTHER[lang]
    sign_up(browser, lang, address="ana@lector.example.org", language=other)
    done = browser.post(link_in(inbox.only(), PATHS[other]["confirm"]))
    browser.post(open_path(done, PATHS[other]["preferences"]), {"language": lang})
    browser.post(open_path(done, PATHS[other]["leave"]))  # the page stood open
    asked, confirmed, changed, left = Consent.objects.all()
    words = [SIGN_UP, CONFIRM, PREFERENCES, LEAVE]
    for proof, shown_in, version in zip(
        (asked, confirmed, changed, left),
        (lang, other, other, other),
        words,
        strict=True,
    ):
        assert proof.language == shown_in
        assert proof.shown_text == shown_text(version, shown_in)
        assert proof.where.startswith(f"/{shown_in}/")
    answered = [p.answer["language"] for p in (asked, confirmed, changed, left)]
    assert answered == [other, other, lang, lang]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_opt_in_mail_has_two_parts_and_headers_of_its_language(
    browser, newsletter, inbox, lang
):
    sign_up(browser, lang, address="ana@lector.example.org")
    mail = inbox.only()
    (html,) = [part.content for part in mail.alternatives]
    confirm = link_in(mail, PATHS[lang]["confirm"])
    assert confirm in html
    assert f'lang="{lang}"' in html
    assert mail.extra_headers["Content-Language"] == lang
    assert "<" not in mail.body
    assert "&quot;" not in mail.body
    assert mail.to == ["ana@lector.example.org"]
