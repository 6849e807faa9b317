"""The kernel's fields that exist once per language."""

from __future__ import annotations

from modeltranslation.translator import TranslationOptions, register

from pages.models import BilingualPage, BrandSettings


@register(BilingualPage)
class BilingualPageTranslation(TranslationOptions):
    """What every page has. Wagtail's own `title` and `slug` are never registered."""

    fields = ("headline", "meta_title", "meta_description")


@register(BrandSettings)
class BrandSettingsTranslation(TranslationOptions):
    """What the site says of itself."""

    fields = (
        "name",
        "tagline",
        "footer_text",
        "postal_address",
        "privacy_before",
        "privacy_after",
    )
