"""What is not a person's to write is shown to them as text, never hidden.

A translator reads the original beside the fields to fill. Forms drop the fields of
others (`pages.forms`); the groups here put text where such a field would stand.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.template.defaultfilters import linebreaksbr, yesno
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.panels.base import Panel
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from pages import rights
from pages.segments import block_segments


class ReadableField(FieldPanel.BoundPanel):
    """A field without an input: its name and what it says."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.read_only = True
        column = self.panel.db_field
        self.heading = self.panel.heading or capfirst(column.verbose_name)
        self.help_text = ""

    def get_read_only_context_data(self):
        context = {
            "label": f"{self.id_for_label()}-label",
            "text": as_text(self.instance, self.panel.db_field),
            "lang": rights.language_of(type(self.instance), self.field_name),
        }
        text = render_to_string("pages/admin/reading.html", context)
        return {"rendered_field": text, "show_add_comment_button": False}


class ReadableRows(InlinePanel.BoundPanel):
    """Inline rows whose own words may be written, but which stay as they are."""

    template_name = "pages/admin/readable_rows.html"
    telepath_adapter_name = "wagtail.panels.Panel"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for row in self.children:
            row.children = [readable(field) for field in row.children]

    def telepath_pack(self, context):
        # As a plain panel: Wagtail's script would add, move and delete rows.
        return (self.telepath_adapter_name, [Panel.BoundPanel.js_opts(self)])


class ReadableChildren:
    """A group that replaces what the form dropped."""

    @cached_property
    def children(self):
        return [readable(child) for child in super().children]


class Tab(ObjectList):
    """A tab of the page editor."""

    class BoundPanel(ReadableChildren, ObjectList.BoundPanel):
        pass


class Group(MultiFieldPanel):
    """Fields under one heading."""

    class BoundPanel(ReadableChildren, MultiFieldPanel.BoundPanel):
        pass


def readable(bound: Any) -> Any:
    """A bound panel; one to read in place of one whose field the form dropped."""
    if bound.form is None:
        return bound
    if isinstance(bound, FieldPanel.BoundPanel) and bound.bound_field is None:
        return _replaced(bound, ReadableField)
    if isinstance(bound, InlinePanel.BoundPanel) and not _may_shape(bound):
        return _replaced(bound, ReadableRows)
    return bound


def _may_shape(bound: Any) -> bool:
    """Whether the person at the form may add rows to it, and take them away."""
    form = bound.form
    return rights.may_write_shared(form.for_user, bound.instance) and not form.held


def _replaced(bound: Any, by: type) -> Any:
    return by(
        panel=bound.panel,
        instance=bound.instance,
        request=bound.request,
        form=bound.form,
        prefix=bound.prefix,
    )


def as_text(instance: models.Model, column: Any) -> Any:
    """What a field says, as safe HTML; empty where it says nothing."""
    value = getattr(instance, column.name)
    if isinstance(column, StreamField):
        return format_html_join("", "{}", ((_block(child),) for child in value or []))
    if isinstance(column, RichTextField):
        return RichText(value or "").__html__() if value else ""
    if callable(getattr(value, "all", None)):
        return ", ".join(str(item) for item in value.all())
    if isinstance(value, bool):
        return yesno(value)
    if column.choices:
        return dict(column.flatchoices).get(value, value)
    return linebreaksbr("" if value is None else localize(value))


def _block(child: Any) -> Any:
    if isinstance(child.value, RichText):
        return child.value.__html__()
    texts = block_segments("", child.block, child.value).values()
    text = " · ".join(segment.text for segment in texts if segment.text)
    return format_html("<p>{}</p>", text or child.block.label)
