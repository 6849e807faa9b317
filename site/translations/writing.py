"""A translation's words put into a page, along the original's structure.

Blocks of the translation take the original's ids, so that from then on the two meet
whatever is moved. A block comes along once one of its texts is translated; blocks
without a text (a picture without caption, a related story) come along with the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import models
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.images import get_image_model

from pages.pairing import Pair, pair
from pages.segments import Part, parts

Words = Mapping[str, str]


def write(
    source: models.Model, target: models.Model, language: str, words: Words
) -> None:
    """Set texts of `target` in a language, by the keys of the original's segments.

    `source` is the page whose original is translated; both are the same page at
    different moments. Texts that `words` does not name stay.
    """
    mine = parts(source, source.original_language)
    pairs, spare = pair(mine, parts(target, language))
    for name in {part.name for part in mine}:
        own = [both for both in pairs if both.source.name == name]
        left = [part for part in spare if part.name == name]
        _write_part(source, target, language, name, own, left, words)


def write_pictures(language: str, words: Words) -> None:
    """Set what pictures say themselves, for every page that shows them."""
    for key, text in words.items():
        kind, _dot, rest = key.partition(".")
        pk, _dot, name = rest.partition(".")
        if kind == "picture" and pk.isdecimal() and name in ("alt", "caption"):
            picture = get_image_model().objects.get(pk=pk)
            setattr(picture, f"{name}_{language}", text)
            picture.save(update_fields=[f"{name}_{language}"])


def _write_part(
    source: Any,
    target: Any,
    language: str,
    name: str,
    pairs: list[Pair],
    spare: list[Part],
    words: Words,
) -> None:
    columns = {column.name for column in target._meta.get_fields()}
    if f"{name}_{language}" not in columns:
        _write_rows(target, name, language, pairs, words)
        return
    column = target._meta.get_field(f"{name}_{language}")
    if isinstance(column, StreamField):
        raw = _stream(source, target, language, name, pairs, spare, words)
        setattr(target, column.attname, StreamValue(column.stream_block, raw, True))
    elif name in words:
        setattr(target, column.attname, words[name])


def _write_rows(
    target: Any, relation: str, language: str, pairs: list[Pair], words: Words
) -> None:
    rows = {f"{relation}.{row.pk}": row for row in getattr(target, relation).all()}
    for both in pairs:
        row = rows.get(both.source.key)
        for path, segment in both.source.segments.items():
            if row is not None and segment.key in words:
                setattr(row, f"{path}_{language}", words[segment.key])
    setattr(target, relation, list(rows.values()))


def _stream(
    source: Any,
    target: Any,
    language: str,
    name: str,
    pairs: list[Pair],
    spare: list[Part],
    words: Words,
) -> list[dict[str, Any]]:
    theirs = _raw_blocks(getattr(source, f"{name}_{source.original_language}"), name)
    ours = _raw_blocks(getattr(target, f"{name}_{language}"), name)
    written = []
    for both in pairs:
        old = ours.get(both.target.key) if both.target else None
        block = _block(theirs[both.source.key], old, both, words)
        written.append((block, _has_words(both.source), old is not None))
    begun = any(block for block, has_words, _had in written if has_words)
    kept = [
        block
        for block, has_words, had in written
        if block and (has_words or begun or had)
    ]
    return [*kept, *(ours[part.key] for part in spare)]


def _has_words(part: Part) -> bool:
    return any(segment.text for segment in part.segments.values())


def _raw_blocks(stream: Any, name: str) -> dict[str, dict[str, Any]]:
    """The stored form of each block, by its part's key."""
    return {f"{name}.{raw['id']}": raw for raw in stream.raw_data} if stream else {}


def _block(
    original: dict[str, Any], old: dict[str, Any] | None, both: Pair, words: Words
) -> dict[str, Any] | None:
    """The translated block; None where nothing of it is translated yet."""
    if not _has_words(both.source):
        return original | {"value": (old or original)["value"]}
    texts = {
        path: words.get(mine.key, theirs.value if theirs else "")
        for (path, mine), (_mine, theirs) in zip(
            both.source.segments.items(), both.segments(), strict=True
        )
    }
    if not any(texts.values()):
        return None
    value = deepcopy(old["value"] if old and _same_paths(both) else original["value"])
    for path, text in texts.items():
        value = _put(value, path.split(".") if path else [], text)
    return {"type": original["type"], "id": original["id"], "value": value}


def _same_paths(both: Pair) -> bool:
    """Whether the texts of both stand at the same places; list items may not."""
    return bool(both.target) and set(both.source.segments) <= set(both.target.segments)


def _put(value: Any, path: list[str], text: str) -> Any:
    """A stored value with the text at a path replaced."""
    if not path:
        return text
    step, *rest = path
    if isinstance(value, list):
        return [_put_item(item, step, rest, text) for item in value]
    value = dict(value or {})
    value[step] = _put(value.get(step), rest, text)
    return value


def _put_item(item: Any, step: str, rest: list[str], text: str) -> Any:
    if not (isinstance(item, dict) and item.get("id") == step):
        return item
    return {**item, "value": _put(item["value"], rest, text)}
