"""What wakes digests; each decides for itself whether its turn has come."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from newsletter.digests import actions


@shared_task(name="newsletter.tasks.start_due_digests")
def start_due_digests() -> None:
    """Wake one task for each digest whose turn has come, or that was approved."""
    for digest_id in actions.due_digests(timezone.now()):
        take_digests_turn.delay(digest_id)
    for dispatch_id in actions.approved_digests(timezone.now()):
        start_approved_digest.delay(dispatch_id)


@shared_task(name="newsletter.tasks.take_digests_turn")
def take_digests_turn(digest_id: int) -> None:
    """Send one digest, or leave it for approval; a second run finds its turn taken."""
    actions.take_turn(digest_id=digest_id)


@shared_task(name="newsletter.tasks.start_approved_digest")
def start_approved_digest(dispatch_id: int) -> None:
    """Send a digest that somebody approved; a second run finds it begun."""
    actions.start_approved(dispatch_id=dispatch_id)
