"""Inputs of the admin that Wagtail does not choose for translated fields by itself."""

from __future__ import annotations

from typing import Any

from django.db import models
from modeltranslation.fields import TranslationField
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminAutoHeightTextInput

ROWS = 2  # of an empty text; it grows with what is written


def connect() -> None:
    """Let plain texts of a language grow as they are written, like all others."""
    register_form_field_override(TranslationField, override=_input_for)


def _input_for(column: Any) -> dict[str, Any]:
    if type(column.translated_field) is not models.TextField:
        return {}
    return {"widget": AdminAutoHeightTextInput(attrs={"rows": ROWS})}
