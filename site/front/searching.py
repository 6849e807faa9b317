"""What the search page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from pages.languages import language_name, other_languages
from pages.searching import cleaned, highlight, search

RESULTS = 20
PAGE_DIGITS = 7


@dataclass(frozen=True)
class Result:
    """One page found: its address, its title and where the words stand."""

    url: str
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True)
class Screen:
    """Which part of the results is shown, and the addresses before and after it."""

    number: int
    last: int
    previous: str
    next: str


def search_context(text: str, language: str, page: str = "") -> dict[str, Any]:
    """A screen of results in one language, and how many there are in the others."""
    query = cleaned(text)
    found = search(query=query, language=language)
    total = found.count() if query else 0
    screen = _screen(query, page, total)
    start = (screen.number - 1) * RESULTS
    entries = list(found[start : start + RESULTS]) if total else []
    return {
        "query": query,
        "lang": language,
        "total": total,
        "screen": screen,
        "results": [_result(entry, query, language) for entry in entries],
        "elsewhere": _elsewhere(query, language) if query else [],
    }


def _screen(query: str, page: str, total: int) -> Screen:
    """The screen asked for; the nearest there is for a number that makes no sense."""
    last = max(1, -(-total // RESULTS))
    is_number = page.isascii() and page.isdecimal() and len(page) < PAGE_DIGITS
    number = min(max(1, int(page)), last) if is_number else 1
    return Screen(
        number=number,
        last=last,
        previous=_address(query, number - 1) if number > 1 else "",
        next=_address(query, number + 1) if number < last else "",
    )


def _address(query: str, number: int) -> str:
    parts = {"q": query} | ({"page": number} if number > 1 else {})
    return "?" + urlencode(parts)


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
