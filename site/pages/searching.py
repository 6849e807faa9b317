"""Search: words folded and stemmed the same way for both databases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

import snowballstemmer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from pages.languages import field, languages
from pages.models.bilingual import BilingualPage
from pages.models.search import SearchEntry
from pages.segments import segments

# The stemmer's own name for each language.
ALGORITHMS = {"es": "spanish", "en": "english", "pt": "portuguese"}
WORD = re.compile(r"\w+")
ROUNDS = 4
QUERY_CHARACTERS = 200
TITLE_SEGMENTS = {"headline"}
NOT_SEARCHED = {"meta_title", "meta_description"}


def fold(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _stemmer(language: str) -> Any:
    name = ALGORITHMS.get(language)
    return snowballstemmer.stemmer(name) if name else None


def stem(word: str, language: str) -> str:
    """A word's stem, stemmed until it stays as it is: mujer and mujeres meet."""
    current = fold(word)
    for _round in range(ROUNDS):
        following = _one_round(current, language)
        if following == current:
            break
        current = following
    return current[:-1] + "c" if language == "es" and current.endswith("z") else current


def _one_round(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    found = stemmer.stemWord(word) if stemmer else word
    if language == "es" and len(found) > 2 and found.endswith("s"):
        found = found[:-1]
    return found


def stems(text: str, language: str) -> str:
    """Every word of a text as its stem."""
    return " ".join(stem(word, language) for word in WORD.findall(text))


def remember(*, page: BilingualPage, language: str) -> None:
    """Write the search row of a page in a language, where anyone may read it."""
    if _readable(language).filter(pk=page.pk).exists():
        _write_row(page, language)
    else:
        forget(page_id=page.pk, language=language)


def _readable(language: str) -> Any:
    return BilingualPage.objects.readable_in(language)


def _write_row(page: BilingualPage, language: str) -> None:
    words = segments(page, language)
    title = field(page, "headline", language) or ""
    body = " ".join(
        text
        for key, text in words.items()
        if key not in TITLE_SEGMENTS and key not in NOT_SEARCHED
    )
    SearchEntry.objects.update_or_create(
        page_id=page.pk,
        language=language,
        defaults={
            "kind": page._meta.label_lower,
            "title": title,
            "body": body,
            "title_stems": stems(title, language),
            "body_stems": stems(body, language),
            "published_at": field(page, "first_published_at", language),
        },
    )


def forget(*, page_id: int, language: str) -> None:
    """Remove the search row of a page in a language."""
    for entry in SearchEntry.objects.filter(page_id=page_id, language=language):
        entry.delete()


def cleaned(text: str) -> str:
    """What somebody looks for, in one line of a length that makes sense."""
    return " ".join(text.replace("\0", "").split())[:QUERY_CHARACTERS]


def search(
    *,
    query: str,
    language: str,
    kinds: list[str] | None = None,
    pages: Collection[int] | None = None,
) -> Any:
    """Entries of live pages in one language, best first; nothing for no words.

    Of some kinds, or some pages by number, where they are given.
    """
    wanted = stems(query, language)
    if not wanted:
        return SearchEntry.objects.none()
    entries = SearchEntry.objects.filter(language=language).select_related("page")
    if kinds:
        entries = entries.filter(kind__in=kinds)
    if pages is not None:
        entries = entries.filter(page_id__in=pages)
    return entries.search(wanted, operator="and")


def highlight(text: str, query: str, language: str, around: int = 120) -> SafeString:
    """The part of a text where the query is found, its words marked, safe as HTML."""
    wanted = set(stems(query, language).split())
    hits = [m for m in WORD.finditer(text) if stem(m.group(), language) in wanted]
    start = max(0, hits[0].start() - around) if hits else 0
    end = min(len(text), (hits[0].end() if hits else 0) + around)
    pieces, at = ["…" if start else ""], start
    for hit in hits:
        if hit.end() <= end:
            pieces += [
                escape(text[at : hit.start()]),
                f"<mark>{escape(hit.group())}</mark>",
            ]
            at = hit.end()
    pieces += [escape(text[at:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(pieces))  # noqa: S308 each piece is escaped above


def settle(*, top: str = "") -> None:
    """Give each page at and below a tree path the rows that it should have.

    Rows of pages that not everyone may read go, and missing ones are made.
    """
    for code in languages():
        rows = SearchEntry.objects.filter(language=code, page__path__startswith=top)
        pages = _readable(code).filter(path__startswith=top)
        rows.exclude(page__in=pages).delete()
        for page in pages.exclude(pk__in=rows.values("page")).specific().iterator():
            _write_row(page, code)


def rebuild_entries() -> int:
    """Write every search row again; returns how many there are."""
    SearchEntry.objects.all().delete()
    settle()
    return SearchEntry.objects.count()
