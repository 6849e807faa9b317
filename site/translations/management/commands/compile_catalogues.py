"""Compile the catalogues in locale/ for this site's data folder."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.reloader import translation_file_changed

from translations.catalogues import compile_catalogues


class Command(BaseCommand):
    """compile_catalogues"""

    help = "Compile locale/*.po into DATA_DIR, without gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile what changed."""
        target = settings.DATA_DIR / "locale"
        # What this process has looked up so far, it would look up in vain for good.
        for written in compile_catalogues(settings.BASE_DIR / "locale", target):
            translation_file_changed(self, written)
