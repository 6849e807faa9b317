"""Subscribers in the admin: found, looked at and added, never edited."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from newsletter.composing.permissions import may_see_readers
from newsletter.importing import views as importing
from newsletter.models import SEND, Subscriber
from newsletter.readership import adding, exporting, filtering
from newsletter.readership.finding import (
    SubscriberFilterSet,
    criteria_in,
    with_address,
)
from newsletter.readership.history import MOST, history_of
from newsletter.readership.paging import CappedPaginator
from newsletter.subscribing.names import topics_in
from pages.languages import current_language


class NeverEditedPolicy(ModelPermissionPolicy):
    """Viewing and adding with proof: consent is the subscriber's to change."""

    def user_has_permission(self, user, action):
        """Whether this changes nobody, and is allowed."""
        may_be = action in {"view", "add"}
        return may_be and super().user_has_permission(user, action)


register_permission_policy(Subscriber, NeverEditedPolicy(Subscriber))


def subscriptions_of(subscriber: Subscriber) -> str:
    """Each newsletter with its state, for a cell of the list."""
    rows = subscriber.subscriptions.all()
    return ", ".join(f"{row.newsletter}: {row.state_by_now.label}" for row in rows)


class SubscriberIndexView(generic.IndexView):
    """The list, newest first, with every subscription fetched at once."""

    default_ordering = "-created_at"
    paginator_class = CappedPaginator

    def get_base_queryset(self):
        """Subscribers with their subscriptions and newsletters."""
        rows = super().get_base_queryset()
        return rows.prefetch_related("subscriptions__newsletter")

    def filter_queryset(self, queryset):
        """Nobody where the filter makes no sense, as when its project is gone."""
        if self.filters and not self.filters.is_valid():
            return queryset.none()
        return super().filter_queryset(queryset)

    def order_queryset(self, queryset):
        """Always the same among equals, so that no page repeats or skips anybody."""
        rows = super().order_queryset(queryset)
        return rows.order_by(*rows.query.order_by, "-pk")

    def search_queryset(self, queryset):
        """By the address itself, or by a part of it."""
        if not self.is_searching:
            return queryset
        return with_address(queryset, self.search_query)

    @property
    def header_more_buttons(self):
        """Keeping the filter, and exporting what is shown."""
        buttons = super().header_more_buttons
        criteria = urlencode(criteria_in(self.request.GET))
        url = reverse("subscribers:filters") + (f"?{criteria}" if criteria else "")
        label = _("Save this filter…") if criteria else _("Saved filters…")
        buttons.append(Button(label, url=url, icon_name="sliders", priority=40))
        if self.request.user.has_perm(adding.ADD):
            url = reverse("subscribers:imports")
            label = _("Import a file (CSV)…")
            buttons.append(Button(label, url=url, icon_name="upload", priority=45))
        if may_see_readers(self.request.user):
            query = self.request.GET.urlencode()
            url = reverse("subscribers:export") + (f"?{query}" if query else "")
            label = _("Export as a table (CSV)…")
            buttons.append(Button(label, url=url, icon_name="download", priority=50))
        return buttons


class SubscriberInspectView(generic.InspectView):
    """One reader: what they get, what happened, and what may be done about them."""

    @property
    def header_more_buttons(self):
        """Recording a complaint, for whoever sends."""
        buttons = super().header_more_buttons
        if self.object.address and self.request.user.has_perm(SEND):
            url = reverse("newsletter_complain", args=[self.object.pk])
            label = _("Record a complaint…")
            buttons.append(Button(label, url=url, icon_name="warning", priority=30))
        return buttons

    def get_context_data(self, **kwargs):
        rows = self.object.subscriptions.select_related("newsletter")
        history = history_of(self.object)
        return super().get_context_data(**kwargs) | {
            "subscriptions": [
                (row, topics_in(row, current_language()), row.is_away(timezone.now()))
                for row in rows.prefetch_related("projects", "countries")
            ],
            "history": history[:MOST],
            "is_cut": len(history) > MOST,
        }


class SubscriberViewSet(ModelViewSet):
    """Search by address, filter, look, add, export."""

    model = Subscriber
    name = "subscribers"
    icon = "group"
    menu_label = pgettext_lazy("people", "Subscribers")
    menu_order = 150
    add_to_admin_menu = False
    index_view_class = SubscriberIndexView
    copy_view_enabled = False
    inspect_view_class = SubscriberInspectView
    inspect_view_enabled = True
    inspect_view_fields = ["address", "language", "health", "created_at"]
    index_results_template_name = "newsletter/admin/subscribers_results.html"
    inspect_template_name = "newsletter/admin/subscriber.html"
    exclude_form_fields = ["address_hash"]
    search_fields = ["address"]
    search_backend_name = None
    filterset_class = SubscriberFilterSet
    list_per_page = 50

    @property
    def add_view(self):
        """Ours asks for the proof."""
        return adding.add

    def get_urlpatterns(self):
        """As of every listing, the export, saved filters and imports."""
        return [
            path("export/", exporting.export, name="export"),
            path("filters/", filtering.filters, name="filters"),
            path("filters/<int:pk>/delete/", filtering.delete, name="delete_filter"),
            path("import/", importing.imports, name="imports"),
            path("import/new/", importing.new, name="import_new"),
            path("import/<int:pk>/", importing.one, name="import"),
            path("import/<int:pk>/columns/", importing.columns, name="import_columns"),
            path("import/<int:pk>/counts/", importing.counts, name="import_counts"),
            path("import/<int:pk>/start/", importing.start, name="import_start"),
            path("import/<int:pk>/cancel/", importing.cancel, name="import_cancel"),
            path("import/<int:pk>/forget/", importing.forget, name="import_forget"),
            path("import/<int:pk>/report/", importing.report, name="import_report"),
            *super().get_urlpatterns(),
        ]

    def _inspect_url(self, subscriber):
        return reverse(self.get_url_name("inspect"), args=[subscriber.pk])

    @property
    def list_display(self):
        """Address, language, health, what they get and since when."""
        return [
            TitleColumn(
                "address",
                label=_("address"),
                accessor=str,
                sort_key="address",
                get_url=self._inspect_url,
            ),
            Column("get_language_display", label=_("language"), sort_key="language"),
            Column("get_health_display", label=_("health"), sort_key="health"),
            Column("newsletters", label=_("newsletters"), accessor=subscriptions_of),
            DateColumn("created_at", label=_("known since"), sort_key="created_at"),
        ]
