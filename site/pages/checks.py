"""A page type that nobody registered for translation stops the site from starting."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from modelcluster.models import get_all_child_relations
from modeltranslation.translator import translator
from wagtail.models import COMMENTS_RELATION_NAME, get_page_models

from pages.models import BilingualPage


def connect() -> None:
    """Take part in Django's system checks."""
    register(check_registered)


def check_registered(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every page type, and every inline row with words, has fields per language."""
    if not apps.ready:
        return []
    known = set(translator.get_registered_models(abstract=False))
    ours = [model for model in get_page_models() if issubclass(model, BilingualPage)]
    return [error(model) for model in unregistered(ours, known)]


def unregistered(page_types: list[type], known: set[type]) -> list[type]:
    """The page types, and their inline rows with words, that are not in `known`."""
    rows = {child for model in page_types for child in _rows_with_words(model)}
    return [model for model in [*page_types, *rows] if model not in known]


def _rows_with_words(model: type) -> list[type]:
    return [
        relation.related_model
        for relation in get_all_child_relations(model)
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME
        and any(
            field.get_internal_type() in ("CharField", "TextField", "JSONField")
            for field in relation.related_model._meta.local_fields
        )
    ]


def error(model: type) -> CheckMessage:
    """What a developer reads."""
    return Error(
        f"{model.__name__} is not registered for translation.",
        hint="Register it in its room's translation.py.",
        obj=model,
        id="pages.E001",
    )
