"""What changed between two versions of a text, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Past this many words a text is compared as a whole: matching is quadratic.
LIMIT = 3000


@dataclass(frozen=True)
class Run:
    """Words that stayed, came or went."""

    kind: Literal["same", "new", "gone"]
    text: str


def runs(before: str, now: str) -> list[Run]:
    """`now` in runs of words, with those that went where they stood."""
    old, new = before.split(), now.split()
    if len(old) + len(new) > LIMIT:
        return (
            [Run("gone", before), Run("new", now)] if old != new else [Run("same", now)]
        )
    found = []
    for tag, i, j, k, m in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found.append(Run("same", " ".join(new[k:m])))
            continue
        if j > i:
            found.append(Run("gone", " ".join(old[i:j])))
        if m > k:
            found.append(Run("new", " ".join(new[k:m])))
    return found


def changed_words(before: str, now: str) -> int:
    """How many words a translator has to look at: those that came, or one where
    some only went."""
    if before == now:
        return 0
    came = sum(len(run.text.split()) for run in runs(before, now) if run.kind == "new")
    return max(came, 1)
