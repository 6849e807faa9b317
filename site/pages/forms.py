"""Forms of the page editor."""

from __future__ import annotations

from django import forms
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from pages import paths


class BilingualPageForm(WagtailAdminPageForm):
    """The editor's form; tells a new page what it will stand under."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.future_parent = self.parent_page


class BilingualCopyForm(CopyForm):
    """Copies are never live, never aliases, and get their address from the headline."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("publish_copies", None)
        self.fields.pop("alias", None)
        for name in ("new_title", "new_slug"):
            self.fields[name].widget = forms.HiddenInput()
        self.fields["new_slug"].initial = paths.new_internal_slug()
        self.fields["new_slug"].required = False

    def clean_new_slug(self):
        """A slug of its own, whatever was sent."""
        return paths.new_internal_slug()
