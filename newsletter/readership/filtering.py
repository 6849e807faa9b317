"""The admin's page of saved filters: give one a name, use it, delete it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages as wagtail_messages

from newsletter.composing.permissions import may_see_readers
from newsletter.models import SavedFilter
from newsletter.readership.finding import criteria_in, in_words, known_values


class FilterForm(forms.ModelForm):
    """The name of a filter."""

    class Meta:
        model = SavedFilter
        fields = ["name"]


@require_http_methods(["GET", "POST"])
def filters(request: HttpRequest) -> HttpResponse:
    """All of them, and a name for the one in the address; on POST, keep that."""
    if not may_see_readers(request.user):
        raise PermissionDenied
    criteria = criteria_in(request.GET)
    words = in_words(criteria, known_values())
    if request.method == "GET":
        form = FilterForm(initial={"name": request.GET.get("name", "")})
        return _page(request, form, criteria, words)
    form = FilterForm(
        request.POST, instance=SavedFilter(criteria=criteria, created_by=request.user)
    )
    if not words:
        form.add_error(None, _("Choose what readers have to be like first."))
    if not (form.is_valid() and (saved := _kept(form))):
        return _page(request, form, criteria, words, status=422)
    messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
    return redirect("subscribers:filters")


def _kept(form: FilterForm) -> SavedFilter | None:
    """None where somebody took the name at this moment; the form says so."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error("name", _("There is a filter of this name already."))
        return None


def _page(
    request: HttpRequest,
    form: FilterForm,
    criteria: Mapping[str, str],
    words: str,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "words": words,
        "query": urlencode(criteria),
        "saved": _shown_all(),
    }
    template = "newsletter/admin/saved_filters.html"
    return TemplateResponse(request, template, context, status=status)


def _shown_all() -> list[dict[str, Any]]:
    known = known_values()
    return [
        {
            "saved": each,
            "words": in_words(each.criteria, known),
            "query": urlencode(each.criteria),
        }
        for each in SavedFilter.objects.all()
    ]


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one; planned sendings keep whom they are for. It can be saved again."""
    if not may_see_readers(request.user):
        raise PermissionDenied
    saved = get_object_or_404(SavedFilter, pk=pk)
    saved.delete()
    again = urlencode({**saved.criteria, "name": saved.name})
    url = f"{reverse('subscribers:filters')}?{again}"
    undo = wagtail_messages.button(url, _("Save it again…"))
    text = _("“%(name)s” is deleted.") % {"name": saved.name}
    wagtail_messages.success(request, text, buttons=[undo])
    return redirect("subscribers:filters")
