"""What people and programs with bad intentions send, and what they get."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from newsletter.models import Newsletter, Subscriber, Subscription
from newsletter.subscribing import links
from tests.newsletter.readers import PATHS, active_reader, own_path, sign_up

pytestmark = pytest.mark.django_db

NAUGHTY = [
    "",
    " ",
    "no-at-sign",
    "@",
    "a@b",
    "ana@localhost",
    "ana@lector.test",
    "ana@lector.example.org\r\nBcc: all@lector.example.org",
    "ana@lector.example.org\nSubject: hello",
    "ana@lector.example.org\x00",
    "ana@lector.example.org, other@lector.example.org",
    "Ana <ana@lector.example.org>",
    '"ana\r\n"@lector.example.org',
    "ana@[127.0.0.1]",
    "ana@lector..example.org",
    "аna\u202e@lector.example.org",
    "ana\u200b@lector.example.org",
    "\ud7ff\ufffe@lector.example.org",
    "<script>alert(1)</script>@lector.example.org",
    "a" * 70 + "@lector.example.org",
    "ana@" + "l" * 300 + ".org",
    "x" * 20_000,
    "' OR 1=1 --",
]


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("address", NAUGHTY)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_wrong_address_is_a_clear_error_and_nothing_is_stored(
    browser, newsletter, inbox, lang, address
):
    answer = sign_up(browser, lang, address=address)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="join_address_error"' in page
    assert 'id="join_address_error"' in page
    assert "autofocus" in page
    assert not Subscriber.objects.exists()
    assert inbox.count() == 0


@pytest.mark.parametrize("field", ["language", "newsletter", "projects", "countries"])
@pytest.mark.parametrize(
    "value", ["0", "-1", "9" * 40, "abc", "\x00", "1; DROP TABLE", "../..", "é\u0000"]
)
def test_a_made_up_choice_is_refused(browser, newsletter, field, value):
    fields = {"address": "ana@lector.example.org", field: value}
    answer = sign_up(browser, "en", **fields)
    assert answer.status_code == 422
    assert b'value="ana@lector.example.org"' in answer.content
    assert not Subscriber.objects.exists()


def test_what_was_typed_comes_back_escaped(browser, newsletter):
    answer = sign_up(browser, "en", address='"><script>x</script>@lector')
    assert b"<script>x" not in answer.content
    assert b"&lt;script&gt;x" in answer.content


@pytest.mark.parametrize(
    "step", ["join", "confirm", "preferences", "leave", "one-click"]
)
def test_a_megabyte_is_too_much(browser, newsletter, step):
    subscription = active_reader(newsletter, "en")
    path = _path_of(step, subscription)
    answer = browser.post(path, {"address": "a" * 1_000_000})
    assert answer.status_code == 413
    subscription.refresh_from_db()
    assert subscription.state == "active"


def test_thousands_of_fields_are_refused(browser, newsletter):
    fields = "&".join("a" for _number in range(20_000))
    answer = browser.post(
        PATHS["en"]["join"], fields, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize(
    "step", ["join", "sent", "confirm", "preferences", "leave", "one-click"]
)
def test_a_wrong_method_is_refused(browser, newsletter, step, method):
    subscription = active_reader(newsletter, "en")
    answer = getattr(browser, method)(_path_of(step, subscription))
    assert answer.status_code == 405
    assert "POST" in answer["Allow"] or step == "sent"


def test_other_content_types_and_broken_bodies_are_a_clear_error(browser, newsletter):
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        answer = browser.post(PATHS["en"]["join"], b'{"a": "\xff"', content_type=kind)
        assert answer.status_code in {400, 422}
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_trap_asks_for_one_more_button_and_stores_nothing(
    browser, newsletter, inbox, lang
):
    """A password manager fills it in for real readers."""
    address = "ana@lector.example.org"
    trapped = sign_up(browser, lang, address=address, website="https://ana.example")
    assert trapped.status_code == 200
    assert not Subscriber.objects.exists()
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', trapped.text))
    assert "website" not in kept
    again = browser.post(PATHS[lang]["join"], {**kept, "website": "x"})
    assert 'name="stamp"' in again.text
    assert not Subscriber.objects.exists()
    done = browser.post(PATHS[lang]["join"], kept)
    assert done["Location"] == PATHS[lang]["sent"]
    assert inbox.count() == 1


@pytest.mark.parametrize(
    "length", ["garbage", "-1", "1e3", "0x10", "1_000", "+5", "٣", "", "9" * 5000]
)
@pytest.mark.parametrize(
    "step", ["join", "sent", "confirm", "preferences", "leave", "one-click"]
)
def test_a_made_up_length_is_a_bad_request_and_changes_nothing(
    browser, newsletter, step, length
):
    subscription = active_reader(newsletter, "en")
    path = _path_of(step, subscription)
    answer = browser.post(path, {"address": "a"}, CONTENT_LENGTH=length)
    if length:
        assert answer.status_code == (413 if length.startswith("9") else 400)
        subscription.refresh_from_db()
        assert subscription.state == "active"
    else:
        assert answer.status_code < 500


FORGED = [
    "x",
    "abc.def.ghi",
    "1:2:3",
    "%00",
    "é",
    "A" * 3000,
    "..%2f..%2fetc",
    "{token}",
]


@pytest.mark.parametrize("step", ["confirm", "preferences", "leave"])
@pytest.mark.parametrize("token", FORGED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_link_says_what_to_do(browser, newsletter, step, token, method):
    answer = getattr(browser, method)(f"{PATHS['en'][step]}{token}/")
    assert answer.status_code == 404
    if "%2f" not in token:
        assert b"This link does not work" in answer.content
        assert b'name="address"' in answer.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forged_one_click_is_not_sent_on(browser, newsletter, method):
    """RFC 8058: no redirect; and the token would come into the access log."""
    answer = getattr(browser, method)("/u/nonsense/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert b"This link does not work" in answer.content


@pytest.mark.parametrize("step", ["confirm", "preferences", "leave"])
def test_a_link_opens_only_what_it_was_made_for(browser, newsletter, step):
    subscription = active_reader(newsletter, "en")
    for purpose in {links.CONFIRM, links.PREFERENCES, links.LEAVE} - {step}:
        token = links.token_for(purpose, subscription)
        assert browser.post(f"{PATHS['en'][step]}{token}/").status_code == 404
    subscription.refresh_from_db()
    assert subscription.state == "active"


def test_an_opt_in_link_ends_after_fourteen_days(browser, newsletter, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    subscription = active_reader(newsletter, "en")
    Subscription.objects.update(state="pending", confirmed_at=None)
    confirm = own_path(subscription, "confirm")
    leave = own_path(subscription, "leave")
    time_machine.move_to("2026-03-15T11:59:00Z", tick=False)
    assert browser.get(confirm).status_code == 200
    time_machine.move_to("2026-03-15T12:01:00Z", tick=False)
    late = browser.post(confirm)
    assert late.status_code == 410
    assert b"This link has expired" in late.content
    assert Subscription.objects.get().state == "pending"
    time_machine.move_to("2031-03-15T12:01:00Z", tick=False)
    assert browser.post(leave).status_code == 200


def test_a_link_of_a_subscription_that_is_gone_is_a_clear_page(browser, newsletter):
    subscription = active_reader(newsletter, "en")
    leave = own_path(subscription, "leave")
    Subscription.objects.all().delete()
    assert browser.get(leave).status_code == 404
    assert browser.post(leave).status_code == 404


def test_an_erased_reader_can_still_leave(browser, newsletter):
    subscription = active_reader(newsletter, "en")
    leave = own_path(subscription, "leave")
    subscriber = subscription.subscriber
    subscriber.address, subscriber.health = None, "erased"
    subscriber.save()
    assert "no longer go to <strong>you</strong>" in browser.get(leave).text
    assert browser.post(leave).status_code == 200
    assert browser.get(own_path(subscription, "preferences")).status_code == 410


def test_a_newsletter_switched_off_takes_nobody(browser, newsletter):
    Newsletter.objects.update(is_active=False)
    answer = sign_up(
        browser, "en", address="ana@lector.example.org", newsletter=newsletter.pk
    )
    assert answer.status_code == 422
    assert not Subscriber.objects.exists()


def _path_of(step, subscription):
    if step in {"join", "sent"}:
        return PATHS["en"][step]
    if step == "one-click":
        return f"/u/{links.token_for(links.LEAVE, subscription)}/"
    return own_path(subscription, step)
