"""One version of a page in the words of another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME

from pages import content
from pages.content import Data
from pages.languages import languages


def weave(*, frame: Data, words: Data, page: Any, codes: Collection[str]) -> Data:
    """The `frame`, with its words in these languages as in `words`.

    What all languages share, and which inline rows there are in which order, is the
    frame's. A row that `words` does not have keeps its own.
    """
    rows, others = dict(frame), dict(words)
    relations = _row_relations(page)
    for name in relations:
        own = frame.get(name) or []
        rows[name] = _numbered(own)
        others[name] = _numbered(_same_rows(own, words.get(name) or []))
    rest = [code for code in languages() if code not in codes]
    woven = content.merge(live=others, draft=rows, page=page, take=rest)
    for name in relations:
        keys = [row["pk"] for row in frame.get(name) or []]
        pairs = zip(woven[name], keys, strict=True)
        woven[name] = [{**row, "pk": pk} for row, pk in pairs]
    return woven


def _row_relations(page: Any) -> list[str]:
    names = [r.get_accessor_name() for r in get_all_child_relations(type(page))]
    return [name for name in names if name != COMMENTS_RELATION_NAME]


def _numbered(rows: list[Data]) -> list[Data]:
    """By place: rows of a draft that was never published have no key yet."""
    return [{**row, "pk": place} for place, row in enumerate(rows)]


def _same_rows(own: list[Data], others: list[Data]) -> list[Data]:
    """For each row its counterpart: by key, and those without one in their order."""
    known = {row["pk"]: row for row in others if row["pk"]}
    unsaved: Iterator[Data] = iter([row for row in others if not row["pk"]])
    return [
        known.get(row["pk"], row) if row["pk"] else next(unsaved, row) for row in own
    ]
