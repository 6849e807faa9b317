"""What beat asks of subscribing."""

from __future__ import annotations

from celery import shared_task

from newsletter.subscribing import forgetting


@shared_task(name="newsletter.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget who never confirmed."""
    forgetting.forget_unconfirmed()
