"""What search engines, feed readers and previews are told, by their own rules."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.models import PageViewRestriction, Site

from front import sitemaps
from front.models import SharePicture
from front.sharing import making
from pages.actions import publish_languages, unpublish_language
from pages.models import BrandSettings
from tests.front.filled import FilledSite
from tests.front.validating import (
    check_index,
    check_news,
    check_sitemap,
    structured_in,
)
from tests.news.factories import make_picture, make_story
from tests.pages.factories import save_draft
from tests.pages.test_pictures import listed
from tests.topics.factories import make_country, make_project

pytestmark = pytest.mark.django_db
OWN = "http://testserver"


def body(client, path):
    response = client.get(path.removeprefix(OWN))
    assert response.status_code == 200
    return b"".join(response)


@pytest.fixture
def two(index):
    """A story in both languages and one in Spanish only, both of today."""
    today = timezone.localdate()
    both = make_story(index, 1, date=today)
    make_story(index, 2, live=("es",), date=today)
    return both


def test_the_site_map_is_split_and_says_each_language(client, two, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST_URLS", 3)
    parts = check_index(body(client, "/sitemap.xml"))
    assert parts == [
        f"{OWN}/sitemap-es-1.xml",
        f"{OWN}/sitemap-es-2.xml",
        f"{OWN}/sitemap-en-1.xml",
        f"{OWN}/sitemap-news.xml",
    ]
    found = {}
    for part in parts[:-1]:
        found |= check_sitemap(body(client, part), most=3)
    story = {"es": f"{OWN}/es/noticias/historia-1/", "en": f"{OWN}/en/news/story-1/"}
    assert found[story["en"]] == {**story, "x-default": story["es"]}
    assert found[f"{OWN}/es/noticias/historia-2/"] == {}
    assert found[f"{OWN}/es/"]["x-default"] == f"{OWN}/"
    assert len(found) == 7
    assert client.get("/sitemap-es-3.xml").status_code == 404
    assert client.get("/sitemap-xx-1.xml").status_code == 404
    PageViewRestriction.objects.create(page=two, restriction_type="login")
    parts = check_index(body(client, "/sitemap.xml"))
    everything = b"".join(body(client, part) for part in parts)
    assert b"historia-1" not in everything
    assert b"story-1" not in everything


def test_news_are_those_of_the_last_two_days(client, index, two, home):
    make_story(index, 900, headline_es="Traída de antes")
    found = check_news(body(client, "/sitemap-news.xml"))
    assert found == {
        f"{OWN}/es/noticias/historia-1/": ("es", "Historia 1"),
        f"{OWN}/en/news/story-1/": ("en", "Story 1"),
        f"{OWN}/es/noticias/historia-2/": ("es", "Historia 2"),
    }
    unpublish_language(page=two, language="en")
    assert len(check_news(body(client, "/sitemap-news.xml"))) == 2


def test_robots_may_read_what_says_itself_that_it_is_not_to_be_listed(client, home):
    lines = body(client, "/robots.txt").decode().splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == [
        "Disallow: /cms/",
        "Disallow: /c/",
    ]
    maps = [line.split()[1] for line in lines if line.startswith("Sitemap")]
    assert maps == [f"{OWN}/sitemap.xml", f"{OWN}/sitemap-news.xml"]
    assert 'content="noindex"' in body(client, "/es/buscar/?q=agua").decode()


def test_whom_to_tell_of_a_weakness(client, settings):
    path = "/.well-known/security.txt"
    settings.SECURITY_CONTACT = []
    assert client.get(path).status_code == 404
    settings.SECURITY_CONTACT = ["mailto:s@site.example", "https://site.example/s"]
    fields = [line.split(": ", 1) for line in body(client, path).decode().splitlines()]
    assert [field for field in fields if field[0] != "Expires"] == [
        ["Contact", "mailto:s@site.example"],
        ["Contact", "https://site.example/s"],
        ["Preferred-Languages", "es, en"],
        ["Canonical", OWN + path],
    ]
    expires = timezone.datetime.fromisoformat(dict(fields)["Expires"])
    assert 80 < (expires - timezone.now()).days < 365


def test_passwords_are_changed_in_the_admin(client):
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer.url) == (302, "/cms/account/")


ADDRESSES = [
    "/robots.txt", "/sitemap.xml", "/sitemap-news.xml", "/sitemap-es-1.xml",
    "/.well-known/security.txt", "/.well-known/change-password", "/favicon.ico",
    "/es/noticias/feed/", "/en/news/feed.json",
]  # fmt: skip


def test_nothing_that_is_asked_is_an_error_of_ours(index, settings):
    settings.SECURITY_CONTACT = ["mailto:s@site.example"]
    client = Client(raise_request_exception=False)
    for path in ADDRESSES:
        asked = [f"{path}?{'a' * 65536}", f"{path}?page=-1&q=%ff%00'\"<>%_"]
        assert {client.get(each).status_code for each in asked} <= {200, 302}, path
        assert b"".join(client.head(path)) == b""
        methods = ("POST", "PUT", "DELETE", "PATCH")
        found = {client.generic(method, path).status_code for method in methods}
        assert found == {405}, path
    deep = "/es/" + "a/" * 32000
    for path in (f"{deep}feed/", f"{deep}feed.json", "/es/%00/feed/", "/es/%ff/feed/",
                 "/en/%00/feed.json", "/sitemap-es-0.xml", "/sitemap-%00-1.xml",
                 f"/sitemap-es-{'9' * 5000}.xml", "/sitemap-es-999999999999.xml",
                 deep, "/es/%00/"):  # fmt: skip
        assert client.get(path).status_code == 404, path[:30]
    odd = {"If-None-Match": '",W/', "If-Modified-Since": "\x00yesterday" * 50}
    assert client.get("/es/noticias/feed/", headers=odd).status_code == 200


def test_every_page_says_what_it_is_by_schema_org(client):
    site = FilledSite()
    BrandSettings.objects.update(postal_address_es="Calle 1", tagline_es="Lema")
    kinds = {}
    for lang in ("es", "en"):
        for kind, page in site.pages().items():
            url = page.url_in(lang)
            response = client.get(url)
            html = response.text
            found = structured_in(html)
            kinds[kind] = set(found)
            assert f'<link rel="canonical" href="{OWN}{url}">' in html
            assert "default-src 'self'" in response["Content-Security-Policy"]
            if kind != "front page":
                trail = found["BreadcrumbList"][0]["itemListElement"]
                assert trail[-1]["item"] == OWN + url
                assert trail[0]["item"] == f"{OWN}/{lang}/"
    assert kinds["front page"] >= {"NewsMediaOrganization", "WebSite", "LocalBusiness"}
    assert kinds["offices index"] >= {"LocalBusiness", "WebPage"}
    assert kinds["country hub"] >= {"LocalBusiness", "CollectionPage"}
    assert "NewsArticle" in kinds["story"]


def test_a_story_as_schema_org_has_it(client, index, projects, countries):
    picture = make_picture(caption_es="La ladera", credit="Ana Paz")
    picture.get_rendition("width-300|format-jpeg")
    words = {
        "headline_es": "</script><b>" + "Agua " * 40,
    }
    words["author_es"] = "Ana Paz y Luis Ríos"
    make_story(index, 1, projects=[make_project(projects)], picture=picture,
               countries=[make_country(countries)], **words)  # fmt: skip
    html = body(client, "/es/noticias/historia-1/").decode()
    article = structured_in(html)["NewsArticle"][0]
    assert article["headline"].startswith("</script><b>Agua")
    names = [(each["@type"], each["name"]) for each in article["author"]]
    assert names == [("Person", "Ana Paz"), ("Person", "Luis Ríos")]
    image = article["image"][0]
    assert (image["caption"], image["creditText"]) == ("La ladera", "Ana Paz")
    assert (image["width"], image["height"]) == (320, 200)
    assert [each["@type"] for each in article["about"]] == ["Thing", "Country"]
    english = f"{OWN}/en/news/story-1/"
    assert article["workTranslation"][0]["@id"] == f"{english}#article"
    translated = structured_in(body(client, english).decode())["NewsArticle"][0]
    assert translated["translationOfWork"]["url"] == article["url"]
    assert translated["author"] == [{"@id": f"{OWN}/#organization"}]
    signed = re.findall('property="article:author" content="(.*?)"', html)
    assert signed == ["Ana Paz", "Luis Ríos"]
    assert '<meta property="article:section" content="Agua">' in html


def test_a_gallery_is_told_with_its_own_words(client, index):
    one, other = make_picture(credit="Archivo"), make_picture(caption_es="La feria")
    items = [
        {"picture": one.pk, "caption": "El mercado", "credit": "Ana Paz"},
        {"picture": other.pk},
    ]
    make_story(index, 1, body_es=[{"type": "gallery", "value": listed(items)}])
    html = body(client, "/es/noticias/historia-1/").decode()
    images = structured_in(html)["NewsArticle"][0]["image"]
    assert [image["caption"] for image in images] == ["El mercado", "La feria"]
    assert images[0]["creditText"] == "Ana Paz"
    feed = body(client, "/es/noticias/feed.json").decode()
    assert feed.count("<img ") == 2
    assert "El mercado" in feed
    assert "Ver en grande" not in feed


# --- The card


def image_of(client, path):
    found = re.search('og:image" content="(.*?)"', body(client, path).decode())
    return found and found[1].removeprefix(OWN)


def made(page, language):
    return SharePicture.objects.get(page=page, language=language)


def make_due():
    return sum(making.make(pk=pk) for pk in making.due())


def test_a_story_has_a_card_of_its_own_in_each_language(client, home, index):
    path = "/es/noticias/historia-1/"
    story = make_story(index, 1, live=("es",))
    assert image_of(client, path) is None
    row = made(home, "es")
    assert making.make(pk=row.pk)
    assert image_of(client, path) == made(home, "es").url  # until there is its own
    making.settle()
    make_due()
    card = image_of(client, path)
    assert card == made(story, "es").url != made(home, "es").url
    with Image.open(io.BytesIO(body(client, card))) as image:
        assert (image.size, image.format) == ((1200, 630), "JPEG")
    assert not making.due()


def test_a_card_follows_headline_picture_and_brand_and_goes_with_its_page(
    client, index, django_capture_on_commit_callbacks
):
    picture = make_picture()
    story = make_story(index, 1, picture=picture)
    make_due()
    seen = [made(story, "es").file]

    def changed():
        with django_capture_on_commit_callbacks(execute=True):
            make_due()
        seen.append(made(story, "es").file)
        return seen[-1] != seen[-2]

    making.ask(pages=[story.pk], language="es")
    assert not changed()
    save_draft(story, headline_es="Otra")
    publish_languages(page=story, languages=["es"])
    assert changed()
    brand = BrandSettings.objects.create(site=Site.objects.get(), name="Minga")
    assert changed()
    brand.accent = "#8a1c3b"
    brand.save()
    assert changed()
    assert not default_storage.exists(seen[0])
    picture.focal_point_x = picture.focal_point_y = 9
    picture.focal_point_width = picture.focal_point_height = 3
    picture.save()
    assert made(story, "es").is_due
    changed()
    last = seen[-1]
    assert default_storage.exists(last)
    with django_capture_on_commit_callbacks(execute=True):
        unpublish_language(page=story, language="es")
    assert not default_storage.exists(last)
    assert made(story, "en").file
    PageViewRestriction.objects.create(page=story, restriction_type="login")
    assert not SharePicture.objects.filter(page=story).exists()
    assert making.settle() == 0


def test_a_deleted_picture_is_on_no_card(index, django_capture_on_commit_callbacks):
    picture = make_picture()
    story = make_story(index, 1, picture=picture)
    make_due()
    before = made(story, "es").file
    assert default_storage.exists(before)
    with django_capture_on_commit_callbacks(execute=True):
        picture.delete()
    assert not default_storage.exists(before)
    assert made(story, "es").is_due


def test_whoever_drew_before_something_changed_gives_way(index, monkeypatch):
    """The row is asked for again while its card is drawn."""
    story = make_story(index, 1, live=("es",))
    row = made(story, "es")
    rows = SharePicture.objects.filter(pk=row.pk)
    drawn = making.cards.draw

    def slow(*args, **kwargs):
        making.ask_again(rows)
        return drawn(*args, **kwargs)

    monkeypatch.setattr(making.cards, "draw", slow)
    making.make(pk=row.pk)
    assert rows.get().is_due
    assert not rows.get().file
    monkeypatch.undo()
    assert making.make(pk=row.pk)
    assert not rows.get().is_due
