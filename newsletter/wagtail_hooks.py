"""Where the newsletter appears in the admin: menu, addresses, buttons of an issue."""

from __future__ import annotations

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.permissions import register_permission_policy

from newsletter.composing import (
    complaining,
    histories,
    picking,
    planning,
    readers,
    sending,
    trying,
)
from newsletter.composing.permissions import SEE_READERS, DispatchPolicy
from newsletter.composing.plan import earlier_dispatch, missed_dispatch
from newsletter.dispatching.standstill import standstills
from newsletter.models import SEND, Dispatch, IssuePage
from newsletter.numbers import views as numbers
from newsletter.readership import elsewhere
from newsletter.viewsets import NewsletterGroup

register_permission_policy(Dispatch, DispatchPolicy(Dispatch))

hooks.register("register_log_actions", histories.log_decisions)


@hooks.register("register_admin_viewset")
def newsletter_menu():
    return NewsletterGroup()


@hooks.register("register_admin_urls")
def sending_urls():
    patterns = [
        path("<int:issue_id>/test/", trying.test, name="test"),
        path("<int:issue_id>/reader/", readers.reader, name="reader"),
        path(
            "<int:issue_id>/reader/<int:pk>/", readers.reader_mail, name="reader_mail"
        ),
        path("<int:issue_id>/fill/", picking.fill, name="fill"),
        path("<int:issue_id>/stories/", picking.pick, name="pick"),
        path("<int:issue_id>/send/", sending.send, name="send"),
        path("<int:issue_id>/links/", sending.links, name="links"),
        path("<int:issue_id>/people/", sending.people, name="people"),
        path("<int:issue_id>/fallbacks/", sending.fallbacks, name="fallbacks"),
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
            "newsletter-numbers/<int:pk>/",
            numbers.of_newsletter,
            name="newsletter_numbers",
        ),
        path(
            "newsletter-numbers/<int:pk>/<slug:name>.csv",
            numbers.of_newsletter_file,
            name="newsletter_numbers_file",
        ),
        path(
            "sign-up-elsewhere/<int:pk>/",
            elsewhere.elsewhere,
            name="newsletter_elsewhere",
        ),
        path(
            "complaints/of/<int:pk>/", complaining.complain, name="newsletter_complain"
        ),
    ]


class IssueMenuItem(ActionMenuItem):
    """Leads from a saved issue to a page of its own; `permission` says who sees it."""

    def __init__(self, order, *, url, label, icon_name, permission=""):
        self.url, self.permission = url, permission
        self.name, self.label, self.icon_name = f"action-issue-{url}", label, icon_name
        super().__init__(order=order)

    def is_shown(self, context):
        is_issue = isinstance(context.get("page"), IssuePage)
        user, needed = context["request"].user, self.permission
        may_see = not needed or user.has_perm(needed)
        return context["view"] == "edit" and is_issue and may_see

    def get_url(self, context):
        return reverse(f"issue_sending:{self.url}", args=[context["page"].pk])


class FillItem(IssueMenuItem):
    """Posts past the page form: takes what is new into the last saved draft."""

    template_name = "newsletter/admin/posting_item.html"


ISSUE_MENU = [
    FillItem(52, url="fill", label=_("Fill with everything new"), icon_name="plus"),
    IssueMenuItem(53, url="pick", label=_("See what is new…"), icon_name="list-ul"),
    IssueMenuItem(
        54,
        url="reader",
        label=_("See it as a reader…"),
        icon_name="view",
        permission=SEE_READERS,
    ),
    IssueMenuItem(55, url="test", label=_("Send a test…"), icon_name="mail"),
    IssueMenuItem(56, url="send", label=_("Send…"), icon_name="mail", permission=SEND),
]
for item in ISSUE_MENU:
    hooks.register("register_page_action_menu_item", lambda item=item: item)


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
