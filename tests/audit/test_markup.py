"""What machines read: HTML by the Nu checker, feeds, site maps and JSON-LD."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.audit.fetching import Answer, fetch

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# RFC 3339 for Atom, W3C's date and time for site maps.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")
JSON_LD = re.compile(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', re.S)
# What search engines ask of each thing that a page may be about.
NEEDED = {
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "image"},
    "Organization": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "WebSite": {"name", "url"},
    "ImageObject": {"url"},
}


def test_every_page_is_valid_html(site, kinds, tools, tmp_path):
    files = {
        f"{page.kind}-{page.lang}.html": fetch(site, page.path).text
        for page in kinds.pages
    }
    files |= {f"error-{name}.html": words for name, words in kinds.errors.items()}
    for name, words in files.items():
        (tmp_path / name).write_text(words)
    jar = tools / "vnu-jar/build/dist/vnu.jar"
    command = [
        "java",
        "-jar",
        jar,
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    done = subprocess.run(
        [*command, *sorted(tmp_path.glob("*.html"))],
        capture_output=True,
        check=True,
        text=True,
    )
    messages = json.loads(done.stdout)["messages"]
    assert sorted({words_of(message) for message in messages}) == []


def words_of(message: dict) -> str:
    """A message of the Nu checker on one line."""
    file = message.get("url", "").rpartition("/")[2]
    kind = message.get("subType", message["type"])
    where = f"{file}:{message.get('lastLine')}"
    return f"{where} {kind}: {message['message']} {message.get('extract', '')!r}"


def test_every_feed_is_atom(site, kinds, subtests):
    for path in kinds.feeds:
        with subtests.test(path=path):
            answer = fetch(site, path)
            assert answer.status == 200
            assert answer.headers["content-type"].startswith("application/atom+xml")
            assert faults_of_feed(ElementTree.fromstring(answer.body)) == []  # noqa: S314


def faults_of_feed(feed: ElementTree.Element) -> list[str]:
    """What RFC 4287 asks of a feed and this one lacks."""
    faults = [] if feed.tag == f"{ATOM}feed" else ["no feed"]
    entries = feed.findall(f"{ATOM}entry")
    has_author = feed.find(f"{ATOM}author") is not None
    if not feed.get("{http://www.w3.org/XML/1998/namespace}lang"):
        faults.append("no language")
    if [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") != 1:
        faults.append("not one link to itself")
    for thing in (feed, *entries):
        name = thing.findtext(f"{ATOM}title", "no title")
        for tag in ("id", "title", "updated"):
            if len(thing.findall(f"{ATOM}{tag}")) != 1:
                faults.append(f"{name}: not one {tag}")
        moments = thing.findall(f"{ATOM}updated") + thing.findall(f"{ATOM}published")
        faults += [
            f"{name}: {moment.text}"
            for moment in moments
            if "T" not in moment.text or not MOMENT.fullmatch(moment.text)
        ]
        for link in thing.findall(f"{ATOM}link"):
            if not urlsplit(link.get("href")).netloc:
                faults.append(f"{name}: {link.get('href')} is relative")
        if not has_author and thing.find(f"{ATOM}author") is None:
            faults.append(f"{name}: no author")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    return faults + (["an id twice"] if len(set(ids)) < len(ids) else [])


def test_every_address_of_the_site_map_is_there(site, subtests):
    waiting, found = ["/sitemap.xml"], []
    while waiting:
        root = ElementTree.fromstring(fetch(site, waiting.pop()).body)  # noqa: S314
        assert root.tag in {f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex"}
        assert len(root) <= 50_000
        for entry in root:
            assert MOMENT.fullmatch(entry.findtext(f"{SITEMAP}lastmod", "2026-01-01"))
            target = urlsplit(entry.findtext(f"{SITEMAP}loc"))
            assert f"{target.scheme}://{target.netloc}" == site.url
            is_map = root.tag == f"{SITEMAP}sitemapindex"
            (waiting if is_map else found).append(target.path)
    assert len(found) == len(set(found)) > 50
    for path in found:
        with subtests.test(path=path):
            assert fetch(site, path).status == 200


def test_what_pages_say_of_themselves_is_complete(site, kinds, subtests):
    for page in kinds.pages:
        with subtests.test(path=page.path):
            assert faults_of_data(fetch(site, page.path)) == []


def faults_of_data(answer: Answer) -> list[str]:
    """What search engines would say of the JSON-LD of a page."""
    faults = []
    for text in JSON_LD.findall(answer.text):
        top = json.loads(text)
        things = top.get("@graph", [top]) if isinstance(top, dict) else top
        if "schema.org" not in str(top):
            faults.append("no context")
        for thing in things:
            kind = thing.get("@type", "")
            lacks = NEEDED.get(kind, set()) - {key for key in thing if thing[key]}
            faults += [f"{kind or 'a thing without type'} lacks {key}" for key in lacks]
    return faults


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt"])
def test_files_for_robots_and_finders_are_plain_text(site, path):
    answer = fetch(site, path)
    assert answer.headers["content-type"].startswith("text/plain")
    wanted = "Sitemap: " if path == "/robots.txt" else "Contact: "
    assert wanted in answer.text
