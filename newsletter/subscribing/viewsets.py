"""Subscribers in the admin: found and looked at, never edited behind their backs."""

from __future__ import annotations

import django_filters
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import Button
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from newsletter.models import SEND, Newsletter, Subscriber, Subscription


class LookingOnlyPolicy(ModelPermissionPolicy):
    """Only viewing is ever allowed: consent is the subscriber's to give and change."""

    def user_has_permission(self, user, action):
        """Whether this is viewing, and allowed."""
        return action == "view" and super().user_has_permission(user, action)


register_permission_policy(Subscriber, LookingOnlyPolicy(Subscriber))


class SubscriberFilterSet(WagtailFilterSet):
    """By newsletter, state, language and health."""

    newsletter = django_filters.ModelChoiceFilter(
        label=_("newsletter"),
        field_name="subscriptions__newsletter",
        queryset=Newsletter.objects.all(),
        distinct=True,
    )
    state = django_filters.ChoiceFilter(
        label=_("state"),
        field_name="subscriptions__state",
        choices=Subscription.State,
        distinct=True,
    )
    language = django_filters.ChoiceFilter(
        label=_("language"), choices=settings.LANGUAGES
    )

    class Meta:
        model = Subscriber
        fields = ["newsletter", "state", "language", "health"]


def subscriptions_of(subscriber: Subscriber) -> str:
    """Each newsletter with its state, for a cell of the list."""
    rows = subscriber.subscriptions.all()
    return ", ".join(f"{row.newsletter}: {row.get_state_display()}" for row in rows)


class SubscriberIndexView(generic.IndexView):
    """The list, with every subscription fetched at once."""

    def get_base_queryset(self):
        """Subscribers with their subscriptions and newsletters."""
        return (
            super()
            .get_base_queryset()
            .prefetch_related("subscriptions__newsletter")
            .order_by("-created_at")
        )


class SubscriberInspectView(generic.InspectView):
    """One reader, with what may be done about them."""

    @property
    def header_more_buttons(self):
        """Recording a complaint, for whoever sends."""
        buttons = super().header_more_buttons
        if self.object.address and self.request.user.has_perm(SEND):
            url = reverse("newsletter_complain", args=[self.object.pk])
            label = _("Record a complaint…")
            buttons.append(Button(label, url=url, icon_name="warning", priority=30))
        return buttons


class SubscriberViewSet(ModelViewSet):
    """Search by address, filter, look."""

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
    exclude_form_fields = ["address_hash"]
    search_fields = ["address"]
    search_backend_name = None
    filterset_class = SubscriberFilterSet
    list_per_page = 50

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
