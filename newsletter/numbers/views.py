"""The admin's pages of numbers: of a newsletter, and of one sending."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from newsletter.composing.permissions import DispatchPolicy
from newsletter.composing.reasons import described
from newsletter.composing.views import visible_dispatch
from newsletter.models import Dispatch, Newsletter
from newsletter.numbers import charts, figures, readers
from newsletter.numbers.counting import UNDECIDED
from newsletter.numbers.figures import OUTCOMES, Sendings
from newsletter.numbers.grids import TOGETHER, Grid, as_file
from newsletter.numbers.keeping import numbers_of
from newsletter.subscribing.forms import TOPICS
from pages.languages import current_language, language_name, languages

LATEST = 12  # sendings on a newsletter's page


@require_GET
def of_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one sending."""
    dispatch = visible_dispatch(request, pk)
    made = _grids_of(dispatch)
    context = {
        "dispatch": dispatch,
        "tables": [_drawn(each) for each in made],
        "is_added_up": UNDECIDED in dispatch.numbers,
        "complaints": figures.complaints_about(dispatch),
        "excluded": described(figures.reasons_shown(dispatch.excluded)),
        **_notes(made),
    }
    template = "newsletter/admin/numbers/sending.html"
    return TemplateResponse(request, template, context)


@require_GET
def of_sending_file(request: HttpRequest, pk: int, name: str) -> StreamingHttpResponse:
    """One of its tables as a file."""
    dispatch = visible_dispatch(request, pk)
    return _file(_grids_of(dispatch), name, f"{dispatch.pk}")


@require_GET
def of_newsletter(request: HttpRequest, pk: int) -> HttpResponse:
    """A newsletter's readers and its latest sendings."""
    newsletter = _visible(request, pk)
    made = _grids_of_all(newsletter)
    context = {
        "newsletter": newsletter,
        "tables": [_drawn(each) for each in made],
        "latest": LATEST,
        **_notes(made),
    }
    template = "newsletter/admin/numbers/newsletter.html"
    return TemplateResponse(request, template, context)


@require_GET
def of_newsletter_file(
    request: HttpRequest, pk: int, name: str
) -> StreamingHttpResponse:
    """One of its tables as a file."""
    newsletter = _visible(request, pk)
    return _file(_grids_of_all(newsletter), name, newsletter.key)


def _visible(request: HttpRequest, pk: int) -> Newsletter:
    if not DispatchPolicy(Dispatch).user_has_permission(request.user, "view"):
        raise PermissionDenied
    return get_object_or_404(Newsletter, pk=pk)


def _grids_of(dispatch: Dispatch) -> list[Grid]:
    sendings = Sendings([dispatch])
    by_terms = [figures.by_term(dispatch, name) for name in TOPICS]
    found = [sendings.by_language(dispatch), *by_terms, sendings.by_story()]
    return [each for each in found if each]


def _grids_of_all(newsletter: Newsletter) -> list[Grid]:
    rows = newsletter.dispatches.filter(started_at__isnull=False)
    sendings = Sendings(list(rows.order_by("-started_at")[:LATEST]))
    numbers = numbers_of(newsletter)
    found = [
        readers.growth(numbers),
        *(readers.by_term(numbers, name) for name in TOPICS),
        sendings.by_sending(),
    ]
    return [each for each in found if each]


def _drawn(grid: Grid) -> dict[str, Any]:
    """A table with its chart, if one says more."""
    draw = {"growth": _growth, "languages": _outcomes, "issues": _outcomes}
    chart = draw[grid.name](grid) if grid.name in draw and grid.lines else None
    return {"grid": grid, "chart": chart}


def _growth(grid: Grid) -> charts.Chart:
    groups = [*languages(), TOGETHER]
    names = [*map(language_name, languages()), _("Together")]
    columns = {f"total-{code}": name for code, name in zip(groups, names, strict=True)}
    words = _(
        "Readers at the end of each month, by language. The table has the numbers."
    )
    over = {_short(each.key): each for each in reversed(grid.lines)}
    return charts.lines(grid, over, columns, words)


def _short(first_day: str) -> str:
    year, month, _day = first_day.split("-")
    return f"{MONTHS_3[int(month)]} {year[2:]}"


def _outcomes(grid: Grid) -> charts.Chart:
    parts = {key: str(word) for key, word in OUTCOMES.items()}
    words = _("What became of the mails. The table has the numbers.")
    whole = [line for line in grid.lines if line.key.endswith(TOGETHER)]
    return charts.bars(grid, whole or grid.lines, parts, words)


def _notes(grids: Iterable[Grid]) -> dict[str, str]:
    hides = any(each.hides for each in grids)
    return {"hidden_note": charts.hidden_note() if hides else ""}


def _file(grids: Iterable[Grid], name: str, of: str) -> StreamingHttpResponse:
    found = next((each for each in grids if each.name == name), None)
    if found is None:
        raise Http404
    return as_file(found, of, current_language())
