"""Celery's way to the actions of this room."""

from __future__ import annotations

from celery import shared_task

from mail import actions


@shared_task
def send_queued(mail_id: int) -> None:
    """Send one mail; a second run finds it claimed and returns."""
    actions.send_mail(mail_id=mail_id)


@shared_task
def requeue_stuck_mail() -> None:
    """Wake what is due and what a killed worker left lying."""
    for mail_id in actions.requeue_stuck():
        send_queued.delay(mail_id)


@shared_task
def forget_old_mail() -> None:
    """Delete what became of old mails."""
    actions.forget_old()
