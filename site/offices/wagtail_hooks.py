"""Offices in the admin: the list, the updates and their menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.snippets.models import register_snippet

from offices import views
from offices.models import OfficeProposal
from offices.viewsets import OfficeViewSet

register_snippet(OfficeViewSet)


class UpdatesMenuItem(MenuItem):
    """Says how many changes wait to be decided."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Only to those who may see the list."""
        return views.may_see(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        """The label with the number, if there is anything to do."""
        waiting = OfficeProposal.objects.filter(state=OfficeProposal.State.OPEN).count()
        label = f"{self.label} ({waiting})" if waiting else str(self.label)
        return LinkMenuItem(
            self.name, label, self.url, icon_name=self.icon_name, attrs=self.attrs
        )


@hooks.register("register_admin_menu_item")
def register_updates_menu_item() -> MenuItem:
    """Below the offices themselves."""
    return UpdatesMenuItem(
        _("Office updates"),
        reverse_lazy("offices_updates"),
        name="office-updates",
        icon_name="history",
        order=299,
    )


@hooks.register("register_admin_urls")
def register_updates_urls() -> list:
    """Everything under one prefix."""
    return [
        path("office-updates/", views.UpdatesView.as_view(), name="offices_updates"),
        path(
            "office-updates/<int:pk>/",
            views.ProposalView.as_view(),
            name="offices_proposal",
        ),
        path("office-updates/<int:pk>/decide/", views.decide, name="offices_decide"),
        path("office-updates/check/<int:pk>/", views.check_now, name="offices_check"),
    ]
