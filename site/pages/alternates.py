"""Where the languages of a page are, as search engines are told (hreflang)."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT = "x-default"


def with_default(paths: Mapping[str, str], *, is_root: bool = False) -> dict[str, str]:
    """Paths by language and `x-default`; empty where there is one language only.

    Whoever speaks none of them is sent to the first, which is the site's default one;
    from the front page to `/`, which chooses by what the browser asks for.
    """
    if len(paths) < 2:
        return {}
    return {**paths, DEFAULT: "/" if is_root else next(iter(paths.values()))}
