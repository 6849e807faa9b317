"""The last word on deleting: whatever way it is tried, a term in use stays."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models.signals import pre_delete

from topics.errors import TermInUseError
from topics.models import CountryPage, ProjectPage, TermPage
from topics.uses import refusal, uses


def connect() -> None:
    """Listen to deletions of terms."""
    for model in (ProjectPage, CountryPage):
        uid = f"topics.{model.__name__}"
        pre_delete.connect(refuse_a_used_term, sender=model, dispatch_uid=uid)


def refuse_a_used_term(instance: TermPage, **kwargs: Any) -> None:
    """Raise TermInUseError where something names the term."""
    words = uses(instance)
    if words:
        text = refusal(instance.get_admin_display_title(), words)
        raise TermInUseError({NON_FIELD_ERRORS: text})
