"""Bring a site up to date after installing or upgrading: what every start needs."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """prepare"""

    help = "Migrate the database, compile the catalogues and collect static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the three steps; each may be repeated without harm."""
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("compile_catalogues")
        call_command("collectstatic", interactive=False, verbosity=0)
