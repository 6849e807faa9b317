"""Take the pictures of the README and of the guides: `make screenshots`.

The demo is started on free ports with a folder of its own, photographed in Spanish and
in English, and stopped.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from scripts.servers import free_port  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS, Site  # noqa: E402
from tests.browser.newsroom import Newsroom  # noqa: E402

TARGET = ROOT / "docs/pictures"
READER = {"width": 1280, "height": 1500}
EDITOR = {"width": 1280, "height": 860}
CHIEF = "elvira"  # may do everything that a guide tells of
LANGUAGES = ("es", "en")
QUALITY = 76
SPEAK = """
from wagtail.users.models import UserProfile
UserProfile.objects.filter(user__username="{name}").update(
    preferred_language="{language}")
"""
FIND = """
import json
from news.models import NewsPage
from newsletter.models import Dispatch, IssuePage
from newsletter.numbers.counting import write_all
from pages.actions import publish_languages
write_all()  # beat does it every few minutes
issue = IssuePage.objects.filter(live=False).first()
publish_languages(page=issue, languages=["es", "en"])
sent = Dispatch.objects.filter(state="sent").latest("pk")
found = {
    "story": NewsPage.objects.filter(live_es=True, live_en=True).latest("date").pk,
    "behind": NewsPage.objects.filter(state_en="behind").first().pk,
    "issue": issue.pk,
    "sent": sent.pk,
    "newsletter": sent.newsletter_id,
}
print(json.dumps(found))
"""


def main() -> int:
    """Start, photograph the site and its admin, stop."""
    with tempfile.TemporaryDirectory(prefix="pregon-screenshots-") as folder:
        port = free_port()
        environment = {
            **os.environ,
            "PORT": str(port),
            "DATA_DIR": folder,
            "ENV_FILE": os.devnull,
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
        site = Site(port, port + 2, Path(folder), environment)
        try:
            site.start()
            photograph(site)
        finally:
            site.stop()
    return 0


def photograph(site: Site) -> None:
    """Every picture: those of the README, then the guides' in each language."""
    TARGET.mkdir(parents=True, exist_ok=True)
    found = json.loads(site.manage("shell", "--no-imports", "-c", FIND))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        take_site(browser, site)
        for language in LANGUAGES:
            speak = SPEAK.format(name=CHIEF, language=language)
            site.manage("shell", "--no-imports", "-c", speak)
            take_admin(browser, site, found, language)
        browser.close()


def take_site(browser: Browser, site: Site) -> None:
    """The front page in Spanish and its lead story in English."""
    page = browser.new_page(viewport=READER)
    page.goto(f"{site.url}/es/", wait_until="networkidle")
    keep(page, "front")
    page.goto(f"{site.url}/en/", wait_until="networkidle")
    page.locator("main h2 a").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, "story")
    page.close()


def take_admin(
    browser: Browser, site: Site, found: dict[str, int], language: str
) -> None:
    """What the guides for editors and translators show, in the language of each."""
    context = browser.new_context(base_url=site.url, viewport=EDITOR, locale=language)
    page = context.new_page()
    Newsroom(page, site, CHIEF)
    for name, address in pictures_of(found):
        page.goto(address, wait_until="networkidle")
        if name == "write":
            page.locator("footer [data-controller='w-dropdown'] button").first.click()
        page.wait_for_timeout(600)  # panels slide in
        keep(page, f"{name}-{language}")
    context.close()


def pictures_of(found: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Each picture's name and the address that it is taken at."""
    yield "home", "/cms/"
    yield "write", f"/cms/pages/{found['story']}/edit/"
    yield "send", f"/cms/issue-sending/{found['issue']}/send/"
    yield "numbers", f"/cms/dispatches/{found['sent']}/numbers/"
    yield "desk", "/cms/translations/"
    yield "beside", f"/cms/translations/{found['behind']}/en/"


def keep(page: Page, name: str) -> None:
    """The picture as a JPEG of some size: they are cloned with the project."""
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        taken.convert("RGB").save(
            TARGET / f"{name}.jpg", quality=QUALITY, optimize=True, progressive=True
        )


if __name__ == "__main__":
    sys.exit(main())
