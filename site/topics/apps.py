"""The two vocabularies of the site."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TopicsConfig(AppConfig):
    """Projects and countries: the term is its own hub page."""

    name = "topics"
    verbose_name = _("Projects and countries")

    def ready(self) -> None:
        """Say who may merge two terms, keep those in use, have them found by name."""
        from pages.searching import register_names
        from people import roles
        from topics import searching, signal_handlers
        from topics.merging import MAY_MERGE

        signal_handlers.connect()
        register_names(searching.names)
        for role in roles.WRITERS:
            roles.grant(role, MAY_MERGE)
