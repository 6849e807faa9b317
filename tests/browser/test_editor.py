"""The admin works in a real browser under its Content-Security-Policy."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.pictures.photos import photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
NUMBERS = (
    "from news.models import NewsIndexPage as N; from newsletter.models import *; "
    "print(N.objects.get().pk, IssuePage.objects.first().pk)"
)
# A draft with a link that says nothing and a picture that nobody described.
POOR = """
from news.models import NewsIndexPage, NewsPage
from pictures.models import Picture
picture = Picture.objects.first()
picture.pk, picture.alt_es, picture.alt_en = None, "", ""
picture.save()
link = '<p>Lea el informe <a href="https://informe.example/">AQUÍ</a>.</p>'
shown = {"picture": picture, "alt_decision": "describe"}
body = [("heading", "Riego"), ("paragraph", link), ("picture", shown)]
story = NewsPage(headline_es="Borrador", body_es=body, live=False)
print(NewsIndexPage.objects.get().add_child(instance=story).pk)
"""


@pytest.fixture
def admin(site, open_page):
    """The admin in English, logged in; `admin.refused` is what the policy stopped."""
    page = open_page(locale="en", width=1600)
    page.refused = []
    page.context.on(
        "console",
        lambda said: (
            page.refused.append(said.text)
            if "Content Security Policy" in said.text
            else None
        ),
    )
    logins = json.loads((site.data_dir / "demo-logins.json").read_text())
    password = {one["username"]: one["password"] for one in logins}["editor"]
    page.goto("/cms/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/cms/")
    return page


@pytest.fixture
def numbers(site) -> list[str]:
    """Of the page that lists the news, and of an issue."""
    return site.manage("shell", "-c", NUMBERS).split()[-2:]


def test_the_editor_works_under_the_policy(admin, numbers):
    index, issue = numbers
    admin.goto(f"/cms/pages/add/news/newspage/{index}/")
    admin.get_by_role("tab", name="Both languages").click()
    admin.click("#id_date")
    expect(admin.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    admin.keyboard.press("Escape")
    admin.get_by_role("button", name="Choose an image").click()
    admin.locator(".modal-body [data-chooser-modal-choice]").first.click()
    expect(admin.locator(".chooser__title:visible").first).not_to_be_empty()

    admin.goto(f"/cms/pages/{issue}/edit/")
    admin.click("[data-side-panel-toggle=preview]")
    page = admin.frame_locator("iframe[src*='mode=es']")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    admin.select_option("#id_preview_mode", "mail-en")
    mail = admin.frame_locator("iframe[src*='mode=mail-en']")
    expect(mail.get_by_role("heading", level=1)).to_have_css("margin-top", "0px")
    assert admin.refused == []


def test_the_checker_finds_poor_links_and_pictures(site, admin):
    poor = site.manage("shell", "-v0", "-c", POOR).split()[-1]
    admin.goto(f"/cms/pages/{poor}/edit/")
    admin.click("[data-side-panel-toggle=checks]")
    found = admin.locator(
        "[data-side-panel=checks] [data-content-checker-name]:visible"
    )
    expect(found).to_have_count(2, timeout=30_000)
    assert set(found.all_inner_texts()) == {
        "The link does not say where it leads",
        "The picture has no description",
    }
    assert admin.refused == []


def test_pictures_are_uploaded_under_the_policy(admin):
    admin.goto("/cms/images/multiple/add/")
    sent = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo(gps=True)}
    admin.set_input_files("input[type=file]", sent)
    expect(admin.get_by_text("Upload successful. Please")).to_be_visible()
    assert admin.refused == []
