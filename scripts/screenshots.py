"""Take the README's pictures again, from a demo site started for it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from scripts.servers import free_port  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS, Site  # noqa: E402

TARGET = ROOT / "docs/pictures"
VIEW = {"width": 1280, "height": 1500}


def main() -> int:
    """Start, take the front page and the lead story, stop."""
    TARGET.mkdir(parents=True, exist_ok=True)
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
            take(site.url)
        finally:
            site.stop()
    return 0


def take(url: str) -> None:
    """The front page in Spanish and its lead story in English."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        page = browser.new_page(viewport=VIEW)
        page.goto(f"{url}/es/", wait_until="networkidle")
        page.screenshot(path=TARGET / "front.jpg", type="jpeg", quality=80)
        page.goto(f"{url}/en/", wait_until="networkidle")
        page.locator("main h2 a").first.click()
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / "story.jpg", type="jpeg", quality=80)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
