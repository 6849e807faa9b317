"""An office's words: held in the browser while they are written, live once saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import Album, Newsroom

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
TEXTS = "/cms/translations/?language=en&type=office"
CHANGE = """
from offices.models import Office
office = Office.objects.shown().first()
office.notes_es = "Toque el timbre verde."
office.save()
print(office.name_es)
"""
READ = """
from offices.models import Office
print(Office.objects.shown().first().notes_en)
"""


OFFER = "[data-pg-desk-target=offer]"


def lost(route):
    """Answer as once the session has ended: nothing reaches the site."""
    if route.request.method == "POST":
        route.fulfill(status=403, body="Forbidden")
    else:
        route.continue_()


@pytest.fixture(scope="module")
def album():
    return Album("desk-texts")


def test_an_office_catches_up(site, open_page, album):
    name = site.manage("shell", "--no-imports", "-c", CHANGE).strip().splitlines()[-1]
    page = Newsroom(open_page(locale="en"), site, "translator").page
    page.goto("/cms/")
    album.take(page, "home")
    page.goto(TEXTS)
    row = page.locator("#desk-texts ~ div tr", has_text=name)
    expect(row.locator(".pg-state--behind")).to_be_visible()
    album.take(page, "queue")
    row.get_by_role("link", name=name).click()
    page.wait_for_url("**/en/")
    url = page.url
    changed = page.locator(".pg-row--changed")
    expect(changed.locator("ins").first).to_be_visible()
    changed.locator("textarea").fill("Ring the green bell.")
    page.wait_for_timeout(4000)
    assert "green bell" not in site.manage("shell", "--no-imports", "-c", READ)
    album.take(page, "editor")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Put them back").click()
    expect(changed.locator("textarea")).to_have_value("Ring the green bell.")
    changed.locator("textarea").press("Control+s")
    status = page.locator("[data-pg-desk-target=status]")
    expect(status).to_contain_text("Kept in this browser")
    page.route("**/*", lost)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("body")).to_have_text("Forbidden")
    page.unroute("**/*")
    assert "green bell" not in site.manage("shell", "--no-imports", "-c", READ)
    page.goto(url)
    page.get_by_role("button", name="Put them back").click()
    expect(changed.locator("textarea")).to_have_value("Ring the green bell.")
    page.set_viewport_size({"width": 390, "height": 844})
    album.take(page, "narrow")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Save: it is up to date").click()
    page.wait_for_url("**/cms/translations/?language=en")
    assert "green bell" in site.manage("shell", "--no-imports", "-c", READ)
    page.goto(url)
    expect(page.locator(".pg-row").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(OFFER)).to_be_hidden()
    page.goto(TEXTS)
    expect(page.locator("#desk-texts ~ div tr", has_text=name)).to_have_count(0)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/cms/translations/?language=en")
    album.take(page, "desk-narrow")


def test_words_that_came_back_with_an_error_are_kept(site, open_page):
    change = CHANGE.replace("verde", "rojo")
    name = site.manage("shell", "--no-imports", "-c", change).strip().splitlines()[-1]
    page = Newsroom(open_page(locale="en"), site, "translator").page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(TEXTS)
    page.get_by_role("link", name=name).click()
    page.wait_for_url("**/en/")
    url, row = page.url, page.locator(".pg-row--changed")
    area = row.locator("textarea")
    area.fill("Ours")
    seen = row.locator("[name^=seen-]")
    seen.evaluate("field => { field.value = 'as nobody wrote it'; }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row.locator(".error-message")).to_be_visible()
    expect(area).to_have_value("Ours")
    page.goto(url)
    page.get_by_role("button", name="Put them back").click()
    expect(area).to_have_value("Ours")
