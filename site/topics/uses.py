"""Who still uses a project or a country."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from wagtail.models import Page

from topics.models import CountryPage, ProjectPage

_others: list[tuple[type[models.Model], Callable[[models.Model], int]]] = []


def register_use(
    model: type[models.Model], count: Callable[[models.Model], int]
) -> None:
    """Have things of a higher room count that name a term without a relation to it."""
    _others.append((model, count))


def used_terms(page: Page) -> dict[str, list[str]]:
    """The terms at and below `page` that something uses, by name.

    Each with its uses in words: {"Perú": ["noticias: 12", "oficinas: 1"]}.
    """
    terms = chain.from_iterable(
        model.objects.descendant_of(page, inclusive=True)
        for model in (ProjectPage, CountryPage)
    )
    found = {term.get_admin_display_title(): uses(term) for term in terms}
    return {name: words for name, words in found.items() if words}


def uses(term: models.Model) -> list[str]:
    """How many of each kind point to `term`; nothing where none does."""
    counts = ((model, count) for model, count in _counts(term) if count)
    return [
        str(format_lazy("{}: {}", model._meta.verbose_name_plural, count))
        for model, count in counts
    ]


def refusal(name: str, words: list[str]) -> str:
    """Why a term stays, and what to do about it."""
    text = _(
        "“%(term)s” cannot be deleted while it is used (%(uses)s). "
        "Remove it there first, or take its page down instead."
    )
    return text % {"term": name, "uses": ", ".join(words)}


def _counts(term: models.Model) -> list[tuple[type[models.Model], int]]:
    """Asked of Django's own relations, and of who has signed on beside them."""
    fields = (
        relation.field
        for relation in term._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel | models.ManyToManyRel)
        and relation.model is type(term)
        and not relation.related_model._meta.auto_created
    )
    related = [
        (field.model, field.model._default_manager.filter(**{field.name: term}).count())
        for field in fields
    ]
    return related + [(model, count(term)) for model, count in _others]
