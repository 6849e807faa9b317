"""How the kernel joins Wagtail: its hooks, declared."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

import pages.undoing_hooks  # noqa: F401  registers its own
from pages import (
    choosers,
    content_checker,
    foreign_features,
    history,
    menus,
    rights,
    standing,
)
from pages.admin_api import BilingualPagesAPIViewSet
from pages.languages import languages
from pages.models import BilingualPage
from pages.moving import BilingualMoveBulkAction, refusal_to_move
from pages.viewsets import BilingualPageViewSet


# After Wagtail's own hook (order 0) has checked restrictions: an address that only
# some may see is not told to others.
@hooks.register("on_serve_page", order=100)
def answer_moved_pages(next_serve):
    """Send readers of an old address to the present one."""

    def serve(page, request, args, kwargs):
        moved_to = getattr(request, "moved_to", None)
        if moved_to is None:
            return next_serve(page, request, args, kwargs)
        return HttpResponsePermanentRedirect(moved_to)

    return serve


@hooks.register("register_admin_viewset")
def register_pages():
    return BilingualPageViewSet("bilingual_pages")


@hooks.register("construct_admin_api", order=100)
def answer_the_admin(router):
    """In place of Wagtail's own, which knows no rights by language."""
    router.register_endpoint("pages", BilingualPagesAPIViewSet)


@hooks.register("register_admin_urls")
def register_standing_urls():
    base = "languages/<int:page_id>/"
    return [
        path(
            f"{base}schedule/", standing.ScheduleView.as_view(), name="pages_schedule"
        ),
        path(
            f"{base}<slug:language>/down/",
            standing.TakeDownView.as_view(),
            name="pages_take_down",
        ),
        path(
            f"{base}<slug:language>/confirm/",
            standing.ConfirmView.as_view(),
            name="pages_confirm",
        ),
    ]


@hooks.register("register_admin_urls")
def register_choosers():
    return choosers.URLS


@hooks.register("construct_page_action_menu")
def offer_languages(menu_items, request, context):
    """A button per language in place of Wagtail's one; Save stays the first."""
    menus.without_stock(menu_items)
    menu_items += [item for item in menus.items(context) if item.is_shown(context)]
    menu_items.sort(key=lambda item: item.order)


@hooks.register("before_create_page")
def refuse_a_page_of_others(request, parent_page, page_class):
    """A parent may take several types, not all of them this person's to make."""
    ours = issubclass(page_class, BilingualPage)
    if ours and not rights.may_write_shared(request.user, page_class):
        raise PermissionDenied


# After Wagtail's own, which it replaces.
hooks.register("register_bulk_action", BilingualMoveBulkAction, order=100)


@hooks.register("before_move_page")
def refuse_a_move(request, page, destination):
    refusal = refusal_to_move([page], destination)
    if refusal is None:
        return None
    messages.error(request, refusal)
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("before_bulk_action")
def refuse_in_bulk(request, action_type, objects, action):
    """Publishing goes by language, so never in bulk."""
    if action_type != "publish":
        return None
    text = _("Pages are published one language at a time, each in its editor.")
    messages.error(request, text)
    return redirect(action.next_url)


@hooks.register("register_log_actions", order=100)
def name_languages_in_history(log_actions):
    history.name_languages(log_actions)


@hooks.register("register_permissions")
def offer_publishing_rights():
    names = [f"{verb}_{code}" for verb in ("write", "publish") for code in languages()]
    names += [name.partition(".")[2] for name in (rights.SHARED, rights.RESTRICT)]
    return Permission.objects.filter(
        content_type__app_label="pages", codename__in=names
    )


@hooks.register("register_rich_text_features")
def offer_languages_of_passages(features):
    foreign_features.register(features)


@hooks.register("insert_global_admin_css")
def style_chips():
    return format_html('<link rel="stylesheet" href="{}">', static("pages/admin.css"))


hooks.register("construct_wagtail_userbar", content_checker.use_ours)
