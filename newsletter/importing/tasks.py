"""What wakes the work on imports; the database decides what is left to do."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from newsletter.importing import actions, running
from newsletter.models import SubscriberImport

State = SubscriberImport.State


@shared_task(name="newsletter.tasks.check_import")
def check_import(import_id: int) -> None:
    """Look at every row of a file."""
    running.run_check(import_id)


@shared_task(name="newsletter.tasks.run_import")
def run_import(import_id: int) -> None:
    """Add readers for a minute, then queue itself again while there are more."""
    if running.run_import(import_id):
        run_import.delay(import_id)


@shared_task(name="newsletter.tasks.rekick_imports")
def rekick_imports() -> None:
    """Wake imports whose worker is gone."""
    found = actions.to_wake(timezone.now())
    for import_id in found[State.CHECKING]:
        check_import.delay(import_id)
    for import_id in found[State.IMPORTING]:
        run_import.delay(import_id)


@shared_task(name="newsletter.tasks.forget_imports")
def forget_imports() -> None:
    """Forget files that were imported a week ago."""
    actions.forget_old()
