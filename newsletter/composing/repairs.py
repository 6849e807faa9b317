"""The admin's pages for mails that failed or are in doubt, and for the ledger."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from newsletter import tables
from newsletter.composing import views
from newsletter.composing.forms import ResolveForm
from newsletter.composing.ledger import export_ledger, file_name
from newsletter.composing.permissions import may_export, may_send
from newsletter.composing.progress import first_in
from newsletter.composing.replies import replies_to
from newsletter.dispatching.repairing import (
    REPAIRABLE,
    Verdict,
    doubted_in,
    reach_of,
    resolve_uncertain,
    retry_failed,
)
from newsletter.errors import (
    ChangedMeanwhileError,
    ComplaintsError,
    IllegalMoveError,
)
from newsletter.models import Delivery, Dispatch
from pages.languages import current_language

State = Delivery.State


@require_http_methods(["GET", "POST"])
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who would be tried again; on POST, give them back to the sending."""
    dispatch = _sendable(request, pk)
    if request.method == "POST":
        return _retry(request, dispatch)
    context = {
        "dispatch": dispatch,
        "reach": reach_of(dispatch.deliveries.filter(state=State.FAILED), dispatch),
        "replies": [reply for reply in replies_to(dispatch) if reply.failed],
        "is_open": dispatch.state in REPAIRABLE,
    }
    return TemplateResponse(request, "newsletter/admin/confirm_retry.html", context)


def _retry(request: HttpRequest, dispatch: Dispatch) -> HttpResponse:
    try:
        number = retry_failed(dispatch_id=dispatch.pk, by=request.user)
    except (IllegalMoveError, ComplaintsError) as error:
        return _refused(request, dispatch, error)
    _say_again(request, number)
    return redirect("dispatches:progress", dispatch.pk)


@require_http_methods(["GET", "POST"])
def uncertain(request: HttpRequest, pk: int) -> HttpResponse:
    """List who is in doubt; on POST ask what that means, on the second, do it."""
    dispatch = _sendable(request, pk)
    if request.method == "GET":
        return _doubts(request, dispatch, ResolveForm())
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _doubts(request, dispatch, form, status=422)
    if "confirmed" in request.POST:
        return _resolve(request, dispatch, form)
    return _confirm(request, dispatch, form)


def _doubts(
    request: HttpRequest, dispatch: Dispatch, form: ResolveForm, status: int = 200
) -> HttpResponse:
    context = {
        "dispatch": dispatch,
        "form": form,
        "rows": first_in(dispatch, State.UNCERTAIN),
        "total": doubted_in(dispatch).count(),
        "is_open": dispatch.state in REPAIRABLE,
    }
    template = "newsletter/admin/uncertain.html"
    return TemplateResponse(request, template, context, status=status)


def _confirm(
    request: HttpRequest, dispatch: Dispatch, form: ResolveForm
) -> HttpResponse:
    rows = doubted_in(dispatch, form.chosen)
    context = {
        "dispatch": dispatch,
        "form": form,
        "number": rows.count(),
        "is_again": form.verdict_of is Verdict.AGAIN,
        "reach": reach_of(rows, dispatch),
    }
    template = "newsletter/admin/confirm_resolve.html"
    return TemplateResponse(request, template, context)


def _resolve(
    request: HttpRequest, dispatch: Dispatch, form: ResolveForm
) -> HttpResponse:
    try:
        number = resolve_uncertain(
            dispatch_id=dispatch.pk,
            verdict=form.verdict_of,
            chosen=form.chosen,
            expected=form.cleaned_data["expected"],
            by=request.user,
        )
    except (IllegalMoveError, ComplaintsError) as error:
        return _refused(request, dispatch, error)
    except ChangedMeanwhileError:
        text = _("Nothing was changed: the list is not what it was. Here it is now.")
        messages.warning(request, text)
        return redirect("dispatches:uncertain", dispatch.pk)
    if form.verdict_of is Verdict.AGAIN:
        _say_again(request, number)
    else:
        text = ngettext(
            "%(number)s mail counts as sent.", "%(number)s mails count as sent.", number
        )
        messages.success(request, text % {"number": number})
    return redirect("dispatches:progress", dispatch.pk)


@require_POST
def ledger(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The ledger as a CSV file, in the language of whoever asks."""
    if not may_export(request.user):
        raise PermissionDenied
    dispatch = get_object_or_404(Dispatch, pk=pk)
    made = export_ledger(dispatch, language=current_language(), by=request.user)
    return tables.as_file(made, file_name(dispatch))


def _sendable(request: HttpRequest, pk: int) -> Dispatch:
    if not may_send(request.user):
        raise PermissionDenied
    return views.visible_dispatch(request, pk)


def _refused(
    request: HttpRequest, dispatch: Dispatch, error: Exception
) -> HttpResponse:
    if isinstance(error, ComplaintsError):
        messages.error(request, str(error))
        return redirect("newsletter_complaints", dispatch.newsletter_id)
    text = _("That is not possible now: the sending has moved on.")
    messages.warning(request, text)
    return redirect("dispatches:progress", dispatch.pk)


def _say_again(request: HttpRequest, number: int) -> None:
    if not number:
        messages.warning(request, _("Nobody is left to be tried again."))
        return
    text = ngettext(
        "%(number)s mail is tried again.", "%(number)s mails are tried again.", number
    )
    messages.success(request, text % {"number": number})
