"""What people do in the admin and on the site, as their hands do it."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Site

PICTURES = ROOT / "var" / "screenshots"
PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  data.setData('text/plain', html.replace(/<[^>]+>/g, ''));
  element.dispatchEvent(
    new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
  );
}"""


class Album:
    """Screenshots of a story, numbered in its order, kept to be looked at."""

    def __init__(self, name: str) -> None:
        self.folder = PICTURES / name
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*.png"):
            old.unlink()

    def take(self, page: Page, name: str, full: bool = True) -> None:
        """Keep what the page shows now."""
        number = len(list(self.folder.glob("*.png"))) + 1
        page.screenshot(path=self.folder / f"{number:02}-{name}.png", full_page=full)


class Newsroom:
    """The admin in Spanish, in the hands of somebody logged in."""

    def __init__(self, page: Page, site: Site, username: str) -> None:
        self.page = page
        self.site = site
        logins = json.loads((site.data_dir / "demo-logins.json").read_text())
        (password,) = (row["password"] for row in logins if row["username"] == username)
        page.goto("/cms/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/cms/")

    def open_listing(self, *titles: str) -> None:
        """Go down the explorer from the front page, by the titles of pages."""
        self.page.goto("/cms/pages/")
        for title in ("Noticias de un campo que cambia", *titles):
            row = self.page.locator("tr", has=self.page.get_by_text(title, exact=True))
            row.locator("td.children a").click()
            self.page.wait_for_load_state("networkidle")

    def add_below(self) -> None:
        """Open the form for a new page below the one listed."""
        self.page.locator("main a[href*='add_subpage']").first.click()
        self.page.locator("[name^=headline]").first.wait_for(state="attached")
        self.page.wait_for_load_state("networkidle")

    def edit(self, title: str) -> None:
        """Open the editor of a page that the listing shows."""
        self.page.get_by_role("link", name=title, exact=True).first.click()
        self.page.wait_for_url("**/edit/")
        self.page.wait_for_load_state("networkidle")

    def tab(self, name: str) -> None:
        """Show one tab of the form."""
        self.page.get_by_role("tab", name=name).click()

    def press(self, label: str) -> None:
        """Press a button of the menu under the form; wait until the page has gone."""
        menu = self.page.locator("footer .w-dropdown-button")
        menu.locator("[data-w-dropdown-target=toggle]").click()
        button = menu.get_by_role("button", name=label, exact=True)
        link = menu.get_by_role("link", name=label, exact=True)
        with self.page.expect_navigation():
            button.or_(link).click()
        self.page.wait_for_load_state("networkidle")

    def stream(self, name: str) -> Stream:
        """A body of blocks."""
        return Stream(self.page, self.page.locator(f"[data-contentpath={name}]").first)

    def choose(self, field: str, *labels: str) -> None:
        """Choose entries of a list by their names."""
        self.page.select_option(f"select[name={field}]", label=list(labels))

    def messages(self) -> str:
        """What the admin said after the last step."""
        return self.page.locator(".messages").inner_text()


class Stream:
    """Blocks of a body, added at its end."""

    def __init__(self, page: Page, place: Locator) -> None:
        self.page = page
        self.place = place
        self.blocks = place.locator("[data-streamfield-child]")

    def add(self, kind: str) -> Locator:
        """Add a block and return it."""
        before = self.blocks.count()
        self.place.locator("button.c-sf-add-button").last.click()
        self.page.get_by_role("option", name=kind, exact=True).click()
        block = self.blocks.nth(before)
        block.wait_for()
        return block

    def add_text(self, words: str) -> None:
        """Add a paragraph and type it."""
        block = self.add("Texto")
        block.locator(".public-DraftEditor-content").click()
        self.page.keyboard.type(words)
        self._wait_for_words(block, words)

    def paste_text(self, html: str) -> None:
        """Add a paragraph and paste it, as from a word processor."""
        block = self.add("Texto")
        editor = block.locator(".public-DraftEditor-content")
        editor.click()
        editor.evaluate(PASTE, html)
        self._wait_for_words(block, editor.inner_text().split("\n")[-1])

    def append(self, words: str) -> None:
        """Write on at the end of the first paragraph."""
        block = self.blocks.filter(has=self.page.locator(".Draftail-Editor")).first
        block.locator(".public-DraftEditor-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(f" {words}")
        self._wait_for_words(block, words)

    def _wait_for_words(self, block: Locator, words: str) -> None:
        """The rich text editor hands on what was typed after a quarter of a second."""
        form_value = block.locator("input[name$=-value]")
        expect(form_value).to_have_value(re.compile(re.escape(words[-20:])))

    def add_picture(self, file: Path, title: str, alt: str, **fields: str) -> None:
        """Add a picture, uploading its file on the way."""
        block = self.add("Imagen")
        block.locator("[data-chooser-action-choose]").first.click()
        upload_picture(self.page, file, title, alt)
        block.locator("[data-chooser-title]").get_by_text(title).wait_for()
        for name, value in fields.items():
            block.locator(f"[name$='-value-{name}']").fill(value)


def leave_at_once(mail: dict) -> None:
    """Press what a mail program shows beside the sender: one POST, no page."""
    url = re.search(r"<(http[^>]+)>", mail["headers"]["List-Unsubscribe"]).group(1)
    with urllib.request.urlopen(url, data=b"List-Unsubscribe=One-Click") as answer:  # noqa: S310
        assert answer.status == 200


def upload_picture(page: Page, file: Path, title: str, alt: str) -> None:
    """In the open picture chooser: upload a file and choose it."""
    chooser = page.locator(".modal-content")
    chooser.get_by_role("tab", name="Subir").click()
    chooser.locator("[name$=-file]").set_input_files(file)
    chooser.locator("[name$=-title]").fill(title)
    chooser.locator("[name$=-alt_es]").fill(alt)
    chooser.locator("[name$=-credit]").fill("Archivo")
    chooser.locator("[name$=-rights_es]").fill("Del centro")
    chooser.locator("form[action*='/create/'] [type=submit]").click()
    page.locator(".modal").wait_for(state="detached")


def choose_page(page: Page, title: str) -> None:
    """In the open page chooser: choose a page by its title."""
    chooser = page.locator(".modal-content")
    chooser.get_by_role("textbox").first.fill(title)
    chooser.locator("a.choose-page", has_text=title).first.click()
    page.locator(".modal").wait_for(state="detached")
