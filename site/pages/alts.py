"""No picture goes live before somebody decided what it says to those who see none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from pages.errors import CannotPublishError
from pages.models import BilingualPage
from pages.words import translated_fields

# A picture, and what the block round it says instead.
Shown = tuple[Any, Mapping[str, Any]]


def require_alt_decisions(page: BilingualPage, language: str) -> None:
    """Refuse to publish a picture that is to be described and is not."""
    for name, (picture, own) in shown_pictures(page, language):
        if picture is not None and not _is_decided(picture, own, language):
            message = _(
                "Say what the picture “%(title)s” shows, or mark it as decoration."
            )
            raise CannotPublishError({name: message % {"title": picture.title}})


def _is_decided(picture: Any, own: Mapping[str, Any], language: str) -> bool:
    if picture.is_decoration or own.get("alt_decision") == "decorative":
        return True
    return bool(own.get("alt") or picture.alt_in(language))


def shown_pictures(page: BilingualPage, language: str) -> Iterator[tuple[str, Shown]]:
    """Every picture of a page in a language, by the name of its field."""
    for column in page._meta.concrete_fields:
        if _is_picture(column):
            yield column.name, (getattr(page, column.name), {})
    yield from _chosen(page, language, ImageChooserBlock)


def shown_files(page: BilingualPage, language: str) -> Iterator[Shown]:
    """Every document offered on a page in a language, with the block round it."""
    for _name, shown in _chosen(page, language, DocumentChooserBlock):
        yield shown


def _chosen(
    page: BilingualPage, language: str, kind: type[blocks.Block]
) -> Iterator[tuple[str, Shown]]:
    """What blocks of a kind hold on a page in a language, by the name of its field."""
    for base in translated_fields(type(page)):
        name = f"{base}_{language}"
        column = page._meta.get_field(name)
        if isinstance(column, StreamField):
            for shown in _in_block(kind, column.stream_block, getattr(page, name), {}):
                yield name, shown


def _is_picture(column: models.Field) -> bool:
    is_key = isinstance(column, models.ForeignKey)
    return is_key and issubclass(column.related_model, get_image_model())


def _in_block(
    kind: type[blocks.Block], block: blocks.Block, value: Any, around: Mapping[str, Any]
) -> Iterator[Shown]:
    """What blocks of a kind hold in a block and in the blocks within it."""
    if isinstance(block, kind):
        if getattr(block, "is_decoration", False):
            around = {"alt_decision": "decorative", "caption": around.get("title")}
        yield value, around
    elif isinstance(block, blocks.BaseStructBlock):
        for name, child in block.child_blocks.items():
            yield from _in_block(kind, child, value[name], value)
    elif isinstance(block, blocks.BaseStreamBlock):
        for child in value or []:
            yield from _in_block(kind, child.block, child.value, {})
    elif isinstance(block, blocks.ListBlock):
        for item in value or []:
            yield from _in_block(kind, block.child_block, item, {})
