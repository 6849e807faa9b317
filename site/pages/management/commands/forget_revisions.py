"""manage.py forget_revisions"""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pages.forgetting import DAYS, KEPT, forget_revisions


def count(text: str) -> int:
    """A number of days or versions: 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number.")
    return int(text)


class Command(BaseCommand):
    """Delete old versions of pages that nobody can need."""

    help = (
        "Delete old versions of pages. What readers see, the draft, the last versions "
        "of each page, and whatever a workflow, a comment or a planned publication "
        "refers to stay. Beat runs it daily."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How old, and how many to keep of each page."""
        parser.add_argument(
            "--days", type=count, default=DAYS, help="only older ones (%(default)s)"
        )
        parser.add_argument(
            "--keep", type=count, default=KEPT, help="of each page (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were deleted."""
        number = forget_revisions(days=options["days"], keep=options["keep"])
        self.stdout.write(f"versions deleted: {number}")
