"""What is wrong with a page that a browser shows, in words; else nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.kinds import Address

# WCAG 2.2 AA and what is good practice beside it, and AAA contrast.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
RUN = """async options => (await axe.run(document, options)).violations.map(
    found => found.nodes.map(node =>
        `${found.id}: ${node.target.join(' ')} ${node.html.slice(0, 120)} ` +
        node.any.concat(node.all, node.none).map(check => check.message).join('; ')
    )).flat()"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def violations(page: Page) -> list[str]:
    """What axe finds: the rule, where, and why."""
    page.evaluate(AXE_SCRIPT)  # past the Content-Security-Policy
    return page.evaluate(RUN, OPTIONS)


def too_wide(page: Page) -> list[str]:
    """By how much it must be scrolled sideways to be read."""
    pixels = page.evaluate(WIDER)
    return [f"{pixels} px wider than the window"] if pixels > 0 else []


class Watch:
    """Notes what a browser complains of, and requests that leave this machine."""

    def __init__(self, page: Page) -> None:
        self.page, self.here = page, ""
        self.seen: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("request", self._request)

    def open(self, address: Address) -> None:
        """Go there; another status than it should have is a complaint."""
        self.seen.clear()
        self.here = address.path
        answer = self.page.goto(address.path)
        if answer is None or answer.status != address.status:
            self.seen.append(f"status {answer and answer.status}")
        if self.page.locator("h1").count() != 1:
            self.seen.append("not one first heading")

    def _console(self, said: ConsoleMessage) -> None:
        """Of a page that is not there, the browser says so: that is no fault."""
        is_its_own = said.location.get("url", "").endswith(self.here)
        is_status = said.text.startswith("Failed to load resource") and is_its_own
        if said.type in {"error", "warning"} and not is_status:
            self.seen.append(f"console: {said.text}")

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url)
        if host.scheme != "data" and host.hostname != "127.0.0.1":
            self.seen.append(f"asks {request.url}")
