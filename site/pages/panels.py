"""Editing forms: a tab per language, one for what both share, one for search."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from pages.languages import language_name, languages


def bilingual_panels(
    *fields: str, shared: Sequence[Panel | str] = ()
) -> TabbedInterface:
    """A form with a tab per language for `fields` and one for what both share."""
    tabs = [
        ObjectList(_language_panels(fields, code), heading=language_name(code))
        for code in languages()
    ]
    both = ObjectList(
        [*shared, FieldPanel("original_language"), CommentPanel()],
        heading=_("Both languages"),
    )
    return TabbedInterface([*tabs, both, _search_tab()])


def _language_panels(fields: Sequence[str], code: str) -> list[Panel]:
    first, *rest = fields
    return [
        TitleFieldPanel(
            f"{first}_{code}", targets=[f"slug_{code}"], apply_if_live=False
        ),
        *(FieldPanel(f"{name}_{code}") for name in rest),
        MultiFieldPanel([FieldPanel(f"slug_{code}")], heading=_("Address")),
    ]


def _search_tab() -> ObjectList:
    """Per language: what search engines and shared links show."""
    panels = [
        MultiFieldPanel(
            [FieldPanel(f"meta_title_{code}"), FieldPanel(f"meta_description_{code}")],
            heading=language_name(code),
        )
        for code in languages()
    ]
    return ObjectList(panels, heading=_("Search engines"))
