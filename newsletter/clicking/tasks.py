"""What beat asks of clicks."""

from __future__ import annotations

from celery import shared_task

from newsletter.clicking import counting


@shared_task(name="newsletter.tasks.write_clicks")
def write_clicks() -> None:
    """Write the clicks of the last minute."""
    counting.flush()
