"""Choosing a page, with what it is in each language in sight."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.views.chooser import BrowseView, SearchView

from pages.viewsets import with_states


class BilingualBrowseView(BrowseView):
    """Wagtail's, with a column per language."""

    @property
    def columns(self):
        return with_states(super().columns, is_sortable=False)


class BilingualSearchView(SearchView):
    """The same for what was searched for."""

    @property
    def columns(self):
        return with_states(super().columns, is_sortable=False)


# Under Wagtail's names: Django leads to whichever was declared last.
URLS = [
    path("choose/", BilingualBrowseView.as_view(), name="wagtailadmin_choose_page"),
    path(
        "choose/<int:parent_page_id>/",
        BilingualBrowseView.as_view(),
        name="wagtailadmin_choose_page_child",
    ),
    path(
        "choose/search/",
        BilingualSearchView.as_view(),
        name="wagtailadmin_choose_page_search",
    ),
]
