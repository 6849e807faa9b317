"""What of the glossary exists once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from translations.models import GlossaryTerm


@register(GlossaryTerm)
class GlossaryTermOptions(TranslationOptions):
    fields = ("term", "note")
