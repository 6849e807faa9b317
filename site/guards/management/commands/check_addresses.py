"""Check addresses read from standard input."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from guards.addresses import AddressError, check_address


class Command(BaseCommand):
    """check_addresses < FILE"""

    help = _('Read a JSON string per line, like "ana@org.example"; print ok or bad.')

    def handle(self, *args: Any, **options: Any) -> None:
        """One word per line, in order; a line that is no JSON string is bad."""
        for line in sys.stdin:
            self.stdout.write("ok" if self._is_good(line) else "bad")

    def _is_good(self, line: str) -> bool:
        try:
            check_address(json.loads(line))
        except (AddressError, ValueError, AttributeError, TypeError):
            return False
        return True
