from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from newsletter.dispatching.complaints import record_complaint
from newsletter.errors import UnknownAddressError

UNKNOWN = 2


class Command(BaseCommand):
    help = _(
        "Record that a reader marked a mail as spam: they get nothing more, and it "
        "counts against the newsletter they got last."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help=_("the reader's e-mail address"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counted = record_complaint(address=options["address"])
        except UnknownAddressError as error:
            raise CommandError(str(error), returncode=UNKNOWN) from error
        line = _("The complaint is recorded and counts for “%(newsletter)s”.")
        nowhere = _("The complaint is recorded; nothing was sent to them in 30 days.")
        self.stdout.write(line % {"newsletter": counted} if counted else nowhere)
