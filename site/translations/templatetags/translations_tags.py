"""What the desk's templates say of times."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

register = template.Library()
MINUTE = timedelta(minutes=1)


@register.filter
def for_how_long(since: datetime) -> str:
    """Since when in words: for 3 days."""
    if timezone.now() - since < MINUTE:
        return _("for less than a minute")
    return _("for %(age)s") % {"age": timesince(since)}
