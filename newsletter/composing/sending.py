"""The admin's page that says what would be sent to whom, and sends it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from guards.waking import wake_on_commit
from newsletter.composing.coverage import language_names
from newsletter.composing.fallbacks import CHOICES, set_fallbacks
from newsletter.composing.festivities import holiday_note
from newsletter.composing.forms import NUMBER, SendForm
from newsletter.composing.permissions import may_send
from newsletter.composing.plan import SendPlan, plan_sending
from newsletter.composing.reasons import described
from newsletter.composing.scheduling import send_soon
from newsletter.composing.tasks import check_issue_links
from newsletter.composing.views import editable_issue, planned_at
from newsletter.composing.waiting import late_if_sent
from newsletter.errors import (
    AlreadyScheduledError,
    AlreadySentError,
    BlockedError,
    HeldIssueError,
)
from newsletter.models import FallbackRule, IssuePage
from newsletter.subscribing.forms import TOPICS
from pages.languages import language_name


@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Say what would be sent to how many; on POST, send it."""
    issue = sendable_issue(request, issue_id)
    if request.method == "POST":
        return _start(request, issue)
    form = SendForm.asked(request.GET)
    return confirmation(request, plan_sending(issue, form.audience), form)


@require_GET
def people(request: HttpRequest, issue_id: int) -> HttpResponse:
    """How many would get it, for the page to refresh itself while somebody chooses."""
    issue = sendable_issue(request, issue_id)
    form = SendForm.asked(request.GET)
    plan = plan_sending(issue, form.audience)
    context = {"form": form, **people_in(plan), "error": _first_error(form)}
    return TemplateResponse(request, "newsletter/admin/_recipients.html", context)


def _first_error(form: SendForm) -> str:
    """What is wrong with the choice of people, if anything."""
    found = (form.errors.get(name) for name in ("to_whom", "saved", *TOPICS))
    return next((str(errors[0]) for errors in found if errors), "")


@require_POST
def fallbacks(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Write what becomes of stories missing in a language."""
    issue = sendable_issue(request, issue_id)
    rules = {
        int(name.removeprefix("rule-")): value
        for name, value in request.POST.items()
        if NUMBER.fullmatch(name.removeprefix("rule-")) and value in CHOICES
    }
    try:
        changed = set_fallbacks(issue=issue, rules=rules, by=request.user)
    except AlreadySentError as error:
        return to_earlier(request, error)
    except HeldIssueError:
        text = _("The issue is locked or in review: nothing was changed.")
        messages.error(request, text)
    else:
        if changed:
            messages.success(request, _("Saved, for this issue."))
    return redirect("issue_sending:send", issue.pk)


@require_POST
def links(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Have the outside links asked again."""
    issue = sendable_issue(request, issue_id)
    wake_on_commit(check_issue_links.name, issue.pk)
    text = _("The links are being checked; load this page again in a moment.")
    messages.success(request, text)
    return redirect("issue_sending:send", issue.pk)


def _start(request: HttpRequest, issue: IssuePage) -> HttpResponse:
    form = SendForm(request.POST)
    plan = plan_sending(issue, form.audience)
    if not form.is_enough_for(plan):
        return confirmation(request, plan, form, status=422)
    try:
        dispatch = send_soon(
            plan=plan, by=request.user, reason=form.why, overridden=form.shown
        )
    except AlreadySentError as error:
        return to_earlier(request, error)
    except BlockedError:
        messages.error(request, _("Nothing was sent: see what is in the way below."))
        fresh = plan_sending(issue, form.audience)
        return confirmation(request, fresh, form, status=409)
    text = ngettext(
        "It goes to %(number)s reader in a moment.",
        "It goes to %(number)s readers in a moment.",
        plan.total,
    )
    messages.success(request, text % {"number": plan.total})
    return redirect("dispatches:progress", dispatch.pk)


def to_earlier(request: HttpRequest, error: AlreadySentError) -> HttpResponse:
    """Lead to the sending that forbids another, with a word on why."""
    if isinstance(error, AlreadyScheduledError):
        text = _("This issue is scheduled already; here is that sending.")
    else:
        text = _("This issue was sent before; here is that sending.")
    messages.warning(request, text)
    return redirect("dispatches:progress", error.dispatch_id)


def confirmation(
    request: HttpRequest, plan: SendPlan, form: SendForm, status: int = 200
) -> HttpResponse:
    """The page that says what would be sent to how many."""
    context = {
        **confirmation_context(plan),
        "form": form,
        "error": _first_error(form) if form.is_bound else "",
    }
    template = "newsletter/admin/confirm_send.html"
    return TemplateResponse(request, template, context, status=status)


def confirmation_context(plan: SendPlan) -> dict[str, Any]:
    """The plan in words: who would get what, and who would not."""
    shown, now = plan.earlier or plan.missed, timezone.now()
    return {
        **people_in(plan),
        "planned_at": planned_at(shown) if shown else "",
        "late_start": late_if_sent(plan.newsletter, now),
        "holiday": holiday_note(plan.newsletter, plan.audience, now),
        "languages": language_names(),
        "rules": FallbackRule.choices,
        "edit_url": reverse("wagtailadmin_pages:edit", args=[plan.issue.pk]),
    }


def people_in(plan: SendPlan) -> dict[str, Any]:
    """How many would get it, by language, and why others do not."""
    return {
        "plan": plan,
        "recipients": [(language_name(code), n) for code, n in plan.recipients.items()],
        "excluded": described(plan.excluded),
    }


def sendable_issue(request: HttpRequest, issue_id: int) -> IssuePage:
    """An issue this person may edit and send."""
    issue = editable_issue(request, issue_id)
    if not may_send(request.user):
        raise PermissionDenied
    return issue
