"""demo_logins"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.errors import DemoError
from demo.people import read_logins


class Command(BaseCommand):
    """Print who can be logged in as."""

    help = "Show the names and passwords of the demo's people."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per person, or one line saying that there is nobody."""
        try:
            logins = read_logins(settings.DATA_DIR)
        except DemoError as error:
            raise CommandError(str(error), returncode=1) from error
        if not logins:
            self.stdout.write("No demo logins here: run load_demo first.")
        wide = max((len(login.username) for login in logins), default=0)
        long = max((len(login.password) for login in logins), default=0)
        for login in logins:
            name, password = login.username.ljust(wide), login.password.ljust(long)
            self.stdout.write(f"  {name}  {password}  {login.does}")
