"""The page in two languages."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from pages.languages import language_name, languages
from pages.models.columns import DERIVED, SLUGS, LanguageColumns


class BilingualPage(LanguageColumns, Page):
    """A page in one language or several; every page of the site is one."""

    headline = models.CharField(_("headline"), max_length=255, blank=True)
    meta_title = models.CharField(
        _("title for search engines"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty to use the headline."),
    )
    meta_description = models.TextField(
        _("description for search engines"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences, shown under the title in search results."),
    )
    original_language = models.CharField(
        _("original language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language it is written in; the others are translations."),
    )

    is_creatable = False
    exclude_fields_in_copy = ["slug", *SLUGS, *DERIVED]

    class Meta:
        verbose_name = _("page in two languages")
        verbose_name_plural = _("pages in two languages")
        permissions = [
            (f"publish_{code}", f"Can publish in {language_name(code)}")
            for code in languages()
        ]
