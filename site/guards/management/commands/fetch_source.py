"""Try the outgoing HTTP helper on one address."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from guards.errors import FetchError
from guards.http import fetch


class Command(BaseCommand):
    """fetch_source URL"""

    help = _("Fetch one address as the office sources would, and say what came.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The address."""
        parser.add_argument("url")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print status, type and size; exit 1 with one line where it is refused."""
        try:
            answer = fetch(options["url"])
        except FetchError as error:
            self.stderr.write(str(error))
            raise SystemExit(1) from error
        kind = answer.headers.get("content-type", "-")
        self.stdout.write(f"{answer.status} {kind} {len(answer.body)} bytes")
