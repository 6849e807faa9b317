"""Celery's way to the actions of this room."""

from __future__ import annotations

from celery import shared_task

from translations import waiting


@shared_task
def send_summaries() -> None:
    """Queue the daily summaries; a second run the same day queues none."""
    waiting.send_summaries()
