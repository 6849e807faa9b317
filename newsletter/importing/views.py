"""The admin's pages to import readers: upload, say what is in it, check, import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from newsletter import tables
from newsletter.errors import IllegalMoveError, UnreadableFileError
from newsletter.importing import actions, reports
from newsletter.importing.forms import PlanForm, UploadForm
from newsletter.models import SubscriberImport
from newsletter.readership.adding import ADD
from pages.languages import current_language

State = SubscriberImport.State
SHOWN = 100  # imports listed
PLANNED = (State.UPLOADED, State.CHECKED, State.FAILED)  # when columns may be named
FILE = "pregon-import-%s.csv"


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """The latest imports and what came of them."""
    _require(request)
    rows = SubscriberImport.objects.select_related("newsletter", "created_by")
    listed = [(each, reports.added(each)) for each in rows[:SHOWN]]
    return TemplateResponse(request, "newsletter/admin/imports.html", {"rows": listed})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a file; on POST keep it, and go on to its columns."""
    _require(request)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if form.is_valid() and (made := _uploaded(request, form)):
        return redirect("subscribers:import_columns", made.pk)
    status = 422 if form.errors else 200
    context = {"form": form}
    template = "newsletter/admin/import_upload.html"
    return TemplateResponse(request, template, context, status=status)


def _uploaded(request: HttpRequest, form: UploadForm) -> SubscriberImport | None:
    """None, with the reason in the form, where it is no table."""
    file = form.cleaned_data["file"]
    try:
        return actions.upload(
            file=file,
            name=file.name,
            newsletter=form.cleaned_data["newsletter"],
            by=request.user,
            at=timezone.now(),
        )
    except UnreadableFileError as error:
        form.add_error("file", str(error))
        return None


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what the columns hold and how people agreed; on POST, check all rows."""
    source = _import(request, pk)
    if source.state not in PLANNED:
        return redirect("subscribers:import", source.pk)
    form = PlanForm(source, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _moved(
            request,
            source,
            lambda: actions.start_check(
                source=source, plan=form.plan(), at=timezone.now()
            ),
        )
    context = {"form": form, "source": source}
    template = "newsletter/admin/import_columns.html"
    status = 422 if form.errors else 200
    return TemplateResponse(request, template, context, status=status)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import has come and what became of its rows; refreshes itself."""
    source = _import(request, pk)
    if source.state == State.UPLOADED:
        return redirect("subscribers:import_columns", source.pk)
    context = _context(source)
    return TemplateResponse(request, "newsletter/admin/import.html", context)


@require_GET
def counts(request: HttpRequest, pk: int) -> JsonResponse:
    """The same as JSON for the page to refresh itself from."""
    source = _import(request, pk)
    context = _context(source)
    parts = {"summary": "_import_summary.html", "html": "_import.html"}
    return JsonResponse(
        {
            "state": source.state,
            "running": source.is_at_work,
            "done": source.done,
            "counts": source.counts,
            **{
                part: render_to_string(f"newsletter/admin/{name}", context, request)
                for part, name in parts.items()
            },
        }
    )


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the worker add the readers that the check found."""
    source = _import(request, pk)
    return _moved(
        request,
        source,
        lambda: actions.start_import(source=source, at=timezone.now()),
    )


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop, and delete the file."""
    source = _import(request, pk)
    return _moved(
        request, source, lambda: actions.cancel(source=source, at=timezone.now())
    )


@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the file and the report of what is done."""
    source = _import(request, pk)
    if source.state not in SubscriberImport.OVER:
        raise Http404
    actions.forget(source=source, at=timezone.now())
    messages.success(request, _("The file and its report are deleted."))
    return redirect("subscribers:import", source.pk)


@require_GET
def report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """What becomes of each row, as a table; `?rows=left-out` for those not added."""
    source = _import(request, pk)
    if not reports.has_table(source):
        raise Http404
    made = reports.table_of(
        source,
        current_language(),
        only_left_out=request.GET.get("rows") == "left-out",
    )
    return tables.as_file(made, FILE % source.pk)


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(ADD):
        raise PermissionDenied


def _import(request: HttpRequest, pk: int) -> SubscriberImport:
    _require(request)
    rows = SubscriberImport.objects.select_related("newsletter", "created_by")
    return get_object_or_404(rows, pk=pk)


def _moved(
    request: HttpRequest, source: SubscriberImport, move: Callable[[], None]
) -> HttpResponse:
    try:
        move()
    except IllegalMoveError:
        text = _("That is not possible now: the import has moved on.")
        messages.warning(request, text)
    return redirect("subscribers:import", source.pk)


def _context(source: SubscriberImport) -> dict[str, Any]:
    return {
        "source": source,
        "groups": reports.groups_of(source),
        "added": reports.added(source),
        "problems": reports.problems_of(source),
        "problems_left": reports.problems_left(source),
        "unknown": reports.unknown_in(source),
        "has_table": reports.has_table(source),
        "is_over": source.state in SubscriberImport.OVER,
        "kept_days": actions.KEPT_FOR.days,
    }
