"""Where the newsletter appears in the admin: menu, addresses, buttons of an issue."""

from __future__ import annotations

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy

from newsletter.composing import complaining, histories, planning, views
from newsletter.composing.permissions import DispatchPolicy, may_send
from newsletter.composing.plan import earlier_dispatch, missed_dispatch
from newsletter.dispatching.standstill import standstills
from newsletter.models import Dispatch, IssuePage
from newsletter.viewsets import NewsletterGroup

register_permission_policy(Dispatch, DispatchPolicy(Dispatch))

hooks.register("register_log_actions", histories.log_decisions)


@hooks.register("register_admin_viewset")
def newsletter_menu():
    return NewsletterGroup()


@hooks.register("register_admin_urls")
def sending_urls():
    patterns = [
        path("<int:issue_id>/test/", views.test, name="test"),
        path("<int:issue_id>/send/", views.send, name="send"),
        path("<int:issue_id>/schedule/", planning.schedule, name="schedule"),
    ]
    return [
        path("issue-sending/", include((patterns, "issue_sending"))),
        path(
            "complaints/<int:pk>/",
            complaining.complaints,
            name="newsletter_complaints",
        ),
        path(
            "complaints/of/<int:pk>/", complaining.complain, name="newsletter_complain"
        ),
    ]


class IssueMenuItem(ActionMenuItem):
    """Shown on saved issues only, where a draft or a published text can be read."""

    def is_shown(self, context):
        page = context.get("page")
        return context["view"] == "edit" and isinstance(page, IssuePage)


class SendTestItem(IssueMenuItem):
    """Posts past the page form, so that it sends the last saved draft."""

    name = "action-send-test"
    label = _("Send test to me")
    icon_name = "mail"
    template_name = "newsletter/admin/send_test_item.html"

    def get_url(self, context):
        return reverse("issue_sending:test", args=[context["page"].pk])


class SendItem(IssueMenuItem):
    """Leads to the page that says what would be sent to how many."""

    name = "action-send-issue"
    label = _("Send…")
    icon_name = "mail"

    def is_shown(self, context):
        return super().is_shown(context) and may_send(context["request"].user)

    def get_url(self, context):
        return reverse("issue_sending:send", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def send_test_item():
    return SendTestItem(order=60)


@hooks.register("register_page_action_menu_item")
def send_item():
    return SendItem(order=61)


@hooks.register("register_page_header_buttons")
def dispatch_button(page, user, view_name, next_url=None):
    """From an issue's editor to its sending, or to why there was none."""
    if view_name != "edit" or not isinstance(page, IssuePage):
        return
    dispatch = earlier_dispatch(page) or missed_dispatch(page)
    if dispatch and DispatchPolicy(Dispatch).user_has_permission(user, "view"):
        yield Button(
            _label_of(dispatch),
            url=reverse("dispatches:progress", args=[dispatch.pk]),
            icon_name="mail",
            priority=5,
        )


def _label_of(dispatch):
    if dispatch.state == Dispatch.State.SCHEDULED:
        return _("See when it is sent")
    if dispatch.state == Dispatch.State.CANCELLED and dispatch.started_at is None:
        return _("See why it was not sent")
    return _("See the sending")


class StandstillPanel(Component):
    """Sendings that do not move, above everything else on the admin's home page."""

    name = "standstills"
    template_name = "newsletter/admin/standstills.html"
    order = 50

    def get_context_data(self, parent_context):
        return {"standstills": list(standstills())}


@hooks.register("construct_homepage_panels")
def show_what_stands_still(request, panels):
    if DispatchPolicy(Dispatch).user_has_permission(request.user, "view"):
        panels.append(StandstillPanel())
