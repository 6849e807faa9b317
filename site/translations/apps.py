"""Translators' tools: the desk, the glossary, the catalogues."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    """What translators work with."""

    name = "translations"
    verbose_name = _("Translations")

    def ready(self) -> None:
        """Say who keeps the glossary, and listen to what falls behind."""
        from pages.models import BrandSettings
        from people import roles
        from translations import signal_handlers
        from translations.registering import register_texts

        signal_handlers.connect()
        brands = BrandSettings.objects.select_related("site")
        register_texts(brands.filter(site__is_default_site=True).all)

        for role in (*roles.WRITERS, *roles.TRANSLATORS.values()):
            for action in ("add", "change", "view"):
                roles.grant(role, f"translations.{action}_glossaryterm")
        for role in roles.WRITERS:
            roles.grant(role, "translations.delete_glossaryterm")
