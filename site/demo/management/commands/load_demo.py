"""load_demo"""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from demo.actions import load_demo
from demo.errors import DemoError
from demo.people import ensure_demo_users


class Command(BaseCommand):
    """Fill an empty site with the demo."""

    help = (
        "Fill an empty site with a fictional centre: stories, pictures, offices, a "
        "newsletter and people to log in as. Running it again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch for those who mean it."""
        parser.add_argument(
            "--into-used-site",
            action="store_true",
            help="Load it although the site has pages of its own.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then make the people; refuse with one line."""
        # A line per page would hide the few that say how far it is.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        try:
            load_demo(say=self.stdout.write, into_used_site=options["into_used_site"])
            if not settings.PRODUCTION:
                ensure_demo_users(settings.DATA_DIR)
        except DemoError as error:
            raise CommandError(str(error), returncode=1) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
