"""What is translated, whichever it is: a page, or an object with words (`texts`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from pages.languages import field
from pages.models import BilingualPage
from translations.models import Assignment
from translations.texts import Text, text_of, type_of


def place_of(subject: Model) -> dict[str, Any]:
    """The columns by which an assignment knows it."""
    if isinstance(subject, BilingualPage):
        return {"page_id": subject.pk}
    return {"content_type": type_of(subject), "object_id": subject.pk}


def assignments(subject: Model) -> QuerySet[Assignment]:
    """Who translates it, into whichever language."""
    return Assignment.objects.filter(**place_of(subject))


def title_of(subject: Model) -> str:
    """What it is called, a text in the active language."""
    if isinstance(subject, BilingualPage):
        return subject.headline_for_lists()
    return Text(subject).title


def words_left(subject: Model, language: str) -> int:
    """How many words a translator has to look at."""
    if isinstance(subject, BilingualPage):
        return field(subject, "words", language)
    return text_of(subject).standing(language).words


def side_path(subject: Model, language: str) -> str:
    """Where it is translated."""
    return _path("side", subject, language)


def assign_path(subject: Model, language: str) -> str:
    """Where it is taken, given to somebody and handed back."""
    return _path("assign", subject, language)


def _path(view: str, subject: Model, language: str) -> str:
    if isinstance(subject, BilingualPage):
        return reverse(f"translations_{view}", args=[subject.pk, language])
    args = [subject._meta.model_name, subject.pk, language]
    return reverse(f"translations_text_{view}", args=args)
