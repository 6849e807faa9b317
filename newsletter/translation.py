"""Which of the newsletter's fields exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from newsletter.models import (
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
)


@register(Newsletter)
class NewsletterTranslation(TranslationOptions):
    fields = ("name", "description", "sender_name")


@register(NewsletterIndexPage)
class NewsletterIndexPageTranslation(TranslationOptions):
    fields = ("lead",)


@register(NewsletterPage)
class NewsletterPageTranslation(TranslationOptions):
    fields = ("intro",)


@register(IssuePage)
class IssuePageTranslation(TranslationOptions):
    fields = ("subject", "preheader", "intro", "body", "correction")


@register(IssueStory)
class IssueStoryTranslation(TranslationOptions):
    fields = ("headline_override", "summary_override")
