"""Where the translation desk appears in the admin."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from translations.rights import languages_of
from translations.settings_panel import SummaryPanel
from translations.text_views import TextSideView
from translations.translating import NotesView, SideBySideView
from translations.views import (
    AssignPageView,
    AssignTextView,
    ConfirmView,
    DeskView,
)
from translations.viewsets import GlossaryViewSet
from translations.waiting import waiting_for


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
    text = "translations/texts/<slug:kind>/<int:pk>/<slug:language>/"
    return [
        path("translations/", DeskView.as_view(), name="translations_desk"),
        path(text, TextSideView.as_view(), name="translations_text_side"),
        path(
            f"{text}assign/", AssignTextView.as_view(), name="translations_text_assign"
        ),
        path(one, SideBySideView.as_view(), name="translations_side"),
        path(f"{one}notes/", NotesView.as_view(), name="translations_notes"),
        path(f"{one}assign/", AssignPageView.as_view(), name="translations_assign"),
        path(f"{one}confirm/", ConfirmView.as_view(), name="translations_confirm"),
    ]


@hooks.register("register_admin_viewset")
def glossary():
    return GlossaryViewSet("glossary")


class WaitingPanel(Component):
    """What is waiting, on the admin's home page."""

    name = "waiting"
    template_name = "translations/desk/_waiting.html"
    order = 150

    def get_context_data(self, parent_context):
        return {"waiting": waiting_for(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels):
    panels.append(WaitingPanel())


@hooks.register("register_account_settings_panel")
def offer_summary(request, user, profile):
    return SummaryPanel(request, user, profile)
