"""A long story pasted from a word processor, with three photographs."""

from __future__ import annotations

import html
import re
import tomllib

import pytest

from tests.browser.conftest import ROOT
from tests.browser.looking import too_wide
from tests.browser.newsroom import Album, Newsroom
from tests.pictures.photos import photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("site"),
]
STORIES = ROOT / "site/demo/content/stories"
SOURCES = ("el-turno-de-medianoche", "la-papa-que-nadie-compraba")
TITLE = (
    "Ciento cuarenta caracteres —ni uno más— para contar que el agua de la acequia "
    "de Ñahuinpuquio volvió a alcanzar, según sus regantes en julio"
)
WORD = '<p class="MsoNormal" style="margin:0cm;font-family:Calibri">{}<o:p></o:p></p>'


def paragraphs() -> list[str]:
    """The words of two demo stories, without their marks."""
    texts = [(STORIES / f"{name}.toml").read_text("utf-8") for name in SOURCES]
    bodies = [tomllib.loads(text)["es"]["body"].strip() for text in texts]
    parts = [part.strip() for body in bodies for part in body.split("\n\n")]
    return [re.sub(r"^(## |> )", "", part) for part in parts if part[:2] != "!["]


def test_an_article_is_pasted_illustrated_and_published(site, open_page, tmp_path):
    assert len(TITLE) == 140
    words = paragraphs()
    assert len(" ".join(words).split()) > 900
    album = Album("article")
    newsroom = Newsroom(open_page(locale="es"), site, "editora")
    newsroom.open_listing("Noticias")
    newsroom.add_below()
    page = newsroom.page
    page.fill("[name=headline_es]", TITLE)
    body = newsroom.stream("body_es")
    third = len(words) // 3
    for number in range(3):
        mine = words[number * third : (number + 1) * third if number < 2 else None]
        body.paste_text("".join(WORD.format(html.escape(part)) for part in mine))
        file = tmp_path / f"foto-{number}.jpg"
        # It lies on its side, and is larger upright than a text shows it.
        file.write_bytes(photo(size=(2600 + number, 1700)))
        body.add_picture(
            file,
            f"Acequia {number}",
            f"La acequia, vista {number}",
            caption=f"Vista {number}: «el agua alcanza» —dicen—.",
            credit="Archivo",
        )
    film = body.add("De otro sitio")
    film.locator("[name$='-value-url']").fill("https://youtu.be/abc_DEF-123")
    film.locator("[name$='-value-title']").fill("La acequia en video")
    newsroom.press("Publicar en español")
    assert TITLE in newsroom.messages()

    reader = open_page(locale="es", width=390)
    reader.goto("/es/noticias/")
    reader.get_by_role("link", name=TITLE).first.click()
    reader.get_by_role("heading", level=1, name=TITLE).wait_for()
    shown = " ".join(reader.locator("main article, main").first.inner_text().split())
    for part in words:
        assert " ".join(part.split()) in shown
    assert reader.locator("main figure figcaption").count() == 4  # and the film's
    assert "MsoNormal" not in reader.content()
    assert too_wide(reader) == []
    album.take(reader, "phone")
    look_through(reader)
    open_the_film(reader)


def look_through(reader):
    """The pictures of a story large, by keyboard alone; Escape leads back."""
    links = reader.locator("a[data-lightbox]")
    for _wait in range(60):  # until the worker has made them
        if links.count() == 3:
            break
        reader.wait_for_timeout(1000)
        reader.reload()
    links.nth(0).focus()
    reader.keyboard.press("Enter")
    window = reader.get_by_role("dialog")
    window.locator("figcaption", has_text="Vista 0").wait_for()
    reader.keyboard.press("ArrowRight")
    window.locator("figcaption", has_text="Vista 1").wait_for()
    reader.keyboard.press("ArrowLeft")
    reader.keyboard.press("ArrowLeft")
    window.locator("figcaption", has_text="Vista 2").wait_for()
    reader.keyboard.press("Escape")
    assert not window.is_visible()
    assert links.nth(0).evaluate("link => link === document.activeElement")


def open_the_film(reader):
    """It is asked for by the reader, by keyboard, and not before."""
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.reload(wait_until="networkidle")
    assert asked
    assert not [url for url in asked if not url.startswith(reader.url.split("/es/")[0])]
    reader.get_by_role("link", name="La acequia en video").focus()
    reader.keyboard.press("Enter")
    frame = reader.locator("iframe[title='La acequia en video']")
    frame.wait_for()
    source = frame.get_attribute("src")
    assert source.startswith("https://www.youtube-nocookie.com/embed/abc_DEF-123?")
