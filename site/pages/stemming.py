"""Words folded and stemmed the same way for both databases."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

import snowballstemmer

# The stemmer's own name for each language.
ALGORITHMS = {"es": "spanish", "en": "english", "pt": "portuguese"}
WORD = re.compile(r"[^\W_]+")
ROUNDS = 4
WORD_CHARACTERS = 100
MOST_STEMS = 20_000  # PostgreSQL indexes a text of 1 MB at most


def fold(text: str) -> str:
    """Lower case without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _stemmer(language: str) -> Any:
    name = ALGORITHMS.get(language)
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """A word's stem, stemmed until it stays as it is: mujer and mujeres meet."""
    current = fold(word)[:WORD_CHARACTERS]
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


def stems(text: str, language: str) -> list[str]:
    """Each word of a text as its stem, once."""
    found = dict.fromkeys(stem(word, language) for word in WORD.findall(fold(text)))
    return list(found)[:MOST_STEMS]
