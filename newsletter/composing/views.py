"""The admin's pages for following a sending."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import registry as log_registry

from newsletter.composing.addressees import addressees
from newsletter.composing.moments import in_site_time
from newsletter.composing.permissions import DispatchPolicy, may_export, may_send
from newsletter.composing.progress import first_in, progress_of
from newsletter.composing.reasons import described
from newsletter.composing.replies import replies_to
from newsletter.composing.waiting import waits_for
from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.audience import audience_of
from newsletter.dispatching.complaints import complaint_rate
from newsletter.dispatching.repairing import REPAIRABLE
from newsletter.dispatching.standstill import standstill_of
from newsletter.errors import ComplaintsError, IllegalMoveError
from newsletter.models import Delivery, Dispatch, IssuePage

State = Delivery.State
HISTORY = 20  # decisions shown under a sending
VERBS = {
    "pause": dispatching.pause_dispatch,
    "resume": dispatching.resume_dispatch,
    "cancel": dispatching.cancel_dispatch,
}


@require_GET
def progress(request, pk):
    """How far a sending has come; refreshes itself while it runs."""
    dispatch = visible_dispatch(request, pk)
    context = _progress_context(request, dispatch)
    context["addressees"] = addressees(audience_of(dispatch))
    return TemplateResponse(request, "newsletter/admin/progress.html", context)


@require_GET
def counts(request, pk):
    """The same as JSON for the page to refresh itself from."""
    context = _progress_context(request, visible_dispatch(request, pk))
    shown = context["progress"]
    parts = {"summary": "_summary.html", "html": "_progress.html"}
    return JsonResponse(
        {
            "state": shown.dispatch.state,
            "running": shown.is_running,
            "audience": shown.total.audience,
            "counts": dict(shown.total.counts),
            "languages": {line.language: line.counts for line in shown.lines},
            **{
                part: render_to_string(f"newsletter/admin/{name}", context, request)
                for part, name in parts.items()
            },
        }
    )


@require_POST
def control(request, pk, verb):
    """Pause, resume or cancel a sending."""
    if verb not in VERBS:
        raise Http404
    if not may_send(request.user):
        raise PermissionDenied
    dispatch = get_object_or_404(Dispatch, pk=pk)
    try:
        with transaction.atomic():
            VERBS[verb](dispatch_id=dispatch.pk)
    except IllegalMoveError:
        messages.warning(
            request, _("That is not possible now: the sending has moved on.")
        )
    except ComplaintsError as error:
        messages.error(request, str(error))
        return redirect("newsletter_complaints", dispatch.newsletter_id)
    return redirect("dispatches:progress", dispatch.pk)


def planned_at(dispatch):
    """When it is or was to start, with the time zone; empty where not planned."""
    return in_site_time(dispatch.scheduled_at) if dispatch.scheduled_at else ""


def _progress_context(request, dispatch):
    shown = progress_of(dispatch)
    return {
        "dispatch": dispatch,
        "planned_at": planned_at(dispatch),
        "waits_for": waits_for(dispatch, timezone.now()),
        "progress": shown,
        "excluded": described(dispatch.excluded),
        **_trouble_context(dispatch, shown.total.counts),
        "standstill": standstill_of(dispatch, shown.at),
        "complaints": complaint_rate(dispatch.newsletter),
        "history": log_registry.get_logs_for_instance(dispatch).select_related("user")[
            :HISTORY
        ],
        "may_repair": may_send(request.user) and dispatch.state in REPAIRABLE,
        "may_send": may_send(request.user),
        "may_export": may_export(request.user) and shown.total.audience,
    }


def _trouble_context(dispatch, counts):
    """Who was refused or is in doubt; asked only where there is anybody."""
    failed, doubted = counts[State.FAILED], counts[State.UNCERTAIN]
    is_refused = failed or counts[State.RETRY]
    return {
        "replies": replies_to(dispatch) if is_refused else [],
        "failed": first_in(dispatch, State.FAILED) if failed else [],
        "doubted": first_in(dispatch, State.UNCERTAIN) if doubted else [],
    }


def editable_issue(request, issue_id):
    """An issue this person may edit."""
    issue = get_object_or_404(IssuePage, pk=issue_id)
    if not issue.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return issue


def visible_dispatch(request, pk):
    """A sending, for whoever may look at sendings."""
    if not DispatchPolicy(Dispatch).user_has_permission(request.user, "view"):
        raise PermissionDenied
    rows = Dispatch.objects.select_related("newsletter", "issue_page", "created_by")
    return get_object_or_404(rows, pk=pk)
