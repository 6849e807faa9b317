"""Where the languages of a page are, as search engines are told (hreflang)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pages.languages import languages
from pages.models import BilingualPage

DEFAULT = "x-default"


def alternates(page: Any) -> list[tuple[str, str]]:
    """(language, path) of each language the page is live in."""
    if not isinstance(page, BilingualPage) or not page.pk:
        return []
    found = ((code, page.url_in(code)) for code in languages())
    return [(code, url) for code, url in found if url]


def with_default(paths: Mapping[str, str], *, is_root: bool = False) -> dict[str, str]:
    """Paths by language and `x-default`; empty where there is one language only.

    Whoever speaks none of them is sent to the first, which is the site's default one;
    from the front page to `/`, which chooses by what the browser asks for.
    """
    if len(paths) < 2:
        return {}
    return {**paths, DEFAULT: "/" if is_root else next(iter(paths.values()))}
