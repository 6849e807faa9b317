"""The people who work on the site."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, and roles as groups with permissions."""

    name = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from people import roles
        from people.signal_handlers import give_roles_their_permissions

        roles.grant_the_base()
        post_migrate.connect(give_roles_their_permissions, dispatch_uid="people.roles")
