"""A page's words piece by piece, in the order in which they stand on the page.

A *part* is a field, a block of a stream or an inline row. A *segment* is one text in
it. Keys stay the same when blocks move: `headline`, `body.<block id>`,
`body.<block id>.caption`, `stories.<row id>.headline_override`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models
from django.utils.text import capfirst
from modelcluster.models import get_all_child_relations
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import COMMENTS_RELATION_NAME

from pages.words import plain, translated_fields

Form = Literal["line", "text", "rich"]
# Written for search engines, so last: nobody reads them on the page.
LAST = ("meta_title", "meta_description")


@dataclass(frozen=True)
class Segment:
    """One text. `value` is as stored: plain, or HTML where `form` is "rich"."""

    key: str
    label: str
    form: Form
    value: str
    max_length: int | None = None
    features: tuple[str, ...] | None = None

    @property
    def text(self) -> str:
        """What it says, without markup."""
        return (
            plain(self.value) if self.form == "rich" else " ".join(self.value.split())
        )


@dataclass(frozen=True)
class Part:
    """A field, block or row, with its segments by their path inside it.

    `name` is the field or relation it belongs to; `kind` the type of a block or "".
    """

    key: str
    name: str
    label: str
    kind: str = ""
    segments: dict[str, Segment] = field(default_factory=dict)


def parts(page: models.Model, language: str) -> list[Part]:
    """Everything of a page that has words in one language, in page order."""
    found: list[Part] = []
    for name in ordered_fields(type(page)):
        column = page._meta.get_field(f"{name}_{language}")
        value = getattr(page, column.attname)
        if isinstance(column, StreamField):
            found += _blocks(name, value)
        else:
            found.append(_field_part(name, column, value))
    return found + _rows(page, language)


def segments(page: models.Model, language: str) -> dict[str, str]:
    """What each segment of a page says in one language; empty ones are left out."""
    return {
        segment.key: segment.text
        for part in parts(page, language)
        for segment in part.segments.values()
        if segment.text
    }


def ordered_fields(model: type[models.Model]) -> list[str]:
    """Names of the translated fields, as the model declares them, SEO fields last."""
    columns = [column.name for column in model._meta.get_fields()]
    places = {name: columns.index(name) for name in translated_fields(model)}
    return sorted(places, key=lambda name: (name in LAST, places[name]))


def block_segments(key: str, block: blocks.Block, value: Any) -> dict[str, Segment]:
    """The texts in a block's value, by path; "" for a block that is itself a text."""
    found = {}
    for path, label, leaf, text in _leaves(block, value, ""):
        full_key = f"{key}.{path}" if path else key
        found[path] = _block_segment(full_key, label, leaf, text)
    return found


def picture_parts(pictures: Iterable[tuple[Any, Any]], language: str) -> list[Part]:
    """What pictures say themselves, where no block says it for them, in one language.

    `pictures` are (picture, the values of the block round it). Keys are
    `picture.<id>.alt` and `.caption`; both languages of a picture have the same ones.
    """
    found: dict[str, Part] = {}
    for picture, own in pictures:
        if picture is None or picture.is_decoration:
            continue
        names = [name for name in ("alt", "caption") if not own.get(name)]
        if own.get("alt_decision") == "decorative":
            names = [name for name in names if name != "alt"]
        key = f"picture.{picture.pk}"
        texts = {name: _row_segment(key, name, picture, language) for name in names}
        found[key] = Part(key, "picture", picture.title, segments=texts)
    return list(found.values())


def _field_part(name: str, column: models.Field, value: Any) -> Part:
    label = capfirst(str(column.model._meta.get_field(name).verbose_name))
    is_rich = isinstance(column, RichTextField)
    is_long = isinstance(column, models.TextField)
    form: Form = "rich" if is_rich else "text" if is_long else "line"
    features = tuple(column.features or ()) if is_rich else None
    text = Segment(name, label, form, value or "", column.max_length, features)
    return Part(name, name, label, segments={"": text})


def _blocks(name: str, stream: Any) -> list[Part]:
    return [
        Part(
            key := f"{name}.{child.id}",
            name,
            capfirst(str(child.block.label)),
            child.block_type,
            block_segments(key, child.block, child.value),
        )
        for child in stream or []
    ]


def _leaves(
    block: blocks.Block, value: Any, path: str
) -> Iterator[tuple[str, str, blocks.Block, str]]:
    """(path, label, block, text) of each text below a block."""
    if isinstance(block, blocks.RichTextBlock):
        yield path, str(block.label), block, value.source if value else ""
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield path, str(block.label), block, value or ""
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _leaves(child, value and value.get(name), _below(path, name))
    elif isinstance(block, blocks.StreamBlock):
        for item in value or []:
            yield from _leaves(item.block, item.value, _below(path, item.id))
    elif isinstance(block, blocks.ListBlock):
        for item in value.bound_blocks if value else []:
            yield from _leaves(item.block, item.value, _below(path, item.id))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else str(name)


def _block_segment(key: str, label: str, block: blocks.Block, text: str) -> Segment:
    if isinstance(block, blocks.RichTextBlock):
        return Segment(key, label, "rich", text, features=tuple(block.features or ()))
    form: Form = "text" if isinstance(block, blocks.TextBlock) else "line"
    return Segment(key, label, form, text, getattr(block.field, "max_length", None))


def _rows(page: models.Model, language: str) -> list[Part]:
    """Inline rows that have words; one not saved yet is known by its place."""
    found = []
    for relation in get_all_child_relations(type(page)):
        accessor, model = relation.get_accessor_name(), relation.related_model
        names = ordered_fields(model)
        if accessor == COMMENTS_RELATION_NAME or not names:
            continue
        for place, row in enumerate(getattr(page, accessor).all()):
            key = f"{accessor}.{row.pk or f'new-{place}'}"
            texts = {n: _row_segment(key, n, row, language) for n in names}
            label = capfirst(str(model._meta.verbose_name))
            found.append(Part(key, accessor, label, segments=texts))
    return found


def _row_segment(key: str, name: str, row: models.Model, language: str) -> Segment:
    column = row._meta.get_field(f"{name}_{language}")
    value = getattr(row, column.attname)
    text = _field_part(name, column, value).segments[""]
    return Segment(f"{key}.{name}", text.label, text.form, text.value, text.max_length)
