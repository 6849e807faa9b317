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
        from pages import (
            actions,
            alts,
            checks,
            privacy,
            signal_handlers,
            trash,
            widgets,
        )
        from pages.models import BrandSettings

        _grant_rights()
        shell.register_brand(BrandSettings.current)
        actions.register_publish_check(alts.require_alt_decisions)
        signal_handlers.connect()
        trash.connect()
        privacy.connect()
        checks.connect()
        widgets.connect()


def _grant_rights() -> None:
    """Writers everything; a translator the words of one language."""
    from pages import rights
    from pages.languages import languages
    from people import roles

    for language in languages():
        for role in (*roles.WRITERS, roles.TRANSLATORS[language]):
            roles.grant(role, f"pages.write_{language}")
            roles.grant(role, f"pages.publish_{language}")
    for role in roles.WRITERS:
        roles.grant(role, rights.SHARED)
        roles.grant(role, "pages.change_brandsettings")
    roles.grant(roles.ADMINISTRATOR, rights.RESTRICT)
