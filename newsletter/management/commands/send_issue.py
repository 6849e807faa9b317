from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from newsletter.composing import actions
from newsletter.composing.rehearsing import Rehearsal, rehearse_issue
from newsletter.errors import (
    AlreadyScheduledError,
    AlreadySentError,
    NewsletterError,
)
from newsletter.models import IssuePage

UNKNOWN, BLOCKED, SENT_BEFORE = 2, 1, 3


class Command(BaseCommand):
    help = _(
        "Freeze an issue as it is published and begin to send it. With --rehearsal, "
        "write each edition as an .eml file, count the readers and send nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("issue", type=int, help=_("the issue's page number"))
        parser.add_argument(
            "--rehearsal", type=Path, metavar="DIR", help=_("where to write the mails")
        )

        parser.add_argument(
            "--everyone",
            action="store_true",
            help=_("with --rehearsal: write each reader's mail as well"),
        )
        parser.add_argument(
            "--reason",
            default="",
            help=_("why it is sent in spite of checks that may be overridden"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        issue = IssuePage.objects.filter(pk=options["issue"]).first()
        if issue is None:
            line = gettext("There is no issue %(number)s.")
            raise CommandError(line % {"number": options["issue"]}, returncode=UNKNOWN)
        if options["rehearsal"]:
            self._rehearse(issue, options["rehearsal"], options["everyone"])
        else:
            self._send(issue, options["reason"])

    def _rehearse(self, issue: IssuePage, folder: Path, everyone: bool) -> None:
        try:
            found = rehearse_issue(issue=issue, folder=folder, is_for_everyone=everyone)
        except (OSError, NewsletterError) as error:
            raise CommandError(str(error), returncode=BLOCKED) from error
        self._report(found)

    def _report(self, found: Rehearsal) -> None:
        for path in found.files:
            self.stdout.write(str(path))
        for language, number in found.plan.recipients.items():
            self.stdout.write(f"{language}\t{number}")
        for reason, number in sorted(found.plan.excluded.items()):
            self.stdout.write(f"excluded {reason}\t{number}")
        for problem in found.plan.problems:
            self.stderr.write(f"{problem.language or '-'}\t{problem.message}")

    def _send(self, issue: IssuePage, reason: str) -> None:
        try:
            dispatch = actions.send_issue(issue=issue, reason=reason)
        except AlreadyScheduledError as error:
            line = gettext("This issue is scheduled: dispatch %(number)s.")
            number = {"number": error.dispatch_id}
            raise CommandError(line % number, returncode=SENT_BEFORE) from error
        except AlreadySentError as error:
            line = gettext("This issue was sent before: dispatch %(number)s.")
            number = {"number": error.dispatch_id}
            raise CommandError(line % number, returncode=SENT_BEFORE) from error
        except NewsletterError as error:
            raise CommandError(str(error), returncode=BLOCKED) from error
        line = ngettext(
            "Dispatch %(number)s: sending to %(audience)s reader.",
            "Dispatch %(number)s: sending to %(audience)s readers.",
            dispatch.audience,
        )
        found = {"number": dispatch.pk, "audience": dispatch.audience}
        self.stdout.write(line % found)
