"""Check the catalogues: they compile, are complete, unbroken and up to date."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from translations.catalogues import (
    Finding,
    catalogue_files,
    check_against_code,
    check_file,
)


class Command(BaseCommand):
    """check_translations [FILE…]"""

    help = _("Check translation files; lists findings as file:line: reason.")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Files to check; all of locale/ and the code when none is named."""
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings; exit with 1 where there are any."""
        root: Path = settings.BASE_DIR
        files = options["files"] or catalogue_files(root / "locale")
        findings = [finding for file in files for finding in check_file(file)]
        if not options["files"]:
            findings += self._stale(root)
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise SystemExit(1)

    def _stale(self, root: Path) -> list[Finding]:
        if shutil.which("xgettext"):
            return list(check_against_code(root))
        reason = "gettext is not installed: not compared with the code"
        if os.environ.get("CI"):
            return [Finding(root / "locale", 0, reason)]
        self.stderr.write(f"{reason}.")
        return []
