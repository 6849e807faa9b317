"""What beat asks of subscribing."""

from __future__ import annotations

from celery import shared_task

from newsletter.subscribing import forgetting, reminding


@shared_task(name="newsletter.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget who never confirmed."""
    forgetting.forget_unconfirmed()


@shared_task(name="newsletter.tasks.remind_unconfirmed")
def remind_unconfirmed() -> None:
    """Ask once more who has not confirmed, where the newsletter says so."""
    reminding.remind_unconfirmed()
