"""The fields of offices that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from offices.models import Office, OfficeIndexPage


@register(Office)
class OfficeTranslation(TranslationOptions):
    """What is said in words; facts are shared."""

    fields = ("name", "notes", "city")


@register(OfficeIndexPage)
class OfficeIndexTranslation(TranslationOptions):
    """The introduction above the offices."""

    fields = ("lead",)
