"""What composing does when a page is published."""

from __future__ import annotations

from typing import Any

from guards.waking import wake_on_commit
from newsletter.composing.tasks import check_issue_links
from newsletter.models import IssuePage


def on_language_published(page: Any, **_known: Any) -> None:
    """Have a worker ask an issue's links; who sends it sees what they answered."""
    if isinstance(page, IssuePage):
        wake_on_commit(check_issue_links.name, page.pk)
