"""The kernel's wiring."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """Pages in two languages."""

    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from mail import shell
        from pages import actions, alts, checks, signal_handlers, trash
        from pages.languages import languages
        from pages.models import BrandSettings
        from people import roles

        for language in languages():
            for role in roles.WRITERS:
                roles.grant(role, f"pages.publish_{language}")
            roles.grant(roles.TRANSLATORS[language], f"pages.publish_{language}")
            roles.grant(roles.NEWSLETTER_SENDER, f"pages.publish_{language}")
        for role in roles.WRITERS:
            roles.grant(role, "pages.change_brandsettings")
        shell.register_brand(BrandSettings.current)
        actions.register_publish_check(alts.require_alt_decisions)
        signal_handlers.connect()
        trash.connect()
        checks.connect()
