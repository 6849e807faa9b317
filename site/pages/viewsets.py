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
)
from wagtail.admin.viewsets.pages import PageViewSet

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

    def __init__(self, code):
        name = f"state_{code}"
        super().__init__(name, label=named(code), sort_key=name, width="10%")

    def get_value(self, instance):
        """The state, for pages that have one."""
        value = getattr(instance, self.name, "")
        return State(value) if value else None


class BilingualPageFilterSet(GenericPageFilterSet):
    """Wagtail's filters and one per language."""

    class Meta(GenericPageFilterSet.Meta):
        model = BilingualPage


for _code in languages():
    BilingualPageFilterSet.base_filters[f"state_{_code}"] = MultipleChoiceFilter(
        field_name=f"state_{_code}",
        label=state_in(_code),
        choices=State.choices,
        widget=CheckboxSelectMultiple,
    )


class BilingualIndexView(ExplorableIndexView):
    """The explorer, with a column per language in place of Wagtail's one status."""

    model = BilingualPage
    base_filterset_class = BilingualPageFilterSet
    base_columns = [
        column for column in ExplorableIndexView.base_columns if column.name != "status"
    ] + [StateColumn(code) for code in languages()]


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
