"""The newsletter's Celery tasks, where Celery looks for them."""

from __future__ import annotations

from newsletter.clicking.tasks import write_clicks
from newsletter.composing.tasks import (
    check_issue_links,
    start_due_issues,
    start_scheduled_issue,
)
from newsletter.digests.tasks import (
    start_approved_digest,
    start_due_digests,
    take_digests_turn,
)
from newsletter.dispatching.tasks import (
    rekick_dispatches,
    run_dispatch,
    watch_dispatches,
)
from newsletter.importing.tasks import (
    check_import,
    forget_imports,
    rekick_imports,
    run_import,
)
from newsletter.numbers.tasks import write_numbers, write_reader_numbers
from newsletter.subscribing.tasks import (
    forget_unconfirmed,
    mail_preferences,
    remind_unconfirmed,
)

__all__ = [
    "check_import",
    "check_issue_links",
    "forget_imports",
    "forget_unconfirmed",
    "mail_preferences",
    "rekick_dispatches",
    "rekick_imports",
    "remind_unconfirmed",
    "run_dispatch",
    "run_import",
    "start_approved_digest",
    "start_due_digests",
    "start_due_issues",
    "start_scheduled_issue",
    "take_digests_turn",
    "watch_dispatches",
    "write_clicks",
    "write_numbers",
    "write_reader_numbers",
]
