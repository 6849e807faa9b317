"""Every page in both languages, by day and by night, on every width of screen."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.kinds import Address
from tests.browser.looking import Watch, too_wide, violations

WIDTHS = (320, 390, 768, 1280)
SCHEMES = ("light", "dark")
# A window of 1280 by 1024 pixels at 400 %.
ENLARGED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}


def test_every_page_in_every_way(kinds, open_page, pictures, subtests):
    page = open_page()
    watch = Watch(page)
    for address in kinds.pages:
        watch.open(address)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in WIDTHS:
                with subtests.test(path=address.path, scheme=scheme, width=width):
                    page.set_viewport_size({"width": width, "height": 900})
                    take(page, pictures / name_of(address, scheme, width))
                    assert violations(page) + too_wide(page) + watch.seen == []
    write_index(pictures, kinds.pages)
    assert page.context.cookies() == []


@pytest.mark.parametrize("name", ["400", "403", "500"])
def test_pages_of_errors_in_every_way(name, kinds, open_page, subtests):
    page = open_page()
    page.route("**/as-it-fails/", lambda route: answer(route, kinds.errors[name]))
    page.goto("/as-it-fails/")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            with subtests.test(scheme=scheme, width=width):
                page.set_viewport_size({"width": width, "height": 900})
                assert violations(page) + too_wide(page) == []


def test_every_page_enlarged_four_times(kinds, browser, site, subtests):
    context = browser.new_context(base_url=site.url, **ENLARGED)
    page = context.new_page()
    for address in kinds.pages:
        with subtests.test(path=address.path):
            page.goto(address.path)
            assert too_wide(page) == []
    context.close()


def answer(route, words: str) -> None:
    """The page of an error, which no address of a healthy site shows."""
    route.fulfill(body=words, content_type="text/html; charset=utf-8")


def name_of(address: Address, scheme: str, width: int) -> str:
    """The file of one picture."""
    return f"{address.kind}-{address.lang}-{scheme}-{width}.jpg"


def take(page: Page, target: Path) -> None:
    """A picture of the whole page, as light as it can be looked at."""
    page.screenshot(path=target, type="jpeg", quality=55, full_page=True)


def write_index(folder: Path, pages: list[Address]) -> None:
    """All pictures of a page beside each other."""
    rows = []
    for address in pages:
        names = [name_of(address, look, width) for look in SCHEMES for width in WIDTHS]
        shown = "".join(
            f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy"></a>'
            for name in names
        )
        rows.append(f"<h2>{escape(address.kind)} {address.lang}</h2><p>{shown}</p>")
    style = "<style>img{width:11rem;vertical-align:top;margin:.25rem}</style>"
    (folder / "index.html").write_text(
        f"<!doctype html><title>Audit</title>{style}{''.join(rows)}"
    )
