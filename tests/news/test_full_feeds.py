"""Feeds in full, by the rules of their formats, fetched only when they changed."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from wagtail.models import PageViewRestriction

from news.models import NewsPage
from pages.actions import publish_languages, unpublish_language
from tests.front.validating import ATOM, check_atom, check_json_feed
from tests.news.factories import make_picture, make_story
from tests.pages.factories import save_draft
from tests.topics.factories import make_country, make_project

pytestmark = pytest.mark.django_db
ATOM_FEED, JSON_FEED = "/es/noticias/feed/", "/es/noticias/feed.json"
OWN = "http://testserver"


@pytest.fixture
def story(index, projects, countries):
    """A story with everything that a body can hold, and what must not come through."""
    picture = make_picture(caption_es="La ladera", credit="Ana")
    picture.get_rendition("width-300|format-jpeg")
    other = make_story(index, 2)
    hidden = make_story(index, 3, headline_es="Reservada")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    link = f'<a linktype="page" id="{other.pk}">otra</a>'
    lost = f'<a linktype="page" id="{hidden.pk}">palabras</a>'
    text = f'<p onclick="x()">Agua {link} {lost} <a href="/es/">aquí</a></p>'
    shown = {"picture": picture.pk, "alt_decision": "describe", "caption": "De cerca"}
    body = [
        {"type": "heading", "value": "La asamblea & más"},
        {"type": "paragraph", "value": f"{text}<script>alert(1)</script>"},
        {"type": "picture", "value": {**shown, "credit": "", "alt": ""}},
        {"type": "pull_quote", "value": {"text": "Sí.", "attribution": "Rosa"}},
        {
            "type": "embed",
            "value": {"url": "https://video.example/1", "title": "Feria"},
        },
        {"type": "related_story", "value": hidden.pk},
    ]
    words = {"author_es": "Ana Paz y Luis Ríos", "lead_es": "Entrada\x0b"}
    terms = {
        "projects": [make_project(projects)],
        "countries": [make_country(countries)],
    }
    return make_story(index, 1, picture=picture, body_es=body, **terms, **words)


def test_both_formats_carry_the_story_in_full(client, story):
    root = check_atom(client.get(ATOM_FEED).content)
    entry = root.findall(f"{ATOM}entry")[0]
    html = entry.find(f"{ATOM}content").text
    assert html.startswith(f'<figure><img src="{OWN}/media/images/photo')
    assert "<figcaption>La ladera <small>Ana</small></figcaption>" in html
    assert "<figcaption>De cerca <small>Ana</small></figcaption>" in html
    assert "<h2>La asamblea &amp; más</h2>" in html
    assert f'<a href="{OWN}/es/noticias/historia-2/">otra</a> palabras' in html
    assert f'<a href="{OWN}/es/">aquí</a>' in html
    assert "<blockquote><p>Sí.</p><p><cite>Rosa</cite></p></blockquote>" in html
    assert '<a href="https://video.example/1">Feria</a>' in html
    assert "alert" not in html
    assert "eservad" not in client.get(ATOM_FEED).text
    assert [each.text for each in entry.findall(f"{ATOM}author/{ATOM}name")] == [
        "Ana Paz",
        "Luis Ríos",
    ]
    terms = [each.get("term") for each in entry.findall(f"{ATOM}category")]
    feed = check_json_feed(client.get(JSON_FEED).content)
    item = feed["items"][0]
    assert item["tags"] == terms == ["Agua", "Perú"]
    assert item["id"] == entry.find(f"{ATOM}id").text
    assert item["content_html"] == html
    assert item["image"].startswith(f"{OWN}/media/images/photo")


def test_a_feed_is_fetched_only_when_it_changed(client, index):
    cache.clear()  # another test's feed of this very second
    story = make_story(index, 1)
    for path, kind in ((ATOM_FEED, "atom+xml"), (JSON_FEED, "feed+json")):
        first = client.get(path)
        assert first["Content-Type"] == f"application/{kind}; charset=utf-8"
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        known = {"If-None-Match": first["ETag"]}
        dated = {"If-Modified-Since": first["Last-Modified"]}
        strong = first["ETag"].removeprefix("W/")  # as some proxies hand it on
        for headers in (known, dated, {"If-None-Match": f'W/"x", {strong}'}):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer["ETag"] == first["ETag"]
        later = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
        assert client.get(path, headers=later).status_code == 200
        assert client.get(path, headers={"If-None-Match": '"x"', **dated}).content
        head = client.head(path)
        assert (head.content, head["ETag"]) == (b"", first["ETag"])
        unpublish_language(page=NewsPage.objects.get(pk=story.pk), language="es")
        for headers in (known, dated):
            assert client.get(path, headers=headers).status_code == 200
        publish_languages(page=NewsPage.objects.get(pk=story.pk), languages=["es"])


def test_an_old_json_feed_leads_on(client, projects):
    project = make_project(projects)
    save_draft(project, slug_es="rios")
    publish_languages(page=project, languages=["es", "en"])
    answer = client.get("/es/proyectos/agua/feed.json?a=1")
    assert (answer.status_code, answer["Location"]) == (
        301,
        "/es/proyectos/rios/feed.json?a=1",
    )


def test_the_front_page_leads_to_both_feeds_of_all_news(client, index):
    for path in ("/es/", "/es/noticias/"):
        page = client.get(path).text
        for kind, feed in (("atom+xml", ATOM_FEED), ("feed+json", JSON_FEED)):
            link = f'type="application/{kind}" title="Noticias" href="{feed}"'
            assert link in page
