"""What wakes a worker for pictures."""

from __future__ import annotations

from celery import shared_task

from pictures import making


@shared_task
def make_renditions(picture_id: int) -> None:
    """Make the files of a picture that pages show."""
    making.make(picture_id)


@shared_task
def make_waiting_renditions() -> None:
    """Wake for what nobody was woken for."""
    making.wake_the_next()
