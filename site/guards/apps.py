"""What keeps strangers' input, addresses and links harmless; each thing once."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardsConfig(AppConfig):
    """Outgoing HTTP, CSV, addresses, tokens, limits."""

    name = "guards"
    verbose_name = _("Guards")
