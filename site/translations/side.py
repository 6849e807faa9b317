"""The original and its translation side by side: what the editor shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pages import states
from pages.differences import Run, runs
from pages.models import BilingualPage, Confirmation
from pages.pairing import Pair, pair
from pages.segments import Part, Segment, parts, segments
from translations.glossary import Glossary, Hit
from translations.markup import lost_targets, same_words
from translations.texts import Text

PICTURE = "picture."


@dataclass(frozen=True)
class Row:
    """One text of the original with its translation.

    `before` is what the original said when the translation was last confirmed; None
    where it says the same now, or was never confirmed. `theirs` is the key of the
    translation's segment, where there is one. `shown` is what readers see instead of
    `value`, where that is in a draft of something that is no page.
    """

    original: Segment
    value: str
    place: str
    starts_part: bool
    before: str | None = None
    theirs: str | None = None
    terms: list[Hit] = field(default_factory=list)
    shown: str | None = None

    @property
    def key(self) -> str:
        """The original's segment key, which a save names."""
        return self.original.key

    @property
    def is_new(self) -> bool:
        """Written after the translation was confirmed."""
        return self.before == ""

    @property
    def runs(self) -> list[Run]:
        """The original's words, with what changed marked."""
        if self.before is None:
            return []
        return runs(self.before, self.original.text)

    @property
    def lost_links(self) -> int:
        """Links of the original that the translation does not have."""
        if self.original.form != "rich" or not self.value:
            return 0
        return lost_targets(self.original.value, self.value)

    @property
    def is_unfinished(self) -> bool:
        """Not translated, or with fewer links than the original."""
        return not self.value or bool(self.lost_links)


@dataclass(frozen=True)
class Side:
    """A page or another text laid out for translation.

    `source` holds the original, in the language `original`.
    """

    source: Any
    original: str
    language: str
    rows: list[Row]
    only_here: list[Part]

    @cached_property
    def digest(self) -> str:
        """A fingerprint of what the original says."""
        return states.digest(segments(self.source, self.original))

    @cached_property
    def unfinished(self) -> list[Row]:
        """What keeps the translation from being published."""
        return [row for row in self.rows if row.is_unfinished]

    @property
    def done(self) -> int:
        """How many texts are translated."""
        return len(self.rows) - len(self.unfinished)

    @property
    def changed(self) -> list[Row]:
        """What changed in the original since the translation was confirmed."""
        return [row for row in self.rows if row.before is not None]


def laid_out(
    live: BilingualPage,
    draft: BilingualPage,
    language: str,
    glossary: Glossary | None = None,
) -> Side:
    """Every text of the original, in page order, with the draft's translation."""
    source = states.original_of(live, draft)
    confirmed = Confirmation.objects.filter(page_id=live.pk, language=language).first()
    then = confirmed.segments if confirmed and live.is_live_in(language) else None
    pairs, spare = states.translated_pairs(source, draft, language)
    rows = _rows(pairs, then, glossary)
    only_here = [part for part in spare if _has_words(part)]
    return Side(source, source.original_language, language, rows, only_here)


def text_laid_out(
    text: Text, draft: Any, language: str, glossary: Glossary | None = None
) -> Side:
    """The same for a text outside of pages: the original as readers see it, beside
    the translation as drafted."""
    original = text.original or language
    confirmed = text.confirmation(language)
    pairs, spare = pair(parts(text.obj, original), parts(draft, language))
    rows = _rows(pairs, confirmed and confirmed.segments, glossary)
    public = {
        segment.key: segment.value
        for part in parts(text.obj, language)
        for segment in part.segments.values()
    }
    rows = [
        row
        if same_words(row.value, public.get(row.key, ""))
        else replace(row, shown=public.get(row.key, ""))
        for row in rows
    ]
    only_here = [part for part in spare if _has_words(part)]
    return Side(text.obj, original, language, rows, only_here)


def _rows(
    pairs: list[Pair], then: dict[str, str] | None, glossary: Glossary | None
) -> list[Row]:
    rows: list[Row] = []
    for both in pairs:
        texts = [(mine, theirs) for mine, theirs in both.segments() if mine.text]
        for place, (mine, theirs) in enumerate(texts):
            value = theirs.value if theirs else ""
            rows.append(
                Row(
                    mine,
                    value,
                    both.source.label,
                    starts_part=place == 0,
                    before=_before(then, mine),
                    theirs=theirs.key if theirs else None,
                    terms=glossary.hits(mine.text, theirs.text if theirs else "")
                    if glossary
                    else [],
                )
            )
    return rows


def _before(then: dict[str, str] | None, now: Segment) -> str | None:
    """What the text said when confirmed, where it was another.

    What a picture says itself belongs to no page and is not confirmed with one.
    """
    if then is None or now.key.startswith(PICTURE) or then.get(now.key, "") == now.text:
        return None
    return then.get(now.key, "")


def _has_words(part: Part) -> bool:
    return any(segment.text for segment in part.segments.values())
