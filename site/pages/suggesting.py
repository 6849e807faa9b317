"""Did you mean: words of the site that are a slip away from what was typed."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches

from pages.models.search import SearchWord
from pages.stemming import WORD, fold

# Shorter words are a slip away from too many others; longer ones are addresses.
LENGTHS = range(4, 31)
MOST_NEAR = 3
CLOSE = 0.7
BATCH = 500


def learn(text: str, language: str) -> None:
    """Know the words of a text."""
    # In one order, so that two who learn at once do not wait for each other.
    words = sorted({*WORD.findall(unicodedata.normalize("NFC", text.lower()))})
    words = [word for word in words if word.isalpha() and len(word) in LENGTHS]
    for start in range(0, len(words), BATCH):
        _learn(words[start : start + BATCH], language)


def _learn(words: list[str], language: str) -> None:
    known = SearchWord.objects.filter(
        language=language, key__in=map(fold, words), word__in=words
    )
    new = {*words} - {*known.values_list("word", flat=True)}
    rows = [
        SearchWord(language=language, key=key, word=word)
        for word in sorted(new)
        for key in sorted(keys(fold(word)))
    ]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def near(word: str, language: str) -> list[str]:
    """Words of the site one or two slips away from another, the nearest first.

    A slip is a letter too many, too few, another one, or two in each other's place.
    """
    plain = fold(word)
    if len(plain) not in LENGTHS:
        return []
    rows = SearchWord.objects.filter(language=language, key__in=keys(plain))
    known = {fold(w): w for w in rows.values_list("word", flat=True).order_by("word")}
    nearest = get_close_matches(plain, known, n=MOST_NEAR, cutoff=CLOSE)
    return [known[each] for each in nearest]


def keys(folded: str) -> set[str]:
    """A word, and the word with any one of its letters left out."""
    shorter = {folded[:at] + folded[at + 1 :] for at in range(len(folded))}
    return {folded, *shorter}
