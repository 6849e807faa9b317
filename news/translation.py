"""The fields of news pages that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from news.models import NewsIndexPage, NewsPage


@register(NewsPage)
class NewsPageTranslation(TranslationOptions):
    """A story's words."""

    fields = ("lead", "author", "body", "correction")


@register(NewsIndexPage)
class NewsIndexPageTranslation(TranslationOptions):
    """The introduction above the list."""

    fields = ("lead",)
