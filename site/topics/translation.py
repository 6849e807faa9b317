"""The fields of terms that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from topics.models import (
    CountryIndexPage,
    CountryPage,
    ProjectIndexPage,
    ProjectPage,
    TermPage,
)


@register(TermPage)
class TermPageTranslation(TranslationOptions):
    """Fields that both kinds of term share."""

    fields = ("lead", "body")


@register([ProjectPage, CountryPage])
class HubTranslation(TranslationOptions):
    """Nothing of their own beyond the shared fields."""

    fields = ()


@register([ProjectIndexPage, CountryIndexPage])
class IndexTranslation(TranslationOptions):
    """The introduction above the list."""

    fields = ("lead",)
