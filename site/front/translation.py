"""The fields of front pages that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from front.models import HomePage, PlainPage


@register(HomePage)
class HomePageTranslation(TranslationOptions):
    """The welcome above the stories."""

    fields = ("lead",)


@register(PlainPage)
class PlainPageTranslation(TranslationOptions):
    """A plain page's words."""

    fields = ("lead", "body")
