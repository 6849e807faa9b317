"""Forms of the page editor."""

from __future__ import annotations

from itertools import chain

from django import forms
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from pages import paths, rights

COMMENTS = "comments"


class BilingualPageForm(WagtailAdminPageForm):
    """The editor's form; it takes from each person what is theirs to write.

    Fields of others are not in it, so that nothing sent for them counts. Saving weaves
    what is left into the latest draft, whatever version the form was about.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.future_parent = self.parent_page
        is_known = self.instance.pk and self.for_user
        self.held = self.instance.held_from(self.for_user) if is_known else []
        if self.for_user:
            self._drop_fields_of_others()

    def _drop_fields_of_others(self):
        rows = [self.formsets[name].forms for name in self.formsets if name != COMMENTS]
        for form in [self, *chain.from_iterable(rows)]:
            for name in _content_fields(form):
                if not self.may_write(form, name):
                    del form.fields[name]

    def may_write(self, form, name):
        """Whether a field, here or in a row, is for the person at the form."""
        model = form._meta.model
        if self.held and rights.language_of(model, name) in {None, *self.held}:
            return False
        return rights.may_write_field(self.for_user, model, name, self.instance)

    def save(self, commit=True):
        is_new = not self.instance.pk
        may_all = is_new or rights.may_write_all(self.for_user, self.instance)
        if may_all and not self.held:
            return super().save(commit=commit)
        draft = super().save(commit=False)
        page = rights.only_permitted(self._latest_draft(), draft, self.for_user)
        if commit:
            page.save()
            self.save_m2m()
        return page

    def _latest_draft(self):
        row = type(self.instance).objects.get(pk=self.instance.pk)
        return row.get_latest_revision_as_object()


def _content_fields(form):
    """The fields of a form that are columns of its model, less its key."""
    model = form._meta.model._meta
    columns = {column.name for column in model.get_fields()} - {model.pk.name}
    return [name for name in form.fields if name in columns]


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
