"""Every page with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

# Where the focus can go by Tab, in the order of the document. Of radio buttons of one
# name only one can be reached: the chosen one, else the first.
STOPS = """() => {
    const found = [...document.querySelectorAll(
        'a[href], button, input, select, textarea, summary, [tabindex]')].filter(one =>
        !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden'
        && one.checkVisibility({visibilityProperty: true}));
    const groups = {};
    for (const one of found) if (one.type === 'radio') {
        const key = [one.form?.action, one.name];
        if (!(key in groups) || one.checked) groups[key] = one;
    }
    window.stops = found.filter(one =>
        one.type !== 'radio' || groups[[one.form?.action, one.name]] === one);
    return window.stops.length;
}"""
# Which of them has the focus, and what is wrong with how that shows once it is drawn.
HERE = """async () => {
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const one = document.activeElement;
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const shows = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
        && style.outlineColor !== 'rgba(0, 0, 0, 0)';
    const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.right > 0
        && box.top < innerHeight && box.left < innerWidth;
    return {
        is_date: one.type === 'date',
        place: window.stops.indexOf(one),
        wrong: shows && seen ? '' : `no focus to see on ${one.outerHTML.slice(0, 100)}`,
    };
}"""


def walk(page: Page) -> list[str]:
    """Press Tab through the page; what is wrong on the way."""
    number, wrong = page.evaluate(STOPS), []
    for expected in range(number):
        here = step(page, expected)
        if here["place"] != expected:
            return [*wrong, f"Tab {expected} leads to {here['place']}"]
        if here["wrong"]:
            wrong.append(here["wrong"])
    page.keyboard.press("Tab")
    if number > 1 and page.evaluate(HERE)["place"] == number - 1:
        wrong.append("no way on from the last")
    return wrong


def step(page: Page, expected: int) -> dict:
    """Press Tab; a date is a few stops in one: its day, month, year and calendar."""
    for _part in range(5):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["place"] != expected - 1 or not here["is_date"]:
            break
    return here


@pytest.mark.parametrize("width", [390, 1280])
def test_tab_goes_through_every_page(kinds, open_page, width, subtests):
    page = open_page(width=width, reduced_motion="reduce")
    for address in kinds.pages:
        with subtests.test(path=address.path):
            page.goto(address.path)
            assert walk(page) == []


def test_the_first_stop_skips_to_the_content(kinds, open_page, subtests):
    page = open_page()
    for address in kinds.pages:
        if address.kind == "step-embed":  # it has no header to skip
            continue
        with subtests.test(path=address.path):
            page.goto(address.path)
            page.keyboard.press("Tab")
            expect(page.locator(".skip")).to_be_focused()
            page.keyboard.press("Enter")
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_signing_up_and_searching_need_keys_only(kinds, open_page, lang, script):
    page = open_page(java_script_enabled=script)
    joining, searching = (
        next(page.path for page in kinds.named(kind) if page.lang == lang)
        for kind in ("step-join", "search-found")
    )
    page.goto(joining)
    type_into(page, "main input[type=email]", f"keys-{lang}-{script}@readers.example")
    expect(page).to_have_url(
        next(page.path for page in kinds.named("step-sent") if page.lang == lang)
    )
    path, _, query = searching.partition("?q=")
    page.goto(path)
    type_into(page, "main input[name=q]", query)
    expect(page.locator("main .results a").first).to_be_visible()


def type_into(page: Page, field: str, words: str) -> None:
    """Tab to a field, write, press Enter."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{field}:focus").count():
            break
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
