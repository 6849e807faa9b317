"""A feed as data, and written as Atom (RFC 4287) or JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from news.bylines import Author

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
ATOM_TYPE, JSON_TYPE = "application/atom+xml", "application/feed+json"
# What XML 1.0 has no way to write.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

ET.register_namespace("", ATOM)


@dataclass(frozen=True)
class Category:
    """A project or country: its name and the address of its hub."""

    name: str
    url: str


@dataclass(frozen=True)
class Filling:
    """What an entry holds beside its headline and summary."""

    html: str = ""
    image: str = ""
    authors: list[Author] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One page in a feed; `guid` names it for good, whatever its address."""

    guid: str
    url: str
    title: str
    summary: str
    published: datetime
    updated: datetime
    filling: Filling


@dataclass(frozen=True)
class Document:
    """A whole feed in one language; `addresses` is where it is, by content type."""

    guid: str
    language: str
    title: str
    summary: str
    url: str
    addresses: dict[str, str]
    publisher: str
    publisher_url: str
    icon: str
    updated: datetime
    entries: list[Entry]


def as_atom(document: Document) -> bytes:
    """The feed as Atom."""
    root = _element("feed", attributes={LANG: document.language})
    _element("id", document.guid, root)
    _element("title", document.title, root)
    if document.summary:
        _element("subtitle", document.summary, root)
    _link(root, "alternate", document.url, "text/html")
    _link(root, "self", document.addresses[ATOM_TYPE], ATOM_TYPE)
    _link(root, "alternate", document.addresses[JSON_TYPE], JSON_TYPE)
    _element("updated", document.updated.isoformat(), root)
    _element("icon", document.icon, root)
    _people(root, [document.publisher], document.publisher_url)
    for entry in document.entries:
        _write_entry(root, entry, document)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_entry(root: ET.Element, entry: Entry, document: Document) -> None:
    element = _element("entry", parent=root)
    _element("id", entry.guid, element)
    _element("title", entry.title, element)
    _link(element, "alternate", entry.url, "text/html", hreflang=document.language)
    _element("published", entry.published.isoformat(), element)
    _element("updated", entry.updated.isoformat(), element)
    _people(element, [author.name for author in entry.filling.authors])
    for category in entry.filling.categories:
        scheme = category.url.rstrip("/").rpartition("/")[0] + "/"
        terms = {"term": category.name, "scheme": scheme}
        _element("category", attributes=terms, parent=element)
    if entry.summary:
        _element("summary", entry.summary, element)
    if entry.filling.html:
        _element("content", entry.filling.html, element, {"type": "html"})


def _people(parent: ET.Element, names: Iterable[str], uri: str = "") -> None:
    for name in names:
        person = _element("author", parent=parent)
        _element("name", name, person)
        if uri:
            _element("uri", uri, person)


def _link(
    parent: ET.Element, rel: str, href: str, kind: str, **attributes: str
) -> None:
    known = {"rel": rel, "type": kind, "href": href, **attributes}
    _element("link", attributes=known, parent=parent)


def _element(
    name: str,
    text: str = "",
    parent: ET.Element | None = None,
    attributes: dict[str, str] | None = None,
) -> ET.Element:
    known = {key: _for_xml(value) for key, value in (attributes or {}).items()}
    qualified = f"{{{ATOM}}}{name}"
    if parent is None:
        element = ET.Element(qualified, known)
    else:
        element = ET.SubElement(parent, qualified, known)
    element.text = _for_xml(text) or None
    return element


def _for_xml(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def as_json(document: Document) -> bytes:
    """The feed as JSON Feed."""
    publisher = {"name": document.publisher, "url": document.publisher_url}
    data = {
        "version": JSON_VERSION,
        "title": document.title,
        "home_page_url": document.url,
        "feed_url": document.addresses[JSON_TYPE],
        "description": document.summary,
        "language": document.language,
        "icon": document.icon,
        "authors": [publisher],
        "items": [_item(entry, document) for entry in document.entries],
    }
    return json.dumps(_written(data), ensure_ascii=False).encode()


def _item(entry: Entry, document: Document) -> dict[str, Any]:
    filling = entry.filling
    item = _written(
        {
            "id": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            "image": filling.image,
            "date_published": entry.published.isoformat(),
            "date_modified": entry.updated.isoformat(),
            "authors": [{"name": author.name} for author in filling.authors],
            "tags": [category.name for category in filling.categories],
            "language": document.language,
        }
    )
    # An item has to have it, be it empty.
    return {**item, "content_html": filling.html}


def _written(data: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; a feed without items still says so."""
    return {key: value for key, value in data.items() if value or key == "items"}
