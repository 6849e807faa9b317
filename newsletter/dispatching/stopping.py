"""Stopping within seconds when the worker is asked to.

Celery tells only the main process of a worker; the sending happens in its children. A
file named after the main process is what both can see.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def is_stopping() -> bool:
    """True once this process, or the worker it belongs to, is shutting down."""
    return _marker(os.getpid()).exists() or _marker(os.getppid()).exists()


def note_stop() -> None:
    """This worker is shutting down."""
    _marker(os.getpid()).touch()


def forget_stop() -> None:
    """This worker has started or is gone; process numbers are used again."""
    _marker(os.getpid()).unlink(missing_ok=True)


def _marker(process: int) -> Path:
    return Path(settings.DATA_DIR) / "journal" / f"stopping-{process}"
