"""Pages in the admin: what lists show, what filters offer, which views answer."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple
from django.utils.functional import lazy
from django.utils.translation import gettext
from django_filters.filters import MultipleChoiceFilter
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import (
    ExplorableIndexView,
    GenericPageFilterSet,
    IndexView,
    PageFilterSet,
)
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet

from pages.approval import BilingualWorkflowActionView
from pages.editing import (
    BilingualCreateView,
    BilingualEditView,
    BilingualRevertView,
)
from pages.languages import languages, name_in_words
from pages.models import BilingualPage
from pages.models.columns import State
from pages.moving import BilingualMoveConfirmView


def _state_in(code):
    return gettext("State in %(language)s") % {"language": name_in_words(code)}


state_in = lazy(_state_in, str)
named = lazy(lambda code: name_in_words(code).capitalize(), str)


class StateColumn(Column):
    """What a page is in one language, as a chip."""

    cell_template_name = "pages/admin/state_cell.html"

    def __init__(self, code, *, is_sortable=True):
        name = f"state_{code}"
        key = name if is_sortable else None
        super().__init__(name, label=named(code), sort_key=key, width="10%")

    def get_value(self, instance):
        """The state, for pages that have one."""
        value = getattr(instance, self.name, "")
        return State(value) if value else None


def with_states(columns, *, is_sortable=True):
    """Columns with one per language in place of Wagtail's one status."""
    states = [StateColumn(code, is_sortable=is_sortable) for code in languages()]
    return [column for column in columns if column.name != "status"] + states


def filtered_by_state(filterset):
    """A set of filters with one per language more."""
    for code in languages():
        filterset.declared_filters[f"state_{code}"] = MultipleChoiceFilter(
            field_name=f"state_{code}",
            label=state_in(code),
            choices=State.choices,
            widget=CheckboxSelectMultiple,
        )
    filterset.base_filters = filterset.get_filters()
    return filterset


@filtered_by_state
class BilingualPageFilterSet(GenericPageFilterSet):
    """Wagtail's filters and one per language."""

    class Meta(GenericPageFilterSet.Meta):
        model = BilingualPage


@filtered_by_state
class BilingualListingFilterSet(PageFilterSet):
    """The same for a list of one type of page."""

    class Meta(PageFilterSet.Meta):
        model = BilingualPage


class SearchesWithinFilters:
    """A list that can be filtered while searching by what the search does not know."""

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        if not self.is_searching:
            return found
        return queryset.filter(pk__in=found.order_by().values_list("pk", flat=True))


class BilingualIndexView(SearchesWithinFilters, ExplorableIndexView):
    """The explorer, with what a page is in each language."""

    model = BilingualPage
    base_filterset_class = BilingualPageFilterSet
    base_columns = with_states(ExplorableIndexView.base_columns)


class BilingualListingView(SearchesWithinFilters, IndexView):
    """A list of one type of page, wherever in the tree, with the same columns."""

    base_columns = with_states(IndexView.base_columns)
    results_template_name = "pages/admin/listing_results.html"


class BilingualListing(PageListingViewSet):
    """For rooms whose menu lists pages of a type."""

    index_view_class = BilingualListingView
    filterset_class = BilingualListingFilterSet


class BilingualPageViewSet(PageViewSet):
    """Covers every page type of the site; rooms may register narrower ones."""

    model = BilingualPage
    parent_models = [BilingualPage]
    index_view_class = BilingualIndexView
    add_view_class = BilingualCreateView
    edit_view_class = BilingualEditView
    revisions_revert_view_class = BilingualRevertView
    move_confirm_view_class = BilingualMoveConfirmView
    workflow_action_view_class = BilingualWorkflowActionView
    filterset_class = BilingualPageFilterSet
