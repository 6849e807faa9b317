"""How merging joins Wagtail: its address, its buttons, its words in histories."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter

from topics.merging import MAY_MERGE
from topics.merging_views import MergeView, merge_url


@hooks.register("register_admin_urls")
def merging_url():
    return [path("terms/<int:pk>/merge/", MergeView.as_view(), name="topics_merge")]


@hooks.register("register_page_header_buttons")
def offer_merge(page, user, view_name, next_url=None):
    yield from _button(page, user, priority=55)


@hooks.register("register_page_listing_more_buttons")
def offer_merge_in_lists(page, user, next_url=None):
    yield from _button(page, user, priority=35)


def _button(page, user, priority):
    url = merge_url(user, page)
    if url:
        label = _("Merge into…")
        yield Button(label, url=url, icon_name="resubmit", priority=priority)


@hooks.register("register_permissions")
def offer_merging_right():
    app, codename = MAY_MERGE.split(".")
    return Permission.objects.filter(content_type__app_label=app, codename=codename)


@hooks.register("register_log_actions")
def log_merging(actions):
    @actions.register_action("topics.merge")
    class MergeFormatter(LogFormatter):
        label = _("Merge")

        def format_message(self, log_entry):
            text = _("“%(merged)s” was merged into this one")
            return text % {"merged": log_entry.data.get("merged", "")}
