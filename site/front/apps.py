"""The front page, search and the error pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontConfig(AppConfig):
    """What greets a reader."""

    name = "front"
    verbose_name = _("Front page")
