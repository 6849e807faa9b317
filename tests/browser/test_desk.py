"""A translator's day: from the desk, through what changed, to both languages live."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import Album, Newsroom
from tests.pictures.photos import photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
OLD = "Ciento doce frascos y ningún precio"
OLD_IN_ENGLISH = "One hundred and twelve jars, and not a price tag in sight"
NEW, NEW_IN_ENGLISH = "El molino de viento vuelve a girar", "The windmill turns again"
TO_DO = "/cms/translations/?language=en&type=newspage"


@pytest.fixture(scope="module")
def album():
    return Album("desk")


@pytest.fixture
def editor(site, open_page):
    return Newsroom(open_page(locale="es"), site, "editora")


@pytest.fixture
def translator(site, open_page):
    return Newsroom(open_page(locale="en"), site, "translator")


@pytest.fixture
def photograph(tmp_path):
    file = tmp_path / "frascos.jpg"
    file.write_bytes(photo(size=(1210, 806)))
    return file


def test_a_translators_day(site, open_page, editor, translator, photograph, album):
    change_the_original(editor, photograph)
    catch_up(translator, album)
    read(open_page, OLD_IN_ENGLISH, ["Each jar has two names.", "The jars, counted."])
    draft_something_new(editor)
    translate_the_draft(translator, album)
    publish_both(editor)
    read(open_page, NEW_IN_ENGLISH, ["It had stood still for years."])
    nothing_of_it_waits(translator, album)


def change_the_original(editor, photograph):
    editor.open_listing("Noticias")
    editor.edit(OLD)
    body = editor.stream("body_es")
    body.append("Cada frasco tiene dos nombres.")
    body.add_picture(
        photograph, "Frascos", "Frascos en fila", caption="Los frascos, contados."
    )
    editor.press("Publicar en español")
    assert OLD in editor.messages()


def catch_up(translator, album):
    page = translator.page
    page.goto(f"{TO_DO}&state=behind")
    album.take(page, "behind")
    page.get_by_role("link", name=OLD).click()
    changed = page.locator(".pg-row--changed")
    expect(changed.locator("ins").first).to_contain_text("Cada frasco")
    caption = page.locator("[data-key$='.caption']", has_text="contados")
    caption.locator("textarea").first.fill("The jars, counted.")
    described = page.locator("[data-key$='.alt']", has_text="Frascos en fila")
    described.locator("textarea").first.fill("Jars in a row")
    text = changed.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Each jar has two names.")
    saved(page)
    album.take(page, "side-by-side")
    page.set_viewport_size({"width": 390, "height": 900})
    album.take(page, "side-by-side-phone", full=False)
    page.set_viewport_size({"width": 1280, "height": 900})
    publish(page)
    page.goto(f"{TO_DO}&state=behind")
    assert page.get_by_role("link", name=OLD).count() == 0


def saved(page):
    """Wait until the desk has saved what was written, by itself."""
    status = page.locator("[data-pg-desk-target=status]")
    expect(status).to_contain_text(re.compile(r"Saved at \d"))
    page.wait_for_timeout(1000)
    expect(status).to_contain_text(re.compile(r"Saved at \d"), timeout=10_000)


def publish(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Publish in English").click()
    assert "published in English" in page.locator(".messages").inner_text()


def draft_something_new(editor):
    editor.open_listing("Noticias")
    editor.add_below()
    editor.page.fill("[name=headline_es]", NEW)
    editor.stream("body_es").add_text("Llevaba años quieto.")
    with editor.page.expect_navigation():
        editor.page.locator("footer .action-save").first.click()


def translate_the_draft(translator, album):
    page = translator.page
    page.goto(f"{TO_DO}&state=missing")
    page.get_by_role("link", name=NEW).click()
    with page.expect_navigation():
        page.get_by_role("button", name="Take", exact=True).click()
    page.locator("[data-key=headline] textarea").first.fill(NEW_IN_ENGLISH)
    page.locator("[data-key^=body] .public-DraftEditor-content").click()
    page.keyboard.type("It had stood still for years.")
    saved(page)
    album.take(page, "new-story")
    page.goto(f"{TO_DO}&who=me")
    expect(page.get_by_role("link", name=NEW)).to_be_visible()


def publish_both(editor):
    editor.open_listing("Noticias")
    editor.edit(NEW)
    editor.press("Publicar en ambos idiomas")
    assert NEW in editor.messages()


def nothing_of_it_waits(translator, album):
    page = translator.page
    for query in ("", "&who=me"):
        page.goto(TO_DO + query)
        assert page.get_by_role("link", name=NEW).count() == 0
    expect(page.locator("main")).to_contain_text("Nothing waits")
    album.take(page, "nothing-waits")


def read(open_page, headline, texts):
    page = open_page(locale="en")
    page.goto("/en/news/")
    page.get_by_role("link", name=headline).first.click()
    page.get_by_role("heading", level=1, name=headline).wait_for()
    for text in texts:
        expect(page.locator("main")).to_contain_text(text)
