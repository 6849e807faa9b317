"""Where the translation desk appears in the admin."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from translations.rights import languages_of
from translations.translating import SideBySideView
from translations.views import AssignView, ConfirmView, DeskView
from translations.viewsets import GlossaryViewSet


class DeskMenuItem(MenuItem):
    """Shown to whoever writes a language."""

    def is_shown(self, request):
        return bool(languages_of(request.user))


@hooks.register("register_admin_menu_item")
def desk_menu():
    return DeskMenuItem(
        _("Translations"),
        reverse("translations_desk"),
        name="translations",
        icon_name="globe",
        order=150,
    )


@hooks.register("register_admin_urls")
def desk_urls():
    one = "translations/<int:page_id>/<slug:language>/"
    return [
        path("translations/", DeskView.as_view(), name="translations_desk"),
        path(one, SideBySideView.as_view(), name="translations_side"),
        path(f"{one}assign/", AssignView.as_view(), name="translations_assign"),
        path(f"{one}confirm/", ConfirmView.as_view(), name="translations_confirm"),
    ]


@hooks.register("register_admin_viewset")
def glossary():
    return GlossaryViewSet("glossary")
