"""What the desk does when the kernel says that a translation fell behind."""

from __future__ import annotations

from typing import Any

from pages.models import BilingualPage
from pages.signals import fell_behind
from translations import notices


def connect() -> None:
    """Listen to the kernel."""
    fell_behind.connect(tell_the_translator, dispatch_uid="translations.behind")


def tell_the_translator(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """Mail whoever confirmed the translation last."""
    notices.tell_behind(page, language)
