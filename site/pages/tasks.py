"""What beat asks of the kernel, and what can wait."""

from __future__ import annotations

from celery import shared_task

from pages import actions, forgetting, trash


@shared_task
def run_due_publications() -> int:
    """Publish and take down whatever is due."""
    return actions.run_due_publications()


@shared_task
def forget_deleted_pages() -> int:
    """Drop deleted pages that have been kept long enough."""
    return trash.forget_old()


@shared_task
def forget_revisions() -> int:
    """Delete old versions of pages."""
    return forgetting.forget_revisions()


@shared_task
def remember_again(ids: list[int]) -> int:
    """Write the search rows again of pages whose pictures or documents changed."""
    return actions.remember_again(ids)
