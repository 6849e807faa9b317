"""At the desk, beside the text: notes to colleagues and the preview."""

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
TO_DO = "/cms/translations/?language=en&type=newspage"


@pytest.fixture(scope="module")
def album():
    return Album("desk-beside")


@pytest.fixture
def page(site, open_page):
    """The side-by-side editor of the first story that waits."""
    room = Newsroom(open_page(locale="en"), site, "translator")
    room.page.goto(TO_DO)
    room.page.locator("th[scope=row] a").first.click()
    room.page.wait_for_url("**/translations/*/en/")
    return room.page


def open_notes(row):
    """With the keyboard; where there are notes already, they are open."""
    if not row.locator(".pg-notes[open]").count():
        row.locator(".pg-notes summary").press("Enter")


def saved(page):
    status = page.locator("[data-pg-desk-target=status]")
    expect(status).to_contain_text(re.compile(r"Saved at \d"), timeout=10_000)


def test_a_note_is_sent_while_the_text_is_being_typed(page, album):
    row = page.locator("[data-key=headline]")
    row.locator("textarea").first.fill("A headline half")
    open_notes(row)
    row.locator("[name^=note-]").fill("Bridge or footbridge?")
    row.get_by_role("button", name="Write note").click()
    expect(row.locator(".pg-note-text")).to_have_text("Bridge or footbridge?")
    expect(row.locator("textarea").first).to_have_value("A headline half")
    expect(row.locator("[name^=note-]")).to_have_value("")
    row.locator("[name^=reply-]").fill("Footbridge.")
    row.get_by_role("button", name="Answer").click()
    expect(row.locator(".pg-note-reply")).to_contain_text("Footbridge.")
    saved(page)
    album.take(page, "notes")
    page.set_viewport_size({"width": 390, "height": 900})
    album.take(page, "notes-phone", full=False)
    row.get_by_role("button", name="Resolve").click()
    expect(row.locator(".pg-note")).to_have_count(0)


def test_an_answer_goes_with_its_note_and_a_note_to_its_own_text(page):
    row = page.locator("[data-key=headline]")
    open_notes(row)
    # As where the page had another text before this one once it was loaded.
    key = row.locator("[name^=key-]")
    key.evaluate("field => { field.value = 'lead'; }")
    row.locator("[name^=note-]").fill("Mine?")
    row.get_by_role("button", name="Write note").click()
    expect(row.locator(".pg-note-text")).to_have_text("Mine?")
    row.locator("[name^=reply-]").fill("Yours.")
    with page.expect_request("**/notes/") as sent:
        row.get_by_role("button", name="Resolve").click()
    assert "Yours." in sent.value.post_data
    expect(row.locator(".pg-note")).to_have_count(0)


def test_who_is_no_longer_let_in_is_told_what_to_do(page):
    page.route(
        "**/translations/**",
        lambda route: (
            route.fulfill(status=403, body="Forbidden")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    row = page.locator("[data-key=headline]")
    open_notes(row)
    row.locator("[name^=note-]").fill("Lost?")
    row.get_by_role("button", name="Write note").click()
    error = row.locator("[data-pg-desk-notes-target=error]")
    expect(error).to_contain_text("no longer logged in")
    expect(row.locator("[name^=note-]")).to_have_value("Lost?")
    row.locator("textarea").first.fill("A headline kept")
    status = page.locator("[data-pg-desk-target=status]")
    expect(status).to_contain_text("no longer logged in", timeout=10_000)


def test_the_box_of_other_notes_goes_with_its_last(page, site):
    number = page.url.split("/translations/")[1].split("/")[0]
    site.manage("shell", "--no-imports", "-c", NOTE.format(number))
    page.reload()
    box = page.locator(".pg-other-notes")
    box.get_by_role("button", name="Resolve").click()
    expect(box).to_have_count(0)
    expect(page.get_by_role("button", name="Save draft")).to_be_focused()


NOTE = """
from django.contrib.auth import get_user_model
from wagtail.models import Comment
someone = get_user_model().objects.first()
Comment.objects.create(page_id={}, user=someone, text="When?", contentpath="date")
"""


def test_a_note_from_the_desk_stands_at_its_field_in_the_page_editor(
    page, site, open_page, album
):
    row = page.locator("[data-key=headline]")
    open_notes(row)
    row.locator("[name^=note-]").fill("Which of the two?")
    row.get_by_role("button", name="Write note").click()
    expect(row.locator(".pg-note-text")).to_have_text("Which of the two?")
    number = page.url.split("/translations/")[1].split("/")[0]
    room = Newsroom(open_page(locale="es", width=1600), site, "editora")
    room.page.goto(f"/cms/pages/{number}/edit/")
    comment = room.page.locator("#comments .comment", has_text="Which of the two?")
    expect(comment).to_have_count(1)
    room.tab("English")
    room.page.locator("[data-side-panel-toggle=comments]").click()
    expect(comment).to_be_visible()
    album.take(room.page, "page-editor", full=False)
    row.get_by_role("button", name="Resolve").click()
    expect(row.locator(".pg-note")).to_have_count(0)  # the others start without


def test_the_preview_stands_beside_the_text_and_keeps_its_place(page, album):
    toggle = page.get_by_role("button", name="Preview beside the text")
    toggle.focus()
    page.keyboard.press("Enter")
    frame = page.locator(".pg-preview iframe")
    expect(frame).to_be_in_viewport()
    headline = page.locator("[data-key=headline] textarea").first
    assert headline.bounding_box()["x"] < frame.bounding_box()["x"]
    page.frame_locator(".pg-preview iframe").locator("body").wait_for()
    scroll(page, 250)
    headline.fill("The windmill turns beside")
    saved(page)
    shown = page.frame_locator(f"{FRAME}:not(.pg-preview--coming)").locator("h1")
    expect(shown).to_contain_text("The windmill turns beside", timeout=10_000)
    expect(frame).to_have_count(1)
    assert page.evaluate(PLACE) == 250
    album.take(page, "preview-beside", full=False)
    page.reload()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(frame).to_be_in_viewport()
    page.set_viewport_size({"width": 1000, "height": 900})
    expect(toggle).to_be_hidden()
    expect(frame).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(frame).to_be_visible()
    toggle.click()
    expect(frame).to_be_hidden()
    page.reload()
    expect(toggle).to_have_attribute("aria-pressed", "false")


FRAME = ".pg-preview iframe"
PLACE = "document.querySelector('.pg-preview iframe').contentWindow.scrollY"


def scroll(page, top):
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "top => document.querySelector('.pg-preview iframe')"
        ".contentWindow.scrollTo({top, behavior: 'instant'})",
        top,
    )
    assert page.evaluate(PLACE) == top
