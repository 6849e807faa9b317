"""The office form in the admin: facts, words per language, hours, source."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
)


def office_panels() -> TabbedInterface:
    """Three tabs, the two languages side by side."""
    return TabbedInterface(
        [
            ObjectList(_facts(), heading=_("Office")),
            ObjectList(_hours(), heading=_("Hours")),
            ObjectList(_source(), heading=_("Source")),
        ]
    )


def _facts() -> list[Panel]:
    return [
        _in_every_language("name"),
        _row("country", "region"),
        _in_every_language("city"),
        _row("address", "postal_code"),
        _row("phones", "email"),
        MultiFieldPanel(
            [_row("latitude", "longitude"), FieldPanel("show_point")],
            heading=_("Point on the map"),
        ),
        _in_every_language("notes"),
        _row("last_confirmed_on", "internal_contact"),
    ]


def _hours() -> list[Panel]:
    return [FieldPanel("time_zone"), FieldPanel("opening_hours")]


def _source() -> list[Panel]:
    return [
        FieldPanel("source_url"),
        _row("source_kind", "source_key"),
    ]


def _row(*fields: str) -> FieldRowPanel:
    return FieldRowPanel([FieldPanel(field) for field in fields])


def _in_every_language(field: str) -> FieldRowPanel:
    return _row(*(f"{field}_{code}" for code, _name in settings.LANGUAGES))
