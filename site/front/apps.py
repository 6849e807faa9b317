"""The front page, search and the error pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontConfig(AppConfig):
    """What greets a reader."""

    name = "front"
    verbose_name = _("Front page")

    def ready(self) -> None:
        """Have cards for link previews made, and say what the front page is."""
        from front.sharing import making, signal_handlers
        from front.urls import PRIVACY
        from pages import paths
        from pages.rebuilding import register_step

        signal_handlers.connect()
        register_step("share pictures", making.rebuild)
        paths.reserve(*PRIVACY.values())
