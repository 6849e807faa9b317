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
        from people import roles
        from translations import signal_handlers

        signal_handlers.connect()

        for role in (*roles.WRITERS, *roles.TRANSLATORS.values()):
            for action in ("add", "change", "view"):
                roles.grant(role, f"translations.{action}_glossaryterm")
        for role in roles.WRITERS:
            roles.grant(role, "translations.delete_glossaryterm")
