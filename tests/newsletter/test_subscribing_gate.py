"""What stands in front of sign-up, and that reading a page changes nothing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guards import tokens
from newsletter.models import Subscriber, Subscription
from tests.newsletter.readers import (
    PATHS,
    active_reader,
    one_click_path,
    own_path,
    sign_up,
)

pytestmark = pytest.mark.django_db
SILENT = {"origin": "", "sec-fetch-site": ""}  # an old browser says nothing
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def _is_asked_once_more(answer) -> bool:
    return b'name="stamp"' in answer.content and answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": ""},
        {"origin": "", "sec-fetch-site": ""},
        {"origin": "", "sec-fetch-site": "none"},
    ],
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_doubtful_post_gets_one_more_button(
    browser, newsletter, inbox, lang, headers
):
    doubtful = sign_up(browser, lang, headers=headers, address="ana@lector.example.org")
    assert _is_asked_once_more(doubtful)
    assert not doubtful.cookies
    assert "no-store" in doubtful["Cache-Control"]
    assert not Subscriber.objects.exists()

    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', doubtful.content.decode()))
    done = browser.post(PATHS[lang]["join"], kept, headers=headers)
    assert done["Location"] == PATHS[lang]["sent"]
    assert inbox.count() == 1


def test_a_stamp_is_good_for_what_was_typed_and_where_it_was_typed(browser, newsletter):
    doubtful = sign_up(browser, "en", headers=SILENT, address="ana@lector.example.org")
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', doubtful.content.decode()))
    path, other = PATHS["en"]["join"], "bob@lector.example.org"
    assert _is_asked_once_more(browser.post(path, {**kept, "address": other}))
    elsewhere = browser.post(path, kept, REMOTE_ADDR="203.0.113.9")
    assert _is_asked_once_more(elsewhere)
    forged = tokens.sign("stamp", "join")
    assert _is_asked_once_more(browser.post(path, {**kept, "stamp": forged}))
    assert not Subscriber.objects.exists()


def test_an_old_stamp_is_asked_again(browser, newsletter, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    doubtful = sign_up(browser, "en", headers=SILENT, address="ana@lector.example.org")
    kept = dict(re.findall(r'name="(\w+)" value="([^"]*)"', doubtful.content.decode()))
    time_machine.move_to("2026-03-01T14:01:00Z", tick=False)
    assert _is_asked_once_more(browser.post(PATHS["en"]["join"], kept))


def _addresses(count):
    return (f"reader{number}@lector.example.org" for number in range(count))


def test_one_network_may_only_try_so_often(browser, newsletter, settings):
    settings.SIGN_UP_LIMITS = {"network": ("3/hour",)}
    for address in _addresses(3):
        assert sign_up(browser, "es", address=address).status_code == 303
    refused = sign_up(browser, "es", address="late@lector.example.org")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3601
    assert "no-store" in refused["Cache-Control"]
    assert not Subscriber.objects.filter(address="late@lector.example.org").exists()


def test_an_ipv6_network_counts_by_its_first_half(browser, newsletter, settings):
    settings.SIGN_UP_LIMITS = {"network": ("1/hour",)}
    path, sent = PATHS["es"]["join"], {"address": "no"}
    first = browser.post(path, sent, REMOTE_ADDR="2001:db8:1:2::1")
    neighbour = browser.post(path, sent, REMOTE_ADDR="2001:db8:1:2:ffff::9")
    stranger = browser.post(path, sent, REMOTE_ADDR="2001:db8:1:3::1")
    assert [page.status_code for page in (first, neighbour, stranger)] == [
        422,
        429,
        422,
    ]


def test_all_networks_together_may_only_try_so_often(browser, newsletter, settings):
    settings.SIGN_UP_LIMITS = {"overall": ("2/hour",)}
    codes = [
        browser.post(
            PATHS["es"]["join"], {"address": "no"}, REMOTE_ADDR=f"203.0.113.{number}"
        ).status_code
        for number in range(3)
    ]
    assert codes == [422, 422, 429]


def test_one_mailbox_counts_under_all_its_spellings(browser, newsletter, settings):
    settings.SIGN_UP_LIMITS = {"mailbox": ("2/hour",)}
    codes = [
        sign_up(browser, "es", address=f"{name}@lector.example.org").status_code
        for name in ("ana+1", "Ana+2", "ANA", "ben")
    ]
    assert codes == [303, 303, 429, 303]


def test_one_address_may_only_be_signed_up_so_often(browser, newsletter, inbox):
    codes = [
        sign_up(browser, "en", address="ana@lector.example.org").status_code
        for _time in range(7)
    ]
    assert codes == [303] * 6 + [429]
    assert inbox.count() == 2


@pytest.mark.parametrize("state", ["pending", "active", "paused", "unsubscribed"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("agent", ["Mozilla/5.0", "LinkScanner/1.0"])
def test_reading_any_page_changes_nothing(newsletter, state, method, agent):
    subscription = active_reader(newsletter, "en")
    Subscription.objects.update(state=state)
    subscription.refresh_from_db()
    browser = Client(headers={"user-agent": agent})
    paths = [
        *(PATHS["en"][step] for step in ("join", "sent")),
        *(own_path(subscription, step) for step in ("confirm", "preferences", "leave")),
        one_click_path(subscription),
        f"{PATHS['en']['leave']}forged/",
        "/u/forged/",
    ]
    for path in paths:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = getattr(browser, method)(path)
        assert answer.status_code in {200, 302, 404, 410}
        assert not answer.cookies
        written = [q["sql"] for q in queries if q["sql"].startswith(WRITES)]
        assert written == []
    subscription.refresh_from_db()
    assert subscription.state == state


@pytest.mark.parametrize("step", ["confirm", "preferences", "leave"])
def test_personal_pages_stay_out_of_caches_indexes_and_referrers(newsletter, step):
    subscription = active_reader(newsletter, "en")
    browser = Client()
    for path in (own_path(subscription, step), f"{PATHS['en'][step]}forged/"):
        for answer in (browser.get(path), browser.post(path), browser.put(path)):
            assert "no-store" in answer["Cache-Control"]
            assert "noindex" in answer["X-Robots-Tag"]
            assert answer["Referrer-Policy"] == "no-referrer"


def test_open_pages_set_no_cookie_and_hold_no_token(newsletter):
    for lang in PATHS:
        for step in ("join", "sent"):
            answer = Client().get(PATHS[lang][step])
            assert answer.status_code == 200
            assert answer["Content-Language"] == lang
            assert not answer.cookies
            assert "Cookie" not in answer.get("Vary", "")
            assert b"csrfmiddlewaretoken" not in answer.content


def test_the_personal_page_shows_no_whole_address(newsletter):
    subscription = active_reader(newsletter, "en", address="ana@lector.example.org")
    page = Client().get(own_path(subscription, "preferences")).content.decode()
    assert "a…@lector.example.org" in page
    assert "ana@lector.example.org" not in page
