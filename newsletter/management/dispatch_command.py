"""What the commands about one dispatch share: its number, and refusals in one line."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsletter.errors import (
    IllegalMoveError,
    NewsletterError,
    UnknownDispatchError,
)
from newsletter.models import Dispatch

EXIT_CODES = {UnknownDispatchError: 2, IllegalMoveError: 3}


def refusal(error: NewsletterError) -> CommandError:
    """One clear line on standard error and an exit code from 1 to 9."""
    return CommandError(str(error), returncode=EXIT_CODES.get(type(error), 1))


class DispatchCommand(BaseCommand):
    """Takes a dispatch's number and calls `act`, which says what it did."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "dispatch", type=int, help=_("the dispatch's number, see send_status")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(self.act(options["dispatch"]))
        except IllegalMoveError as error:
            dispatch = Dispatch.objects.get(pk=options["dispatch"])
            line = _("Dispatch %(number)s cannot do that: it is %(state)s.") % {
                "number": dispatch.pk,
                "state": dispatch.get_state_display(),
            }
            raise refusal(IllegalMoveError(line)) from error
        except NewsletterError as error:
            raise refusal(error) from error

    def act(self, dispatch_id: int) -> str:
        """Do it; returns the line to print. Raises `NewsletterError`."""
        raise NotImplementedError
