"""Stories in the admin: which project and country each is about."""

from __future__ import annotations

from django.db.models import Prefetch
from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from django_filters.filters import ModelMultipleChoiceFilter
from wagtail.admin.ui.tables import Column

from news.models import NewsIndexPage, NewsPage
from pages.viewsets import (
    BilingualIndexView,
    BilingualPageFilterSet,
    BilingualPageViewSet,
)
from topics.models import CountryPage, ProjectPage

TERMS = {"projects": ProjectPage, "countries": CountryPage}


class TermsColumn(Column):
    """The names of a story's projects, or of its countries."""

    def get_value(self, instance):
        """Names one after the other; nothing for a page that is no story."""
        terms = getattr(instance, self.name, None)
        return ", ".join(term.title for term in terms.all()) if terms else ""


class NewsFilterSet(BilingualPageFilterSet):
    """By project and country, beside what every list of pages offers."""

    projects = ModelMultipleChoiceFilter(
        label=_("Projects"),
        queryset=lambda request: ProjectPage.objects.order_by("title"),
        widget=CheckboxSelectMultiple,
    )
    countries = ModelMultipleChoiceFilter(
        label=_("Countries"),
        queryset=lambda request: CountryPage.objects.order_by("title"),
        widget=CheckboxSelectMultiple,
    )

    class Meta(BilingualPageFilterSet.Meta):
        model = NewsPage


class NewsIndexView(BilingualIndexView):
    """What stands under the list of news."""

    model = NewsPage
    base_filterset_class = NewsFilterSet
    # All are stories: the type would say nothing.
    base_columns = [
        *(col for col in BilingualIndexView.base_columns if col.name != "type"),
        TermsColumn("projects", label=_("Projects")),
        TermsColumn("countries", label=_("Countries")),
    ]

    def annotate_queryset(self, pages):
        for name, model in TERMS.items():
            terms = Prefetch(name, queryset=model.objects.only("title"))
            pages = pages.prefetch_related(terms, for_specific_subqueries=True)
        return super().annotate_queryset(pages)


class NewsViewSet(BilingualPageViewSet):
    """Stories, in the explorer under their index."""

    model = NewsPage
    parent_models = [NewsIndexPage]
    index_view_class = NewsIndexView
    filterset_class = NewsFilterSet
