"""The desk's part of a person's account settings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel

from translations.models import DeskPreference
from translations.rights import languages_of


class SummaryForm(forms.ModelForm):
    """Whether a summary comes each morning."""

    class Meta:
        model = DeskPreference
        fields = ["daily_summary"]


class SummaryPanel(BaseSettingsPanel):
    """Shown to whoever writes a language."""

    name = "desk"
    title = _("Translations")
    order = 350
    form_class = SummaryForm

    def is_active(self):
        return bool(languages_of(self.user))

    def get_form(self):
        """The form on the person's preference; made when first saved."""
        found = DeskPreference.objects.filter(user=self.user).first()
        instance = found or DeskPreference(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return self.form_class(data, instance=instance, prefix=self.name)
