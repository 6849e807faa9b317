"""The main job, end to end: from an editor's desk to a subscriber's inbox.

Real web, worker and beat processes, real SMTP, a real Chromium, the admin in Spanish.
Screenshots of every step are kept in `var/screenshots/`.
"""

from __future__ import annotations

import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.newsroom import Album, Newsroom, choose_page, leave_at_once
from tests.pictures.photos import photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
HEADLINE = "Las terrazas que volvieron a sembrarse"
ENGLISH = "The terraces that were planted again"
ES_LINK = re.compile(r"https?://\S+/suscripcion/confirmar/\S+")
EN_LINK = re.compile(r"https?://\S+/subscription/confirm/\S+")
LISTS = {
    "es": ["Noticias", "Noticias del proyecto", "Noticias del país"],
    "en": ["News", "Project news", "Country news"],
}


@pytest.fixture(scope="module")
def album():
    return Album("story")


@pytest.fixture
def newsroom(site, open_page):
    return Newsroom(open_page(locale="es"), site, "editora")


@pytest.fixture
def photograph(tmp_path):
    file = tmp_path / "terrazas.jpg"
    file.write_bytes(photo(size=(1600, 1067), gps=True))
    return file


def test_from_the_desk_to_the_inbox(site, open_page, newsroom, photograph, album):
    write_and_publish_in_spanish(newsroom, photograph, album)
    read_in_spanish_only(open_page, album)
    add_english(newsroom, album)
    read_in_both(open_page, album)
    subscribe(site, open_page, album)
    send_the_issue(site, newsroom, album)
    english = each_gets_their_language(site)
    leave_in_one_click(site, english)
    the_next_issue_skips_who_left(site, newsroom)


def write_and_publish_in_spanish(newsroom, photograph, album):
    newsroom.open_listing("Noticias")
    album.take(newsroom.page, "listing")
    newsroom.add_below()
    page = newsroom.page
    page.fill("[name=headline_es]", HEADLINE)
    page.fill("[name=lead_es]", "Dos familias volvieron a subir con azadas y semilla.")
    body = newsroom.stream("body_es")
    body.add_text("Nadie recordaba quién había plantado los muros. ¡Pero ahí seguían!")
    body.add_picture(
        photograph,
        "Terrazas",
        "Muros de piedra en una ladera verde",
        caption="La ladera, en noviembre, después de la primera lluvia.",
        credit="Archivo del centro",
    )
    album.take(page, "writing")
    newsroom.tab("Ambos idiomas")
    newsroom.choose("projects", "Agua en común")
    newsroom.choose("countries", "Perú", "Ecuador")
    album.take(page, "both-languages")
    newsroom.press("Publicar en español")
    assert HEADLINE in newsroom.messages()
    album.take(page, "published-in-spanish")


def read_in_spanish_only(open_page, album):
    page = open_page(locale="es")
    page.goto("/es/noticias/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.get_by_role("heading", level=1, name=HEADLINE).wait_for()
    figure = page.locator("main figure", has_text="La ladera, en noviembre")
    assert "Archivo del centro" in figure.inner_text()
    assert figure.locator("img").get_attribute("alt").startswith("Muros de piedra")
    assert page.locator("link[rel=alternate][hreflang=en]").count() == 0
    album.take(page, "spanish-only")
    switcher = page.locator("header a[hreflang=en], header a[lang=en]").first
    switcher.click()
    page.wait_for_url("**/en/**")
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/en/news/")
    assert page.get_by_text(HEADLINE).count() == 0


def add_english(newsroom, album):
    newsroom.open_listing("Noticias")
    row = newsroom.page.locator("tr", has_text=HEADLINE)
    expect(row).to_contain_text("publicada")
    expect(row).to_contain_text("falta")
    newsroom.edit(HEADLINE)
    newsroom.tab("English")
    page = newsroom.page
    page.fill("[name=headline_en]", ENGLISH)
    page.fill("[name=lead_en]", "Two families went back up with hoes and seed.")
    newsroom.stream("body_en").add_text("Nobody remembered who had built the walls.")
    newsroom.press("Publicar en inglés")
    assert "inglés" in newsroom.messages()
    album.take(page, "english-added")


def read_in_both(open_page, album):
    page = open_page(locale="es")
    page.goto("/es/noticias/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.get_by_role("heading", level=1, name=HEADLINE).wait_for()
    find_the_lists(page, "es")
    album.take(page, "story-es")
    page.locator("header").get_by_role("link", name="English").click()
    page.get_by_role("heading", level=1, name=ENGLISH).wait_for()
    assert "/en/news/" in page.url
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Nobody remembered" in page.locator("main").inner_text()
    assert "Nadie recordaba" not in page.content()
    find_the_lists(page, "en")
    for width, name in ((1280, "wide"), (390, "phone")):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            album.take(page, f"story-en-{name}-{scheme}")


def find_the_lists(page, language):
    for name in LISTS[language]:
        assert page.get_by_role("heading", name=name).count(), name
    offices = {"es": "Nuestras oficinas", "en": "Our offices"}[language]
    assert page.get_by_role("heading", name=offices).is_visible()


def subscribe(site, open_page, album):
    page = open_page(locale="en")
    page.goto("/en/countries/peru/")
    album.take(page, "hub-en")
    page.fill("main input[type=email]", "alice@readers.example")
    page.click("main form.signup button[type=submit]")
    page.wait_for_url("**/check-your-inbox/")
    album.take(page, "check-your-inbox")
    mail = site.wait_for_message("alice@readers.example", "confirm")
    page.goto(EN_LINK.search(mail["text"]).group())
    album.take(page, "confirm-en")
    page.click("main form button[type=submit]")
    page.get_by_role("heading", name="You are subscribed").wait_for()
    album.take(page, "subscribed")

    page = open_page(locale="es")
    for name in ("benito", "dudosa"):
        page.goto("/es/")
        page.fill("main input[type=email]", f"{name}@readers.example")
        page.click("main form.signup button[type=submit]")
        page.wait_for_url("**/suscripcion/**")
        mail = site.wait_for_message(f"{name}@readers.example", "")
        assert mail["language"] == "es"
        if name == "benito":
            page.goto(ES_LINK.search(mail["text"]).group())
            page.click("main form button[type=submit]")
            page.wait_for_load_state("networkidle")
    assert state(site, "benito") == "active"
    assert state(site, "dudosa") == "pending"


def compose(newsroom, spanish, english, *, again=False):
    newsroom.open_listing("Boletines", "Surco a surco")
    newsroom.add_below()
    page = newsroom.page
    page.fill("[name=headline_es]", spanish)
    newsroom.tab("English")
    page.fill("[name=headline_en]", english)
    newsroom.tab("Ambos idiomas")
    page.click("#id_stories-ADD")
    child = page.locator("[data-inline-panel-child]").last
    child.locator("[data-chooser-action-choose]").first.click()
    choose_page(page, HEADLINE)
    if again:
        child.locator("input[name$=-again]").check()
    newsroom.press("Publicar en ambos idiomas")
    assert spanish in newsroom.messages()
    newsroom.open_listing("Boletines", "Surco a surco")
    newsroom.edit(spanish)


def preview(newsroom, album):
    page = newsroom.page
    page.locator("[data-side-panel-toggle=preview]").first.click()
    modes = page.locator("select[name=preview_mode]")
    shown = page.frame_locator("iframe#w-preview-iframe, iframe[title]").last
    # Wagtail forgets a choice made before the first preview has come.
    expect(shown.locator("h2", has_text=HEADLINE)).to_be_visible(timeout=20_000)
    for mode, words in {"mail-es": HEADLINE, "mail-en": ENGLISH}.items():
        modes.select_option(mode)
        expect(shown.locator("h2", has_text=words)).to_have_css("font-size", "23px")
        album.take(page, f"preview-{mode}", full=False)
    modes.select_option("text-en")
    expect(shown.locator("pre")).to_contain_text(ENGLISH)
    album.take(page, "preview-text-en", full=False)


def send_the_issue(site, newsroom, album):
    compose(newsroom, "Noviembre en las terrazas", "November on the terraces")
    preview(newsroom, album)
    newsroom.press("Enviar una prueba…")
    with newsroom.page.expect_navigation():
        newsroom.page.get_by_role("button", name="Enviar la prueba").click()
    site.wait_for_message("editora@milpayu.example", "[PRUEBA] Noviembre")
    site.wait_for_message("editora@milpayu.example", "[TEST] November")
    send(newsroom, album)


def send(newsroom, album=None):
    page = newsroom.page
    newsroom.press("Enviar…")
    button = page.get_by_role("button", name=re.compile(r"Enviar (ahora )?a \d+"))
    if album:
        album.take(page, "send-confirmation")
    with page.expect_navigation():
        button.click()
    expect(page.locator("[data-dispatch-state=sent]")).to_be_attached(timeout=60_000)
    if album:
        album.take(page, "sent")


def each_gets_their_language(site):
    spanish = site.wait_for_message("benito@readers.example", "Noviembre en las terr")
    english = site.wait_for_message("alice@readers.example", "November on the terr")
    assert (spanish["language"], english["language"]) == ("es", "en")
    assert HEADLINE in spanish["text"]
    assert ENGLISH in english["text"]
    assert ENGLISH not in spanish["text"]
    assert len(site.messages("dudosa@readers.example")) == 1
    for name in ("alice", "benito"):
        issues = [m for m in site.messages(f"{name}@readers") if "terr" in m["subject"]]
        assert len(issues) == 1
    return english


def leave_in_one_click(site, mail):
    headers = mail["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.search(r"<(http[^>]+)>", headers["List-Unsubscribe"]).group(1)
    with urllib.request.urlopen(url) as answer:  # noqa: S310
        assert answer.status == 200
    assert state(site, "alice") == "active"
    leave_at_once(mail)
    assert state(site, "alice") == "unsubscribed"


def the_next_issue_skips_who_left(site, newsroom):
    titles = ("Diciembre en las terrazas", "December on the terraces")
    compose(newsroom, *titles, again=True)
    send(newsroom)
    site.wait_for_message("benito@readers.example", "Diciembre en las terrazas")
    left = [m["subject"] for m in site.messages("alice@readers.example")]
    assert not any("December" in subject for subject in left)


def state(site, name):
    """What the command says of a reader."""
    return site.manage("subscriber_state", f"{name}@readers.example").strip()
