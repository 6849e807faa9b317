"""A page's words: which fields hold them, and which of them say nothing."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from modeltranslation.translator import NotRegistered, translator
from wagtail.fields import RichTextField

EMPTY_MARKUP = re.compile(r"\A(?:\s|&nbsp;|</?(?:p|br|div)\b[^>]*>)*\Z")


def translated_fields(model: type[models.Model]) -> list[str]:
    """Names of the fields of a model that exist once per language."""
    try:
        return sorted(translator.get_options_for_model(model).all_fields)
    except NotRegistered:
        return []


def without_base_fields(data: dict[str, Any], model: type) -> dict[str, Any]:
    """The data without `headline` beside `headline_es`.

    Loading it would write it into whatever language is active.
    """
    bases = set(translated_fields(model))
    return {name: value for name, value in data.items() if name not in bases}


def clean_rich_text(obj: models.Model) -> None:
    """Make rich text without a word in it empty, as an editor sees it."""
    for column in obj._meta.get_fields():
        if isinstance(column, RichTextField):
            text = getattr(obj, column.attname)
            if text and EMPTY_MARKUP.match(text):
                setattr(obj, column.attname, "")


def is_empty(value: Any) -> bool:
    """None, no text, an empty stream: all the same to a reader."""
    return value in (None, "", "[]", [], {})


def plain(html: str) -> str:
    """Text without markup, its white space made single."""
    spaced = re.sub(r"<(?:/p|/li|/h\d|br)\b[^>]*>", " ", html)
    return " ".join(strip_tags(spaced).split())
