"""Editors' rich text as mail HTML and as plain text, links absolute in both.

Wagtail's own expansion asks the database once per text; here every page link of an
edition is looked up together, so the number of queries does not grow with the issue.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from html import escape
from html.parser import HTMLParser

KEPT_TAGS = {"p", "b", "strong", "i", "em", "ul", "ol", "li", "br", "a"}
BREAKS_BLOCK = {"p", "ul", "ol", "li"}
SAFE_LINK = re.compile(r"(?i)^(https?|mailto|tel):")
PAGE_LINK = re.compile(r"<a\b[^>]*\blinktype=\"page\"[^>]*>")
PAGE_ID = re.compile(r"\bid=\"(\d+)\"")
TEXT_WIDTH = 72  # columns, what mail programs show without wrapping themselves


def page_ids(source: str) -> set[int]:
    """The pages a rich text links to."""
    found = (PAGE_ID.search(tag) for tag in PAGE_LINK.findall(source or ""))
    return {int(match[1]) for match in found if match}


def without_slots(text: str) -> str:
    """The text with `{{` taken apart, so that it can never be read as a placeholder."""
    return text.replace("{{", "{ {").replace("}}", "} }")


def to_html(source: str, urls: Mapping[int, str]) -> str:
    """The rich text as plain, safe HTML; a link that leads nowhere becomes words."""
    return _read(_Html(urls), source)


def to_text(source: str, urls: Mapping[int, str]) -> str:
    """The rich text as wrapped paragraphs, with each link's address after its words."""
    return _read(_Text(urls), source)


def is_blank(source: str | None) -> bool:
    """Whether nothing can be read there; an editor's empty paragraph is blank."""
    return not to_text(source or "", {}).strip()


def wrapped(text: str, *, first: str = "", then: str = "") -> str:
    """One paragraph in lines of `TEXT_WIDTH` columns; addresses are never broken."""
    return textwrap.fill(
        " ".join(text.split()),
        TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )


def joined(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(part for part in paragraphs if part)


def _read(parser: _Html | _Text, source: str) -> str:
    parser.feed(source or "")
    parser.close()
    return without_slots(parser.result())


class _Links(HTMLParser):
    def __init__(self, urls: Mapping[int, str]):
        super().__init__(convert_charrefs=True)
        self.urls = urls
        self.links: list[str] = []

    def address(self, attrs: list[tuple[str, str | None]]) -> str:
        known = dict(attrs)
        if known.get("linktype") == "page":
            return self.urls.get(int(known.get("id") or 0), "")
        href = known.get("href") or ""
        return href if SAFE_LINK.match(href) else ""


class _Html(_Links):
    def __init__(self, urls: Mapping[int, str]):
        super().__init__(urls)
        self.parts: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(self.address(attrs))
            if self.links[-1]:
                self.parts.append(f'<a href="{escape(self.links[-1])}">')
        elif tag in KEPT_TAGS:
            self.parts.append(f"<{tag}>")

    def handle_endtag(self, tag):
        if tag == "a":
            if self.links and self.links.pop():
                self.parts.append("</a>")
        elif tag in KEPT_TAGS and tag != "br":
            self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        self.parts.append(escape(data, quote=False))

    def result(self) -> str:
        return re.sub(r"<p>\s*</p>", "", "".join(self.parts)).strip()


class _Text(_Links):
    def __init__(self, urls: Mapping[int, str]):
        super().__init__(urls)
        self.blocks: list[str] = []
        self.words: list[str] = []
        self.lists: list[int | None] = []
        self.follows_item = False

    def handle_starttag(self, tag, attrs):
        if tag in BREAKS_BLOCK:
            self.flush()
        if tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
            self.follows_item = False
        elif tag == "li" and self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
        elif tag == "a":
            self.links.append(self.address(attrs))
        elif tag == "br":
            self.words.append("\n")

    def handle_endtag(self, tag):
        if tag in BREAKS_BLOCK:
            self.flush(is_item=tag == "li")
        if tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "a" and self.links and (address := self.links.pop()):
            self.words.append(f" <{address.removeprefix('mailto:')}>")

    def handle_data(self, data):
        self.words.append(data)

    def flush(self, *, is_item: bool = False) -> None:
        text, self.words = "".join(self.words), []
        if not text.strip():
            return
        mark = self.mark() if is_item else ""
        margin = " " * len(mark)
        lines = [line for line in text.split("\n") if line.strip()]
        marks = [mark, *(margin for _ in lines[1:])]
        block = "\n".join(
            wrapped(line, first=first, then=margin)
            for line, first in zip(lines, marks, strict=True)
        )
        if is_item and self.follows_item:
            self.blocks[-1] += f"\n{block}"
        else:
            self.blocks.append(block)
        self.follows_item = is_item

    def mark(self) -> str:
        number = self.lists[-1] if self.lists else None
        return "- " if number is None else f"{number}. "

    def result(self) -> str:
        self.flush()
        return joined(self.blocks)
