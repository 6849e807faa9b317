"""What makes the rooms one site: settings, URLs, Celery, WSGI. Wiring only."""

from __future__ import annotations

from config.celery import app as celery_app

__all__ = ["celery_app"]
