"""When to send an issue, and how a newsletter may be sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from newsletter.composing.scheduling import site_zone
from newsletter.models import Newsletter


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


def _words(name: str) -> dict[str, Any]:
    """Label and help of a newsletter's field that may be left empty."""
    field = Newsletter._meta.get_field(name)
    label = capfirst(field.verbose_name)
    return {"label": label, "help_text": field.help_text, "required": False}


class NewsletterForm(WagtailAdminModelForm):
    """A newsletter's own time zone and days, to choose from."""

    time_zone = forms.ChoiceField(
        choices=[
            (
                "",
                format_lazy("{} ({})", gettext_lazy("The site's"), settings.TIME_ZONE),
            ),
            *((zone, zone) for zone in settings.WAGTAIL_USER_TIME_ZONES),
        ],
        **_words("time_zone"),
    )
    send_days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS.items(),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        **_words("send_days"),
    )
