"""Transactional mail: rendered in a named language, queued, sent."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """Single mails to one person; issues go through the delivery engine."""

    name = "mail"
    verbose_name = _("Mail")
