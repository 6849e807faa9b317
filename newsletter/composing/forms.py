"""When to send an issue."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from newsletter.composing.scheduling import site_zone


class ScheduleForm(forms.Form):
    """One moment to come, in the site's time zone whatever the reader's own is."""

    at = forms.DateTimeField(
        label=format_lazy("{} ({})", gettext_lazy("When"), settings.TIME_ZONE),
        widget=AdminDateTimeInput,
        error_messages={"required": gettext_lazy("Choose a date and a time.")},
    )

    def full_clean(self):
        with timezone.override(site_zone()):
            super().full_clean()

    def clean_at(self):
        """A moment that is still to come."""
        at = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("Choose a moment that is still to come."))
        return at
