"""What people are asked about sendings, and how a newsletter may be sent."""

from __future__ import annotations

import re
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
from newsletter.dispatching.repairing import Verdict
from newsletter.models import Newsletter

NUMBER = re.compile("[0-9]{1,18}")  # fits into the database's numbers


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


class ResolveForm(forms.Form):
    """What uncertain mails are taken for, and which: all, or the ticked ones."""

    verdict = forms.ChoiceField(choices=[(each, each) for each in Verdict])
    which = forms.ChoiceField(choices=[("all", "all"), ("chosen", "chosen")])
    delivery = forms.TypedMultipleChoiceField(coerce=int, required=False)
    expected = forms.IntegerField(required=False)

    def __init__(self, data=None):
        super().__init__(data)
        given = data.getlist("delivery") if data else []
        known = [text for text in given if NUMBER.fullmatch(text)]
        self.fields["delivery"].choices = [(text, text) for text in known]

    def clean(self):
        """At least one, where some are to be chosen, and none where all are."""
        found = super().clean()
        which, ticked = found.get("which"), found.get("delivery")
        if which == "chosen" and not ticked:
            raise ValidationError(_("Tick at least one mail, or choose all."))
        if which == "all" and ticked:
            text = _("Some mails are ticked, but all are chosen. Say which you mean.")
            raise ValidationError(text)
        return found

    @property
    def ticked(self) -> list[int]:
        """Numbers of deliveries, as they were sent."""
        return [int(text) for text, _label in self.fields["delivery"].choices]

    @property
    def verdict_of(self) -> Verdict:
        """What they are taken for."""
        return Verdict(self.cleaned_data["verdict"])

    @property
    def chosen(self) -> list[int] | None:
        """Numbers of deliveries, None for all."""
        if self.cleaned_data["which"] == "all":
            return None
        return self.cleaned_data["delivery"]


class AllowForm(forms.Form):
    """Why sendings go on in spite of complaints."""

    reason = forms.CharField(
        label=gettext_lazy("Why it may go on"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why.")},
    )
