"""Translators' tools: catalogues now, the translation desk to come."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranslationsConfig(AppConfig):
    """What translators work with."""

    name = "translations"
    verbose_name = _("Translations")
