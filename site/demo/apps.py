"""Demo content: a fictional centre to try the site with."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The top room: it fills an empty site and gives it people to log in as."""

    name = "demo"
    verbose_name = _("Demo content")
