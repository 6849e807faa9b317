"""A page as data, and two versions of it put together language by language.

Data is what a revision stores: fields by name, inline rows as lists. Fields of a
language end in its code; whatever else an editor changes is shared by all languages.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME

from pages.languages import languages
from pages.models.columns import DERIVED
from pages.words import is_empty, translated_fields, without_base_fields

Data = dict[str, Any]

# Kept by Wagtail or the kernel, whatever a version says.
NOT_CONTENT = {
    "pk", "path", "depth", "numchild", "translation_key", "locale", "latest_revision",
    "live_revision", "latest_revision_created_at", "first_published_at",
    "last_published_at", "draft_title", "title", "slug", "url_path", "live",
    "has_unpublished_changes", "content_type", "owner", "locked", "locked_at",
    "locked_by", "expired", "go_live_at", "expire_at", "alias_of",
    COMMENTS_RELATION_NAME, *DERIVED,
}  # fmt: skip
# Rows stand in this order already; the number itself changes with every form.
PLACE = "sort_order"


def data_of(page: Any) -> Data:
    """A page as its revision would store it, in plain JSON values."""
    return json.loads(json.dumps(page.serializable_data(), cls=DjangoJSONEncoder))


def merge(
    *,
    live: Data,
    draft: Data,
    page: Any,
    take: Collection[str],
    blank: Collection[str] = (),
) -> Data:
    """The draft, with the languages not in `take` as live; those in `blank` emptied."""
    keep = [code for code in languages() if code not in take]
    merged = _put(dict(draft), live, type(page), keep, blank, slugs=True)
    for relation in _child_relations(page):
        name = relation.get_accessor_name()
        merged[name] = _merge_rows(
            live.get(name, []),
            draft.get(name, []),
            relation.related_model,
            keep,
            blank,
        )
    return without_base_fields(merged, type(page))


def blanked(data: Data, page: Any, language: str) -> Data:
    """The data without one language's words."""
    take = [code for code in languages() if code != language]
    return merge(live=data, draft=data, page=page, take=take, blank=[language])


def with_rows_known(draft: Data, live: Data, page: Any) -> Data:
    """The draft, its new inline rows known by the ids they got when published.

    Without this the next publication would make them a second time.
    """
    known = dict(draft)
    for relation in _child_relations(page):
        name, model = relation.get_accessor_name(), relation.related_model
        known[name] = _known_rows(draft.get(name, []), live.get(name, []), model)
    return known


def _known_rows(rows: list[Data], live: list[Data], model: type) -> list[Data]:
    """New rows with the ids of the live ones that say the same in every language."""
    mine = {row["pk"] for row in rows}
    spare = [row for row in live if row["pk"] not in mine]
    known = []
    for row in rows:
        same = None if row["pk"] else next(_alike(row, spare, model), None)
        if same:
            spare.remove(same)
        known.append({**row, "pk": same["pk"]} if same else row)
    return known


def _alike(row: Data, spare: list[Data], model: type) -> Iterator[Data]:
    mine = _shared_columns(row, model, but={"pk", PLACE})
    return (r for r in spare if _shared_columns(r, model, but={"pk", PLACE}) == mine)


def shared(data: Data, page: Any) -> Data:
    """What is the same in all languages: date, tags, lead picture, rows in order."""
    found = _shared_columns(data, type(page), but=NOT_CONTENT)
    for relation in _child_relations(page):
        name, model = relation.get_accessor_name(), relation.related_model
        rows = data.get(name, [])
        found[name] = [_shared_columns(row, model, but={PLACE}) for row in rows]
    return found


def _shared_columns(data: Data, model: type, but: Collection[str] = ()) -> Data:
    apart = {*but, *_language_columns(model, languages(), slugs=True)}
    apart |= set(translated_fields(model))
    return {name: value for name, value in data.items() if name not in apart}


def newer_shared(*, snapshot: Data, base: Data, live: Data, page: Any) -> Data:
    """The snapshot, where something shared went live after `base`, with that.

    Rows that went live keep the words that the snapshot has for them.
    """
    now = shared(live, page)
    moved = {
        name: live[name] for name in base if now.get(name, base[name]) != base[name]
    }
    for relation in _child_relations(page):
        name, model = relation.get_accessor_name(), relation.related_model
        if name in moved:
            moved[name] = _with_words(moved[name], snapshot.get(name, []), model)
    return {**snapshot, **moved}


def _with_words(rows: list[Data], known: list[Data], model: type) -> list[Data]:
    """The rows, each with the words of the known one that has its id."""
    words = _language_columns(model, languages(), slugs=False)
    by_pk = {row["pk"]: row for row in known}
    return [
        row | {name: by_pk[row["pk"]][name] for name in words}
        if row["pk"] in by_pk
        else row
        for row in rows
    ]


def differs(one: Data, other: Data, page: Any) -> bool:
    """Whether an editor would see a difference; None, "" and [] are one."""
    one, other = loadable(one, page), loadable(other, page)
    names = (set(one) | set(other)) - NOT_CONTENT
    return any(_plain(one.get(name)) != _plain(other.get(name)) for name in names)


def loadable(data: Data, page: Any) -> Data:
    """The data, and its inline rows, without the columns of no language.

    Loading those would write them into whatever language is active.
    """
    edited = without_base_fields(data, type(page))
    for relation in _child_relations(page):
        name, model = relation.get_accessor_name(), relation.related_model
        rows = edited.get(name) or []
        edited[name] = [without_base_fields(row, model) for row in rows]
    return edited


def changed_languages(before: Data, after: Data, page: Any) -> list[str]:
    """The languages whose words differ between two versions."""
    return [
        code
        for code in languages()
        if _words_of(before, page, code) != _words_of(after, page, code)
    ]


def _words_of(data: Data, page: Any, code: str) -> list[Any]:
    words = [_plain(data.get(n)) for n in _language_columns(type(page), [code], False)]
    for relation in _child_relations(page):
        columns = _language_columns(relation.related_model, [code], slugs=False)
        for row in data.get(relation.get_accessor_name(), []) if columns else []:
            words += [_plain(row.get(name)) for name in columns]
    return words


def _plain(value: Any) -> Any:
    """None for nothing; a stream as its blocks, since PostgreSQL reorders JSON keys."""
    if is_empty(value):
        return None
    is_stream = isinstance(value, str) and value.startswith("[{")
    return json.loads(value) if is_stream else value


def _child_relations(page: Any) -> list:
    relations = get_all_child_relations(type(page))
    return [r for r in relations if r.get_accessor_name() != COMMENTS_RELATION_NAME]


def _language_columns(model: type, codes: Iterable[str], slugs: bool) -> list[str]:
    names = translated_fields(model) + (["slug"] if slugs else [])
    return [f"{name}_{code}" for code in codes for name in names]


def _put(
    into: Data,
    live: Data,
    model: type,
    keep: list[str],
    blank: Collection[str],
    slugs: bool,
) -> Data:
    for name in _language_columns(model, keep, slugs):
        into[name] = live.get(name)
    for name in _language_columns(model, blank, slugs=False):
        into[name] = _empty_like(into.get(name))
    return into


def _empty_like(value: Any) -> Any:
    """Nothing, in the form its field stores: a stream is a JSON list."""
    is_stream = isinstance(value, str) and value.startswith("[{")
    return "[]" if is_stream else "" if isinstance(value, str) else value and None


def _merge_rows(
    live: list[Data],
    draft: list[Data],
    model: type,
    keep: list[str],
    blank: Collection[str],
) -> list[Data]:
    by_pk = {row["pk"]: row for row in live}
    rows = [
        _put(dict(row), by_pk.get(row["pk"], {}), model, keep, blank, slugs=False)
        for row in draft
    ]
    return [without_base_fields(row, model) for row in rows]
