"""Rules of published formats, written as checks: each raises AssertionError.

Atom: RFC 4287; JSON Feed 1.1; site maps: sitemaps.org 0.9 and Google's news extension;
structured data: the part of schema.org's vocabulary that the site speaks.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from xml.etree import ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}link"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TAG = re.compile('<(/?[a-z0-9]+)((?: [a-z]+="[^"]*")*)>')
IN_FEEDS = {"a", "blockquote", "br", "cite", "em", "figcaption", "figure", "h2", "hr",
            "b", "i", "img", "li", "ol", "p", "small", "strong", "sup",
            "ul"}  # fmt: skip


def is_address(text):
    return bool(re.fullmatch(r"(https?://[^\s<>\"]+|mailto:\S+|tel:\S+)", text or ""))


def moment(text):
    """An RFC 3339 moment with its time zone."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None
    return found


def only(parent, name, least=1):
    """The one child of a name, where the format allows no second one."""
    found = parent.findall(name)
    assert least <= len(found) <= 1, (name, len(found))
    return found[0] if found else None


def check_html(html):
    """Words and pictures only, addresses whole, each picture described and sized."""
    assert not re.search(r"(?i)<(script|style|iframe|object|form|svg)|\son\w+=", html)
    for name, attributes in TAG.findall(html):
        assert name.lstrip("/") in IN_FEEDS, name
        known = dict(re.findall(' ([a-z]+)="([^"]*)"', attributes))
        for key in ("href", "src"):
            assert key not in known or is_address(known[key]), known
        if name == "img":
            assert {"src", "alt", "width", "height"} <= set(known)


def check_atom(data):
    """A feed document by RFC 4287, section 4; returns its root."""
    root = ET.fromstring(data)  # noqa: S314 our own
    assert root.tag == f"{ATOM}feed"
    assert root.get(LANG)
    _check_common(root)
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.find(f"{ATOM}id").text for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for entry in root.findall(f"{ATOM}entry"):
        _check_common(entry)
        assert entry.findall(f"{ATOM}author") or root.findall(f"{ATOM}author")
        content = only(entry, f"{ATOM}content", 0)
        if content is None:
            rels = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
            assert "alternate" in rels
        else:
            assert content.get("type") == "html"
            check_html(content.text)
    return root


def _check_common(element):
    assert re.match(r"[a-z]+:\S+$", only(element, f"{ATOM}id").text)
    assert only(element, f"{ATOM}title").text
    moment(only(element, f"{ATOM}updated").text)
    if (published := only(element, f"{ATOM}published", 0)) is not None:
        moment(published.text)
    kinds = set()
    for link in element.findall(f"{ATOM}link"):
        assert is_address(link.get("href"))
        # 4.1.1: no two alternates of the same type and language.
        kind = link.get("rel"), link.get("type"), link.get("hreflang")
        assert kind not in kinds
        kinds.add(kind)
    for category in element.findall(f"{ATOM}category"):
        assert category.get("term")
        assert is_address(category.get("scheme"))
    for person in element.findall(f"{ATOM}author"):
        assert only(person, f"{ATOM}name").text


def check_json_feed(data):
    """A feed by JSON Feed 1.1; returns it."""
    feed = json.loads(data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    for name in ("home_page_url", "feed_url", "icon"):
        assert is_address(feed[name])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert is_address(item["url"])
        check_html(item["content_html"])
        assert moment(item["date_modified"]) >= moment(item["date_published"])
        assert all(author["name"] for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
    return feed


def check_index(data):
    """A site map index; returns the addresses of its parts."""
    root = ET.fromstring(data)  # noqa: S314 our own
    assert root.tag == f"{MAP}sitemapindex"
    assert {child.tag for child in root} == {f"{MAP}sitemap"}
    return [_location(each) for each in root]


def check_sitemap(data, most=50_000):
    """A site map; returns its alternates by address."""
    root = ET.fromstring(data)  # noqa: S314 our own
    assert root.tag == f"{MAP}urlset"
    assert 0 < len(root) <= most
    assert len(data) <= 50 * 1024 * 1024
    found = {_location(url): _alternates(url) for url in root}
    assert len(found) == len(root)
    for address, alternates in found.items():
        assert not alternates or address in alternates.values()
        assert not alternates or "x-default" in alternates
    return found


def check_news(data):
    """A news site map; returns (language, title) by address."""
    root = ET.fromstring(data)  # noqa: S314 our own
    found = {}
    for url in root:
        news = only(url, f"{NEWS}news")
        publication = only(news, f"{NEWS}publication")
        assert only(publication, f"{NEWS}name").text
        language = only(publication, f"{NEWS}language").text
        moment(only(news, f"{NEWS}publication_date").text)
        found[_location(url)] = language, only(news, f"{NEWS}title").text
    return found


def _location(element):
    address = only(element, f"{MAP}loc").text
    assert is_address(address)
    assert len(address) < 2048
    if (changed := only(element, f"{MAP}lastmod", 0)) is not None:
        moment(changed.text)
    return address


def _alternates(url):
    links = url.findall(XHTML)
    assert all(link.get("rel") == "alternate" for link in links)
    found = {link.get("hreflang"): link.get("href") for link in links}
    assert len(found) == len(links)
    return found


# --- schema.org: what each type may say, and of which type its values are

TEXT, URL, MOMENT, DATE, NUMBER, TRUTH = (
    "text",
    "url",
    "moment",
    "date",
    "number",
    "truth",
)
THING = {"name": [TEXT], "url": [URL], "description": [TEXT]}
WORK = {
    **THING, "inLanguage": [TEXT], "isPartOf": ["WebSite"],
    "publisher": ["Organization"],
    "datePublished": [MOMENT, DATE], "dateModified": [MOMENT],
    "author": ["Person", "Organization"], "headline": [TEXT], "image": ["ImageObject"],
    "about": ["Thing"], "contentLocation": ["Place"], "mainEntityOfPage": ["WebPage"],
    "correction": ["CorrectionComment"], "isAccessibleForFree": [TRUTH],
    "translationOfWork": ["NewsArticle"], "workTranslation": ["NewsArticle"],
    "text": [TEXT],
}  # fmt: skip
PLACE = {**THING, "geo": ["GeoCoordinates"], "address": ["PostalAddress"]}
ORGANIZATION = {
    **THING, "logo": ["ImageObject"], "sameAs": [URL], "location": ["Place"],
    "address": ["PostalAddress", TEXT], "email": [TEXT], "telephone": [TEXT],
}  # fmt: skip
TYPES = {
    "Thing": THING,
    "Person": THING,
    "Country": PLACE,
    "Organization": ORGANIZATION,
    "NewsMediaOrganization": ORGANIZATION,
    "LocalBusiness": {
        **ORGANIZATION, **PLACE,
        "openingHoursSpecification": ["OpeningHoursSpecification"],
    },
    "OpeningHoursSpecification": {
        "opens": [TEXT], "closes": [TEXT], "dayOfWeek": [TEXT],
        "validFrom": [DATE], "validThrough": [DATE],
    },
    "GeoCoordinates": {"latitude": [TEXT, NUMBER], "longitude": [TEXT, NUMBER]},
    "PostalAddress": {
        "streetAddress": [TEXT], "postalCode": [TEXT], "addressLocality": [TEXT],
        "addressCountry": [TEXT],
    },
    "WebSite": {**WORK, "potentialAction": ["SearchAction"]},
    "SearchAction": {"target": ["EntryPoint"], "query-input": [TEXT]},
    "EntryPoint": {"urlTemplate": [TEXT]},
    "WebPage": {**WORK, "breadcrumb": ["BreadcrumbList"]},
    "CollectionPage": {**WORK, "breadcrumb": ["BreadcrumbList"]},
    "BreadcrumbList": {"itemListElement": ["ListItem"]},
    "ListItem": {"position": [NUMBER], "name": [TEXT], "item": [URL]},
    "NewsArticle": WORK,
    "CorrectionComment": WORK,
    "ImageObject": {
        **THING, "contentUrl": [URL], "width": [NUMBER], "height": [NUMBER],
        "caption": [TEXT], "creditText": [TEXT],
    },
}  # fmt: skip
ABOVE = {
    "NewsMediaOrganization": {"Organization"},
    "LocalBusiness": {"Organization", "Place"},
    "Country": {"Place", "Thing"},
    "CollectionPage": {"WebPage"},
}
# What Google asks of a kind before it shows it as such.
NEEDED = {
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "publisher"},
    "NewsMediaOrganization": {"name", "url", "logo"},
    "ListItem": {"position", "name", "item"},
    "ImageObject": {"contentUrl", "width", "height"},
}


def structured_in(html):
    """The one graph of a page, each node checked; nodes by type."""
    scripts = re.findall(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", html, re.DOTALL)
    assert len(scripts) == 1
    graph = json.loads(scripts[0])
    assert graph["@context"] == "https://schema.org"
    known = {node["@id"]: node["@type"] for node in graph["@graph"]}
    assert len(known) == len(graph["@graph"])
    found = {}
    for node in graph["@graph"]:
        _check_node(node, known)
        missing = NEEDED.get(node["@type"], set()) - set(node)
        assert not missing, (node["@type"], missing)
        found.setdefault(node["@type"], []).append(node)
    for article in found.get("NewsArticle", []):
        assert len(article["headline"]) <= 110
    return found


def _check_node(node, known):
    properties = TYPES[node["@type"]]
    for name, value in node.items():
        if name not in {"@id", "@type"}:
            assert name in properties, (node["@type"], name)
            for each in value if isinstance(value, list) else [value]:
                kinds = properties[name]
                assert any(_is(each, kind, known) for kind in kinds), (name, each)


def _is(value, kind, known):
    if isinstance(value, dict):
        type_ = value.get("@type") or known.get(value["@id"])
        if "@type" in value:
            _check_node(value, known)
        return kind in {type_, *ABOVE.get(type_, set())} or kind == "Thing"
    return _is_plain(value, kind)


def _is_plain(value, kind):
    if kind in {NUMBER, TRUTH}:
        return isinstance(value, bool if kind == TRUTH else int)
    if not isinstance(value, str) or not value:
        return False
    if kind == URL:
        return is_address(value)
    if kind == MOMENT:
        return moment(value) is not None
    return kind == TEXT or bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
