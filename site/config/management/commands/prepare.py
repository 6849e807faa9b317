"""Bring a site up to date after installing or upgrading: what every start needs."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from starting.frame import lay_frame
from starting.site_record import copy_site_url


class Command(BaseCommand):
    """prepare"""

    help = (
        "Migrate, compile the catalogues, give a new site its first pages, copy "
        "SITE_URL and collect static files."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps; each may be repeated without harm."""
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        call_command("compile_catalogues")
        lay_frame()
        copy_site_url()
        call_command("collectstatic", interactive=False, verbosity=0)
