"""The admin's page that offers what was published since the last issue."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages as buttons

from newsletter.composing.composition import newsletter_of
from newsletter.composing.filling import (
    add_stories,
    last_sent_at,
    new_stories,
    picked_in,
)
from newsletter.composing.views import editable_issue
from newsletter.errors import HeldIssueError
from newsletter.models import IssuePage
from pages.languages import field, language_name, languages
from pages.models.columns import State


@require_POST
def fill(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Take everything that is new into the issue's draft."""
    issue = editable_issue(request, issue_id)
    picked = picked_in(issue.get_latest_revision_as_object())
    return _add(request, issue, new_stories(issue, without=picked))


@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Show what is new; on POST, take what was ticked."""
    issue = editable_issue(request, issue_id)
    picked = picked_in(issue.get_latest_revision_as_object())
    offered = new_stories(issue, without=picked)
    if request.method == "POST":
        ticked = set(request.POST.getlist("story"))
        return _add(request, issue, [row for row in offered if str(row.pk) in ticked])
    context = {
        "issue": issue,
        "rows": [(story, _states(story)) for story in offered],
        "picked": len(picked),
        "since": last_sent_at(newsletter_of(issue)),
        "languages": [language_name(code) for code in languages()],
    }
    return TemplateResponse(request, "newsletter/admin/new_stories.html", context)


def _states(story: Any) -> list[State]:
    return [State(field(story, "state", code)) for code in languages()]


def _add(request: HttpRequest, issue: IssuePage, stories: list[Any]) -> HttpResponse:
    before = issue.latest_revision_id
    try:
        added = add_stories(issue=issue, stories=stories, by=request.user)
    except HeldIssueError:
        text = _("The issue is locked or in review: nothing was changed.")
        messages.error(request, text)
        return redirect("wagtailadmin_pages:edit", issue.pk)
    if not added:
        text = _("Nothing was added: there is no new story that is not in the issue.")
        messages.info(request, text)
        return redirect("wagtailadmin_pages:edit", issue.pk)
    text = ngettext(
        "%(number)s story was added to the draft.",
        "%(number)s stories were added to the draft.",
        added,
    )
    undo = []
    if before:
        url = reverse("wagtailadmin_pages:revisions_revert", args=[issue.pk, before])
        undo = [buttons.button(url, _("As it was before"))]
    buttons.success(request, text % {"number": added}, buttons=undo)
    return redirect("wagtailadmin_pages:edit", issue.pk)
