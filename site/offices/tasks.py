"""What beat and the worker do for offices."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from offices import actions


@shared_task
def check_sources() -> None:
    """Wake one task per source that is due; twice at once asks each source once."""
    for pk in actions.due_sources(at=timezone.now()):
        check_one_source.delay(pk)


@shared_task
def check_one_source(office_pk: int) -> None:
    """Ask one office's source, unless another worker just did."""
    actions.check_due_source(office_pk=office_pk, at=timezone.now())
