"""What beat asks of numbers."""

from __future__ import annotations

from celery import shared_task

from newsletter.numbers import counting, keeping


@shared_task(name="newsletter.tasks.write_numbers")
def write_numbers() -> None:
    """Add up what readers of the sendings that are over follow."""
    counting.write_all()


@shared_task(name="newsletter.tasks.write_reader_numbers")
def write_reader_numbers() -> None:
    """Add up each newsletter's readers."""
    keeping.write_all()
