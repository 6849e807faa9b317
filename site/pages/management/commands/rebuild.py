"""manage.py rebuild"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from pages.rebuilding import rebuild_all


class Command(BaseCommand):
    """Make everything derived again from the content."""

    help = (
        "Make everything derived again from the content: addresses, language states, "
        "search entries and whatever the other rooms keep. Safe to run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in rebuild_all().items():
            self.stdout.write(f"{name}: {count}")
