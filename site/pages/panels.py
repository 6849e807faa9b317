"""Editing forms: a tab per language, one for what both share, one for search."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets.slug import SlugInput

from pages.comments import LastingCommentPanel
from pages.languages import field, language_name, languages
from pages.models import BilingualPage
from pages.models.columns import State
from pages.reading import Group, Tab


class StatePanel(Panel):
    """Says at the top of a language's tab what readers of it see now."""

    def __init__(self, language, **kwargs):
        super().__init__(**kwargs)
        self.language = language

    def clone_kwargs(self):
        return {**super().clone_kwargs(), "language": self.language}

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/state_panel.html"

        def is_shown(self):
            return super().is_shown() and bool(self.instance.pk)

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            code = self.panel.language
            context["code"], context["name"] = code, language_name(code)
            context["state"] = State(field(self.instance, "state", code))
            context["since"] = field(self.instance, "last_published_at", code)
            context["url"] = self.instance.url_in(code, self.request)
            return context


class ChosenPagePanel(Panel):
    """Under a page chooser in inline rows: what the page is in each language.

    `field_name` is the chooser's, `parent` names what the rows belong to. One query for
    all rows. It names the page, as the chooser may show another one by now.
    """

    def __init__(self, field_name, *, parent, **kwargs):
        super().__init__(**kwargs)
        self.field_name, self.parent = field_name, parent

    def clone_kwargs(self):
        named = {"field_name": self.field_name, "parent": self.parent}
        return {**super().clone_kwargs(), **named}

    def known(self, row):
        """The pages chosen in this row and those beside it, kept on their parent."""
        link = row._meta.get_field(self.parent)
        page = link.get_cached_value(row, default=None)
        if page is None:
            return {}
        if not hasattr(page, "chosen_pages"):
            rows = getattr(page, link.remote_field.get_accessor_name()).all()
            ids = {getattr(row, f"{self.field_name}_id") for row in rows}
            page.chosen_pages = BilingualPage.objects.in_bulk(ids - {None})
        return page.chosen_pages

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/chosen_page.html"

        @cached_property
        def chosen(self):
            pk = getattr(self.instance, f"{self.panel.field_name}_id")
            return self.panel.known(self.instance).get(pk)

        def is_shown(self):
            return super().is_shown() and self.chosen is not None

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            context["chosen"] = self.chosen
            context["states"] = [
                (code, language_name(code), State(field(self.chosen, "state", code)))
                for code in languages()
            ]
            return context


def bilingual_panels(
    *fields: str, shared: Sequence[Panel | str] = ()
) -> TabbedInterface:
    """A form with a tab per language for `fields` and one for what both share."""
    tabs = [
        Tab(
            _language_panels(fields, code),
            heading=language_name(code),
            classname="pg-language",
        )
        for code in languages()
    ]
    page = [FieldPanel("original_language"), FieldPanel("show_in_menus")]
    both = Tab(
        [*shared, *page, LastingCommentPanel()],
        heading=_("Both languages"),
    )
    return TabbedInterface(
        [*tabs, both, _search_tab()], attrs={"data-pg-languages": ""}
    )


def _headline_in(code: str) -> str:
    with translation.override(code):
        return gettext("Headline")


# In the language to be written, whatever language the admin speaks.
headline_in = lazy(_headline_in, str)


def _language_panels(fields: Sequence[str], code: str) -> list[Panel]:
    first, *rest = fields
    return [
        StatePanel(code),
        TitleFieldPanel(
            f"{first}_{code}",
            targets=[f"slug_{code}"],
            apply_if_live=False,
            placeholder=headline_in(code),
        ),
        *(FieldPanel(f"{name}_{code}") for name in rest),
        Group([FieldPanel(f"slug_{code}", widget=SlugInput)], heading=_("Address")),
    ]


def _search_tab() -> Tab:
    """Per language: what search engines and shared links show."""
    panels = [
        Group(
            [FieldPanel(f"meta_title_{code}"), FieldPanel(f"meta_description_{code}")],
            heading=language_name(code),
        )
        for code in languages()
    ]
    return Tab(panels, heading=_("Search engines"))
