"""What Celery asks of the front room."""

from __future__ import annotations

from celery import shared_task

from front.sharing import making

ROUND_S = 60  # beat asks again


@shared_task
def make_share_picture(pk: int) -> bool:
    """Draw one card, if it is due."""
    return making.make(pk=pk)


@shared_task
def make_due_share_pictures() -> None:
    """Have each card that is due drawn, in a task of its own."""
    for pk in making.due():
        make_share_picture.apply_async([pk], expires=ROUND_S)


@shared_task
def settle_share_pictures() -> int:
    """Ask for cards that are missing, and take away what nobody may see."""
    return making.settle()
