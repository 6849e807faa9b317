from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from newsletter.composing.ledger import export_ledger
from newsletter.dispatching import actions
from newsletter.errors import UnknownDispatchError
from newsletter.management.dispatch_command import refusal


class Command(BaseCommand):
    help = _(
        "Write who was sent an issue, and what became of it, as CSV to the output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "dispatch", type=int, help=_("the dispatch's number, see send_status")
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help=_("the language of headers and states"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            dispatch = actions.get_dispatch(dispatch_id=options["dispatch"])
        except UnknownDispatchError as error:
            raise refusal(error) from error
        for piece in export_ledger(dispatch, language=options["language"]):
            self.stdout.write(piece, ending="")
