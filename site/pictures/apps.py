"""Pictures and files."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PicturesConfig(AppConfig):
    """The site's own picture and file models."""

    name = "pictures"
    verbose_name = _("Pictures and files")

    def ready(self) -> None:
        from wagtail.admin.views.account import AvatarSettingsPanel

        from people import roles
        from pictures import signal_handlers
        from pictures.forms import AvatarForm

        # Wagtail has no setting for it.
        AvatarSettingsPanel.form_class = AvatarForm
        signal_handlers.connect()
        for model in ("image", "document"):
            for role in roles.ROLES:
                roles.grant_on_uploads(role, "choose", model)
            for role in (*roles.WRITERS, roles.NEWSLETTER_SENDER):
                roles.grant_on_uploads(role, "add", model)
            for role in roles.WRITERS:
                roles.grant_on_uploads(role, "change", model)
