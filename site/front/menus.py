"""The menus of the header and the footer, as readers of one language get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pages.languages import field
from pages.models import BilingualPage


@dataclass(frozen=True)
class Link:
    """One link of a menu; `path` is the page's place in the tree, "" for an address."""

    words: str
    url: str
    path: str = ""

    def is_above(self, page: Any) -> bool:
        """Whether a page stands below this one, in its part of the site."""
        mine = getattr(page, "path", None) or ""
        return bool(self.path) and mine != self.path and mine.startswith(self.path)


def links_to(pages: Any, language: str) -> list[Link]:
    """The pages that readers of a language find, in the order of the tree."""
    # An editor put them there: whoever may not read one is asked for a password.
    return [_link(page, language) for page in pages.live_in(language).order_by("path")]


def menu(items: Sequence[dict[str, Any]], language: str) -> list[Link]:
    """A menu's stored blocks as links; what a language does not have is left out."""
    ids = [item["value"]["page"] for item in items if item["type"] == "page"]
    pages = BilingualPage.objects.live_in(language).in_bulk([pk for pk in ids if pk])
    found = (_of_item(item, pages, language) for item in items)
    return [link for link in found if link]


def _of_item(
    item: dict[str, Any], pages: dict[int, BilingualPage], language: str
) -> Link | None:
    value = item["value"]
    words = value.get(f"words_{language}") or ""
    if item["type"] == "page":
        page = pages.get(value["page"])
        return _link(page, language, words) if page else None
    url = value.get(f"url_{language}") or ""
    return Link(words, url) if words and url else None


def _link(page: BilingualPage, language: str, words: str = "") -> Link:
    url = page.url_in(language) or ""
    return Link(words or field(page, "headline", language), url, page.path)
