"""What the search page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from pages.languages import language_name, other_languages
from pages.searching import highlight, search

RESULTS = 20
QUERY_CHARACTERS = 200


@dataclass(frozen=True)
class Result:
    """One page found: its address, its title and where the words stand."""

    url: str
    title: SafeString
    excerpt: SafeString


def search_context(text: str, language: str) -> dict[str, Any]:
    """Results in one language, and how many there are in the others."""
    query = " ".join(text.replace("\0", "").split())[:QUERY_CHARACTERS]
    found = search(query=query, language=language)
    entries = list(found[:RESULTS]) if query else []
    return {
        "query": query,
        "lang": language,
        "total": found.count() if query else 0,
        "results": [_result(entry, query, language) for entry in entries],
        "elsewhere": _elsewhere(query, language) if query else [],
    }


def _result(entry: Any, query: str, language: str) -> Result:
    return Result(
        url=entry.page.url_in(language) or "",
        title=highlight(entry.title, query, language),
        excerpt=highlight(entry.body, query, language),
    )


def _elsewhere(query: str, language: str) -> list[dict[str, Any]]:
    found = []
    for code in other_languages(language):
        total = search(query=query, language=code).count()
        url = f"{reverse(f'search-{code}')}?{urlencode({'q': query})}"
        found.append(
            {"code": code, "name": language_name(code), "total": total, "url": url}
        )
    return [other for other in found if other["total"]]
