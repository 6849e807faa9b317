"""What wakes the sending; the database decides what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from newsletter.dispatching import running, standstill


@shared_task(name="newsletter.tasks.run_dispatch")
def run_dispatch(dispatch_id: int) -> None:
    """Send for a minute, then queue itself again while there is more."""
    if running.run_sender(dispatch_id):
        run_dispatch.delay(dispatch_id)


@shared_task(name="newsletter.tasks.rekick_dispatches")
def rekick_dispatches() -> None:
    """Wake dispatches whose worker is gone or whose next attempts are due."""
    for dispatch_id in running.dispatches_to_wake(timezone.now()):
        run_dispatch.delay(dispatch_id)


@shared_task(name="newsletter.tasks.watch_dispatches")
def watch_dispatches() -> None:
    """Add up, and tell senders what stands still."""
    standstill.watch(timezone.now())
