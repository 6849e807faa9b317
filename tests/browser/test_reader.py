"""A reader's first steps on the site that `make up` starts, in a real browser."""

from __future__ import annotations

import re
import urllib.request

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
LINK = re.compile(r"https?://\S+/subscription/confirm/\S+")


def test_a_visitor_subscribes_confirms_and_leaves_in_english(site, open_page):
    page = open_page(locale="en", width=390)
    page.goto("/en/countries/")
    page.locator("main a[href^='/en/countries/']").first.click()
    page.fill("main input[type=email]", "visitor@readers.example")
    page.click("main form.signup button[type=submit]")
    page.wait_for_url("**/check-your-inbox/")
    assert page.context.cookies() == []

    mail = site.wait_for_message("visitor@readers.example", "confirm")
    assert mail["language"] == "en"
    assert state(site) == "pending"
    page.goto(LINK.search(mail["text"]).group())
    assert state(site) == "pending"
    page.click("main form button[type=submit]")
    page.get_by_role("heading", name="You are subscribed").wait_for()
    assert state(site) == "active"


def test_the_switcher_leads_to_the_same_story(site, open_page):
    page = open_page(locale="es")
    page.goto("/")
    assert page.url.endswith("/es/")
    page.locator("main h2 a").first.click()
    page.wait_for_url("**/es/noticias/**")
    for heading in ("Noticias", "Suscribirse", "Nuestras oficinas"):
        assert page.get_by_role("heading", name=heading, exact=True).count()
    assert page.locator("html").get_attribute("lang") == "es"


def test_nothing_a_reader_opens_fails(site):
    for path in ("/es/", "/en/", "/sitemap.xml", "/es/noticias/feed/", "/healthz"):
        with urllib.request.urlopen(site.url + path) as answer:  # noqa: S310
            assert answer.status == 200


def state(site) -> str:
    """What the command says of our visitor."""
    return site.manage("subscriber_state", "visitor@readers.example").strip()
