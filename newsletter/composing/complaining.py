"""The admin's pages for complaints: the rate, going on in spite of it, adding one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import registry as log_registry

from newsletter.composing.forms import AllowForm
from newsletter.composing.permissions import (
    DispatchPolicy,
    may_see_readers,
    may_send,
)
from newsletter.dispatching.complaints import (
    allow_in_spite,
    complaint_rate,
    record_complaint,
)
from newsletter.errors import UnknownAddressError
from newsletter.models import Dispatch, Newsletter, Subscriber

SHOWN = 20  # reasons listed


@require_http_methods(["GET", "POST"])
def complaints(request: HttpRequest, pk: int) -> HttpResponse:
    """The rate of a newsletter; on POST, a reason to go on in spite of it."""
    if not DispatchPolicy(Dispatch).user_has_permission(request.user, "view"):
        raise PermissionDenied
    newsletter = get_object_or_404(Newsletter, pk=pk)
    if request.method == "GET":
        return _rate(request, newsletter, AllowForm())
    if not may_send(request.user):
        raise PermissionDenied
    form = AllowForm(request.POST)
    if not form.is_valid():
        return _rate(request, newsletter, form, status=422)
    allow_in_spite(
        newsletter=newsletter, reason=form.cleaned_data["reason"], by=request.user
    )
    text = _(
        "Sendings of this newsletter may go on for 24 hours. Resume what is paused."
    )
    messages.success(request, text)
    return redirect("newsletter_complaints", newsletter.pk)


def _rate(
    request: HttpRequest, newsletter: Newsletter, form: AllowForm, status: int = 200
) -> HttpResponse:
    words = log_registry.get_logs_for_instance(newsletter).filter(
        action="newsletter.allow_complaints"
    )
    context = {
        "newsletter": newsletter,
        "rate": complaint_rate(newsletter),
        "form": form,
        "paused": newsletter.dispatches.filter(state=Dispatch.State.PAUSED),
        "history": words.select_related("user")[:SHOWN],
        "may_send": may_send(request.user),
    }
    template = "newsletter/admin/complaints.html"
    return TemplateResponse(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a reader complained; on POST, write them no more."""
    if not (may_send(request.user) and may_see_readers(request.user)):
        raise PermissionDenied
    subscriber = get_object_or_404(Subscriber, pk=pk, address__isnull=False)
    if request.method == "GET":
        template = "newsletter/admin/confirm_complaint.html"
        return TemplateResponse(request, template, {"subscriber": subscriber})
    try:
        counted = record_complaint(address=subscriber.address or "", by=request.user)
    except UnknownAddressError as error:
        messages.error(request, str(error))  # erased between the look and the lock
    else:
        _say_recorded(request, counted)
    return redirect("subscribers:inspect", subscriber.pk)


def _say_recorded(request: HttpRequest, counted: Newsletter | None) -> None:
    if counted is None:
        text = _("The complaint is recorded; nothing was sent to them in 30 days.")
        messages.success(request, text)
        return
    text = _("The complaint is recorded and counts for “%(newsletter)s”.")
    messages.success(request, text % {"newsletter": counted})
