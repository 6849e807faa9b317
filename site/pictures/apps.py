"""Pictures and files."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    """The site's own picture and file models."""

    name = "pictures"
    verbose_name = _("Pictures and files")

    def ready(self) -> None:
        from people import roles

        for model in ("image", "document"):
            for role in roles.ROLES:
                roles.grant_on_uploads(role, "choose", model)
            for role in (*roles.WRITERS, roles.NEWSLETTER_SENDER):
                roles.grant_on_uploads(role, "add", model)
            for role in roles.WRITERS:
                roles.grant_on_uploads(role, "change", model)
