"""What happens to roles after a migration."""

from __future__ import annotations

from django.apps import AppConfig, apps

from people import roles


def give_roles_their_permissions(sender: AppConfig, **kwargs) -> None:
    """Once all apps have made their permissions, give each role its own."""
    last = [app for app in apps.get_app_configs() if app.models_module][-1]
    if sender.name == last.name:
        roles.write_grants()
