"""Who wrote a story, one by one, read from the line that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass

BETWEEN = re.compile(r"\s*[,;&]\s*|\s+(?:y|e|and)\s+")
PARTICLES = {"da", "de", "del", "di", "do", "dos", "la", "las", "los", "van", "von"}


@dataclass(frozen=True)
class Author:
    """A person, or a group that signs as one: "The editors"."""

    name: str
    is_person: bool


def authors(line: str | None) -> list[Author]:
    """Each person named in a byline; a line that is no list of names is one author."""
    whole = " ".join((line or "").split())
    names = [name for name in BETWEEN.split(whole) if name]
    if names and all(map(_is_name, names)):
        return [Author(name, is_person=True) for name in names]
    return [Author(whole, is_person=False)] if whole else []


def _is_name(text: str) -> bool:
    words = [word for word in text.split() if word not in PARTICLES]
    return len(words) > 1 and all(word[0].isupper() for word in words)
