"""The organisation's terms beside a text, and where a translation says otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from pages.languages import field
from pages.stemming import WORD, stem
from translations.models import GlossaryTerm


@dataclass(frozen=True)
class Hit:
    """A term the original uses; `kept` unless the translation says it otherwise."""

    term: str
    translated: str
    note: str
    kept: bool


@dataclass(frozen=True)
class _Entry:
    term: str
    translated: str
    note: str
    stems: list[str]
    translated_stems: list[str]


class Glossary:
    """The terms from one language into another, read once for a page."""

    def __init__(self, source: str, target: str) -> None:
        self.source, self.target = source, target
        rows = GlossaryTerm.objects.exclude(**{f"term_{source}": None})
        self.entries = [entry for row in rows if (entry := self._entry(row))]

    def _entry(self, row: GlossaryTerm) -> _Entry | None:
        term = field(row, "term", self.source) or ""
        translated = field(row, "term", self.target) or ""
        note = field(row, "note", self.target) or field(row, "note", self.source) or ""
        if not (term and translated):
            return None
        return _Entry(
            term,
            translated,
            note,
            _stems(term, self.source),
            _stems(translated, self.target),
        )

    def hits(self, original: str, translated: str) -> list[Hit]:
        """Terms of the glossary in an original text, in the glossary's order.

        Words are compared by their stems, so that plurals and accents meet.
        """
        theirs, ours = _stems(original, self.source), _stems(translated, self.target)
        return [
            Hit(
                entry.term,
                entry.translated,
                entry.note,
                kept=not translated or _holds(ours, entry.translated_stems),
            )
            for entry in self.entries
            if _holds(theirs, entry.stems)
        ]


def _stems(text: str, language: str) -> list[str]:
    return [stem(word, language) for word in WORD.findall(text)]


def _holds(words: list[str], wanted: list[str]) -> bool:
    """Whether the words hold the wanted ones, one after the other."""
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))
