"""A whole sending into a folder: mails, counts, sizes and links; nothing leaves."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from newsletter.composing.linking import check_links
from newsletter.composing.plan import SendPlan, plan_sending
from newsletter.composing.trials import TrialMail, trial_mail, trial_mails
from newsletter.delivery.message import MessageError, unstuffed, wire_address
from newsletter.dispatching import freeze
from newsletter.errors import BlockedError
from newsletter.models import IssuePage

REPORT = "report.json"


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal wrote and counted."""

    plan: SendPlan
    files: list[Path]


def rehearse_issue(
    *, issue: IssuePage, folder: Path, is_for_everyone: bool = False
) -> Rehearsal:
    """Write each edition as an .eml file, and a report with counts, sizes and problems.

    For everyone it writes each reader's mail too, in a folder per language. Personal
    links hold a word instead of a token. Outside links are asked first. Raises
    `BlockedError` where no mail can be made of it.
    """
    check_links(issue)
    plan = plan_sending(issue)
    folder.mkdir(parents=True, exist_ok=True)
    files, sizes, written = [], {}, {}
    to = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        for language, edition in plan.editions.items():
            mail = trial_mail(plan.issue, edition, to=to, name="rehearsal")
            path = folder / f"issue-{issue.pk}-{language}.eml"
            files.append(path)
            sizes[language] = _write(path, mail)
            if is_for_everyone:
                written[language] = _write_all(plan, language, folder / language)
    except MessageError as error:
        raise BlockedError(str(error)) from error
    report = folder / REPORT
    report.write_text(json.dumps(_report(plan, sizes, written), indent=2) + "\n")
    return Rehearsal(plan, [*files, report])


def _write_all(plan: SendPlan, language: str, folder: Path) -> int:
    """Each reader's mail of one language, by number; how many."""
    folder.mkdir(exist_ok=True)
    people = freeze.addresses(plan.newsletter, language, timezone.now(), plan.audience)
    edition = plan.editions[language]
    mails = trial_mails(plan.issue, edition, to=_plain(people), name="rehearsal")
    return sum(1 for at, mail in enumerate(mails) if _write(folder / f"{at}.eml", mail))


def _plain(addresses: Iterable[str]) -> Iterable[str]:
    """Those that a mail can be made for; the others fail on their own in a sending."""
    for address in addresses:
        with contextlib.suppress(MessageError):
            yield wire_address(address)


def _write(path: Path, mail: TrialMail) -> int:
    return path.write_bytes(unstuffed(mail.data))


def _report(
    plan: SendPlan, sizes: dict[str, int], written: dict[str, int]
) -> dict[str, object]:
    total = sum(size * plan.recipients[code] for code, size in sizes.items())
    return {
        "recipients": dict(plan.recipients),
        "excluded": dict(plan.excluded),
        "bytes": sizes,
        "bytes_in_all": total,
        "written": written,
        "problems": [
            {
                "code": problem.code,
                "language": problem.language,
                "blocking": problem.is_blocking,
                "message": problem.message,
            }
            for problem in plan.problems
        ],
    }
