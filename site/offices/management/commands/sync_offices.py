"""Ask the offices' sources now and propose what differs."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from offices import actions


class Command(BaseCommand):
    """Exit codes: 0 all read, 1 no such source, 2 at least one could not be read."""

    help = (
        "Ask the source of every live office (or of one) and propose to the editors "
        "what differs. Nothing is changed before an editor accepts it. "
        "Exit code 1: no office with such a source; 2: a source could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--source", type=int, metavar="PK", help="only the office with this number"
        )

    def handle(
        self, *args: object, source: int | None = None, **options: object
    ) -> None:
        found = actions.check_all_sources(at=timezone.now(), only=source)
        if source is not None and not found:
            raise CommandError(_("No live office %d with a source.") % source)
        for checked in found:
            self.stdout.write(f"{checked.office.pk} {checked.office}: {said(checked)}")
        failed = sum(not checked.is_ok for checked in found)
        if failed:
            message = _("%(failed)d of %(all)d sources could not be read.")
            values = {"failed": failed, "all": len(found)}
            raise CommandError(message % values, returncode=2)


def said(checked: actions.Checked) -> str:
    """One line about one source."""
    if checked.error:
        return checked.error
    if checked.proposal is None:
        return "ok"
    return "proposed " + ", ".join(sorted(checked.proposal.changes))
