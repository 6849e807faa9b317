"""The admin's pages for sending an issue later, and for calling that off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.composing import sending
from newsletter.composing.addressees import addressees
from newsletter.composing.festivities import holiday_note
from newsletter.composing.forms import SendForm
from newsletter.composing.moments import in_site_time
from newsletter.composing.permissions import may_send
from newsletter.composing.plan import SendPlan, plan_sending
from newsletter.composing.scheduling import schedule_plan
from newsletter.composing.views import planned_at
from newsletter.composing.waiting import late_if_planned
from newsletter.dispatching.actions import drop_schedule
from newsletter.errors import AlreadySentError, BlockedError, IllegalMoveError
from newsletter.models import Dispatch


@require_http_methods(["GET", "POST"])
def schedule(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Ask whether to send it then; on the second POST, plan it."""
    issue = sending.sendable_issue(request, issue_id)
    if request.method == "GET":
        return redirect("issue_sending:send", issue.pk)
    form = SendForm(request.POST)
    plan = plan_sending(issue, form.audience)
    if not form.is_enough_for(plan, is_later=True):
        return sending.confirmation(request, plan, form, status=422)
    if "confirmed" in request.POST:
        return _plan(request, plan, form)
    return _confirm(request, plan, form)


def _confirm(request: HttpRequest, plan: SendPlan, form: SendForm) -> HttpResponse:
    if not plan.may_start:
        return sending.confirmation(request, plan, form, status=409)
    at = form.cleaned_data["at"]
    context = {
        **sending.confirmation_context(plan),
        "form": form,
        # With its offset, so that the second form cannot read another moment into it.
        "at": at.isoformat(),
        "planned_at": in_site_time(at),
        "late_start": late_if_planned(plan.newsletter, at),
        "addressees": addressees(plan.audience),
        "holiday": holiday_note(plan.newsletter, plan.audience, at),
    }
    return TemplateResponse(request, "newsletter/admin/confirm_schedule.html", context)


def _plan(request: HttpRequest, plan: SendPlan, form: SendForm) -> HttpResponse:
    at = form.cleaned_data["at"]
    try:
        dispatch = schedule_plan(
            plan=plan,
            at=at,
            by=request.user,
            reason=form.why,
            overridden=form.shown,
        )
    except AlreadySentError as error:
        return sending.to_earlier(request, error)
    except BlockedError:
        messages.error(
            request, _("Nothing was scheduled: see what is in the way below.")
        )
        return sending.confirmation(request, plan, form, status=409)
    text = _("Scheduled for %(moment)s.") % {"moment": in_site_time(at)}
    messages.success(request, text)
    return redirect("dispatches:progress", dispatch.pk)


@require_http_methods(["GET", "POST"])
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a scheduled issue shall stay unsent; on POST, cancel it."""
    if not may_send(request.user):
        raise PermissionDenied
    dispatch = get_object_or_404(Dispatch, pk=pk)
    if request.method == "POST":
        return _call_off(request, dispatch)
    if dispatch.state != Dispatch.State.SCHEDULED:
        return redirect("dispatches:progress", dispatch.pk)
    context = {"dispatch": dispatch, "planned_at": planned_at(dispatch)}
    return TemplateResponse(
        request, "newsletter/admin/confirm_unschedule.html", context
    )


def _call_off(request: HttpRequest, dispatch: Dispatch) -> HttpResponse:
    try:
        drop_schedule(dispatch_id=dispatch.pk)
    except IllegalMoveError:
        messages.warning(
            request, _("That is not possible now: the sending has moved on.")
        )
    else:
        messages.success(request, _("The sending was cancelled; nobody got a mail."))
    return redirect("dispatches:progress", dispatch.pk)
