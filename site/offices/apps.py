"""Offices and what keeps them current."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    """Where people find us."""

    name = "offices"
    label = "offices"
    verbose_name = _("Offices")

    def ready(self) -> None:
        """Say who may do what with offices."""
        from offices import json_ld, merging
        from offices.models import Office
        from pages.structured import register_nodes
        from people import roles
        from translations.registering import register_texts

        merging.connect()
        register_nodes("offices.officeindexpage", json_ld.nodes_of_all)
        register_nodes("topics.countrypage", json_ld.nodes_of_country)
        register_texts(Office.objects.shown)

        for role in (roles.ADMINISTRATOR, roles.OFFICE_KEEPER):
            for action in ("add", "change", "delete", "publish", "view"):
                roles.grant(role, f"offices.{action}_office")
        # What a source proposes waits for an editor's word.
        for action in ("change", "publish", "view"):
            roles.grant(roles.EDITOR, f"offices.{action}_office")
