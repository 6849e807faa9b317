from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter.dispatching.repairing import Verdict, resolve_uncertain
from newsletter.management.dispatch_command import DispatchCommand


class Command(DispatchCommand):
    help = _(
        "Decide about mails that may have arrived: count all of a sending as sent, or "
        "send them again, which some people then get twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "verdict",
            choices=[each.value for each in Verdict],
            help=_("“sent” counts them as sent, “again” sends them again"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._verdict = Verdict(options["verdict"])
        super().handle(*args, **options)

    def act(self, dispatch_id: int) -> str:
        number = resolve_uncertain(dispatch_id=dispatch_id, verdict=self._verdict)
        if self._verdict is Verdict.AGAIN:
            words = ngettext(
                "%(number)s mail is tried again.",
                "%(number)s mails are tried again.",
                number,
            )
        else:
            words = ngettext(
                "%(number)s mail counts as sent.",
                "%(number)s mails count as sent.",
                number,
            )
        return words % {"number": number}
