from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.dispatching import actions, pace
from newsletter.dispatching.standstill import standstill_of
from newsletter.errors import NewsletterError
from newsletter.management.dispatch_command import refusal
from newsletter.models import Dispatch

LATEST = 20


class Command(BaseCommand):
    help = _("Print how far a sending has come, or the latest ones; counts add up.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "dispatch", type=int, nargs="?", help=_("the dispatch's number")
        )
        parser.add_argument("--json", action="store_true", help=_("print JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._one_or_latest(options["dispatch"])
        reports = [self._report(dispatch) for dispatch in found]
        if options["json"]:
            data = reports[0] if options["dispatch"] else reports
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        for report in reports:
            self.stdout.write(self._line(report))

    def _one_or_latest(self, number: int | None) -> list[Dispatch]:
        if number is None:
            return list(Dispatch.objects.select_related("newsletter")[:LATEST])
        try:
            return [actions.get_dispatch(dispatch_id=number)]
        except NewsletterError as error:
            raise refusal(error) from error

    def _report(self, dispatch: Dispatch) -> dict[str, Any]:
        waits = dispatch.state == Dispatch.State.SCHEDULED
        goes_on = pace.goes_on_at(dispatch, timezone.now())
        stuck = standstill_of(dispatch)
        return {
            "dispatch": dispatch.pk,
            "title": dispatch.title,
            "state": dispatch.state,
            **({"scheduled_at": dispatch.scheduled_at.isoformat()} if waits else {}),
            **({"goes_on_at": goes_on.isoformat()} if goes_on else {}),
            "trouble": dispatch.failure,
            **({"stuck_since": stuck.since.isoformat()} if stuck else {}),
            **actions.counts(dispatch),
        }

    def _line(self, report: dict[str, Any]) -> str:
        head = ("dispatch", "state", "title")
        numbers = " ".join(
            f"{name}={value}"
            for name, value in report.items()
            if name not in {*head, "excluded", "trouble"}
        )
        excluded = ",".join(f"{why}:{n}" for why, n in report["excluded"].items())
        parts = [*(str(report[name]) for name in head), numbers]
        parts.append(f"excluded={excluded or 0}")
        return "  ".join(parts + ([report["trouble"]] if report["trouble"] else []))
