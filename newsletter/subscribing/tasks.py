"""What beat asks of subscribing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from newsletter.subscribing import actions, forgetting, reminding


@shared_task(name="newsletter.tasks.forget_unconfirmed")
def forget_unconfirmed() -> None:
    """Forget who never confirmed."""
    forgetting.forget_unconfirmed()


@shared_task(name="newsletter.tasks.remind_unconfirmed")
def remind_unconfirmed() -> None:
    """Ask once more who has not confirmed, where the newsletter says so."""
    reminding.remind_unconfirmed()


@shared_task(name="newsletter.tasks.mail_preferences")
def mail_preferences(digest: str) -> None:
    """Mail the links to their preferences to who asked, if they are a reader."""
    actions.mail_preferences(digest=digest, at=timezone.now())
