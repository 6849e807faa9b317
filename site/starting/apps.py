"""What a new site begins with: its frame of pages, and what to do first."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StartingConfig(AppConfig):
    """Above every room whose pages a new site needs."""

    name = "starting"
    verbose_name = _("First steps")
