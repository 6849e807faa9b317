"""The original and its translation laid side by side, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pages.segments import Part, Segment


@dataclass(frozen=True)
class Pair:
    """A part of the original and the one that translates it, where there is one."""

    source: Part
    target: Part | None

    def segments(self) -> list[tuple[Segment, Segment | None]]:
        """Each text of the original with its translation."""
        theirs = self.target.segments if self.target else {}
        places = dict(zip(self.source.segments, _same_shape(self, theirs), strict=True))
        return [(mine, places[path]) for path, mine in self.source.segments.items()]


def pair(source: list[Part], target: list[Part]) -> tuple[list[Pair], list[Part]]:
    """Pairs in the original's order, and what only the translation has.

    Blocks belong together by their id, which copying the structure keeps; others by
    their order among the blocks of their field that have the same type.
    """
    by_key = {part.key: part for part in target}
    known = {part.key for part in source}
    spare: dict[tuple[str, str], list[Part]] = {}
    for part in target:
        if part.key not in known:
            spare.setdefault((part.name, part.kind), []).append(part)
    pairs = [Pair(part, by_key.get(part.key) or _next(spare, part)) for part in source]
    return pairs, [part for parts in spare.values() for part in parts]


def _next(spare: dict[tuple[str, str], list[Part]], part: Part) -> Part | None:
    left = spare.get((part.name, part.kind))
    return left.pop(0) if left else None


def _same_shape(both: Pair, theirs: dict[str, Segment]) -> Iterable[Segment | None]:
    """The translation's texts in the original's order; list items by their place."""
    paths = list(both.source.segments)
    if not set(paths) <= set(theirs) and len(paths) == len(theirs):
        return list(theirs.values())
    return [theirs.get(path) for path in paths]
