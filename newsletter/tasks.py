"""The newsletter's Celery tasks, where Celery looks for them."""

from __future__ import annotations

from newsletter.dispatching.tasks import rekick_dispatches, run_dispatch

__all__ = ["rekick_dispatches", "run_dispatch"]
