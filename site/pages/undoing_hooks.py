"""How the trash joins Wagtail: its addresses, menu item and messages."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from pages.undoing import DeletedPagesView, RestoreView, may_see_trash, offer_undo


class DeletedPagesMenuItem(MenuItem):
    """Shown to whoever may bring something back."""

    def is_shown(self, request):
        return may_see_trash(request.user)


@hooks.register("register_reports_menu_item")
def deleted_pages_menu():
    return DeletedPagesMenuItem(
        _("Recently deleted"),
        reverse("pages_deleted"),
        name="recently-deleted",
        icon_name="bin",
        order=700,
    )


@hooks.register("register_admin_urls")
def trash_urls():
    return [
        path("deleted/", DeletedPagesView.as_view(), name="pages_deleted"),
        path("deleted/<int:pk>/", RestoreView.as_view(), name="pages_restore"),
    ]


@hooks.register("after_delete_page")
def offer_to_undo(request, page):
    offer_undo(request, [page.pk])


@hooks.register("after_bulk_action")
def offer_to_undo_in_bulk(request, action_type, objects, action):
    if action_type == "delete":
        offer_undo(request, [page.pk for page in objects])


@hooks.register("register_log_actions")
def log_restoring(actions):
    actions.register_action(
        "pages.restore", _("Bring back"), _("Brought back after it was deleted")
    )
