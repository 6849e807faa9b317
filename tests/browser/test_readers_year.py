"""A reader's year on a telephone: from signing up to being forgotten.

Real web, worker and beat processes, real SMTP, a real Chromium.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import Album, Newsroom

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
ADDRESS = "olivia@readers.example"
CONFIRM = re.compile(r"https?://\S+/subscription/confirm/\S+")
PREFERENCES = re.compile(r"https?://\S+/subscription/preferences/\S+")
LEAVE = re.compile(r"https?://\S+/subscription/leave/\S+")
OWN_DATA = re.compile(r"https?://\S+/subscription/all-about-me/\S+")


@pytest.fixture(scope="module")
def album():
    return Album("year")


@pytest.fixture
def phone(open_page):
    page = open_page(locale="en")
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def test_a_readers_year(site, open_page, phone, album):
    preferences = subscribe(site, phone, album)
    narrow_and_slow_down(phone, album)
    pause_and_come_back(phone, album)
    digest = get_the_digest(site, open_page, album)
    leave = slow_down_instead_of_leaving(phone, digest, album)
    leave_and_come_back(phone, leave, album)
    be_forgotten(site, phone, preferences, album)


def subscribe(site, page, album):
    page.goto("/en/subscription/join/")
    page.fill("main input[type=email]", ADDRESS)
    album.take(page, "join")
    page.click("main form.signup button[type=submit]")
    page.wait_for_url("**/check-your-inbox/")
    mail = site.wait_for_message(ADDRESS, "confirm")
    page.goto(CONFIRM.search(mail["text"]).group())
    page.click("main form button[type=submit]")
    page.get_by_role("heading", name="You are subscribed").wait_for()
    page.locator("main a[href*='/subscription/preferences/']").first.click()
    page.get_by_role("heading", name="Your preferences").wait_for()
    return page.url


def narrow_and_slow_down(page, album):
    def choose():
        page.get_by_label("Peru", exact=True).check()
        page.get_by_label("How often").select_option("weekly")
        page.get_by_role("button", name="Save my preferences.").click()
        expect(page.locator("[role=status]")).to_have_text("Saved.")

    choose()
    page.get_by_role("button", name="Save my preferences.").click()
    album.take(page, "preferences")
    page.get_by_label("How often").select_option("monthly")
    page.get_by_role("button", name="Save my preferences.").click()
    page.get_by_role("button", name="Take back what I changed.").click()
    expect(page.locator("[role=status]")).to_have_text("It is as it was before.")
    assert page.get_by_label("How often").input_value() == "weekly"
    assert page.get_by_label("Peru", exact=True).is_checked()


def pause_and_come_back(page, album):
    page.get_by_role("link", name="Get nothing for a while").click()
    album.take(page, "pause")
    page.get_by_role("button", name="Send me nothing until the day I chose.").click()
    expect(page.locator("[role=status]")).to_contain_text("nothing until then")
    page.get_by_role("button", name="Send me this newsletter again.").click()
    expect(page.locator("[role=status]")).to_contain_text("comes to you again")


def get_the_digest(site, open_page, album):
    """Somebody of the team makes it before its day, looks at it and approves it."""
    desk = Newsroom(open_page(locale="es"), site, "editora").page
    desk.goto("/cms/digests/")
    desk.get_by_role("link", name=re.compile("una vez por semana")).click()
    desk.get_by_role("button", name="Hacerlo ahora, para aprobarlo").click()
    expect(desk.locator("[data-waiting]")).to_be_visible()
    album.take(desk, "digest-waits")
    desk.fill("[name=address]", ADDRESS)
    desk.get_by_role("button", name="Mostrar").click()
    expect(desk.locator(".pg-as-text")).to_contain_text("Because you follow Peru.")
    desk.get_by_role("button", name="Aprobar y enviar").click()
    expect(desk.locator("[data-dispatch-state=sent]")).to_be_attached(timeout=60_000)
    mail = site.wait_for_message(ADDRESS, "News of the week")
    assert "Because you follow Peru." in mail["text"]
    assert len(site.messages(ADDRESS)) == 2
    return mail


def slow_down_instead_of_leaving(page, digest, album):
    leave = LEAVE.search(digest["text"]).group()
    page.goto(leave)
    album.take(page, "leave")
    page.get_by_role("button", name="Rather once a month").click()
    expect(page.locator("[role=status]")).to_have_text("Saved.")
    assert page.get_by_label("How often").input_value() == "monthly"
    return leave


def leave_and_come_back(page, leave, album):
    no_longer = "I no longer want to receive this newsletter."
    page.goto(leave)
    page.get_by_role("button", name=no_longer).click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    album.take(page, "left")
    page.get_by_role("button", name="Subscribe me again.").click()
    page.get_by_role("heading", name="Welcome back").wait_for()
    page.goto(leave)
    page.get_by_role("button", name=no_longer).click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()


def be_forgotten(site, page, preferences, album):
    page.goto(preferences.replace("/preferences/", "/my-data/"))
    page.get_by_role("button", name="Send me the link").click()
    mail = site.wait_for_message(ADDRESS, "know about you")
    page.goto(OWN_DATA.search(mail["text"]).group())
    album.take(page, "own-data")
    page.get_by_role("button", name="Erase everything you know about me.").click()
    page.get_by_role("heading", name="Your data is erased").wait_for()
    assert site.manage("subscriber_state", ADDRESS).strip() == "erased"
    page.goto(preferences)
    assert page.get_by_role("heading", name="Your preferences").count() == 0
