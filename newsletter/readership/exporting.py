"""Subscribers as a table: whom a search found, one row for each subscription."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from guards.csv import BOM, csv_text
from newsletter.composing.moments import site_zone
from newsletter.models import Subscriber, Subscription
from newsletter.readership.finding import subscribers_found
from newsletter.readership.permissions import may_export
from newsletter.subscribing.names import topic_in
from pages.languages import language_name
from topics.models import TermPage

BATCH = 1000  # readers in memory at a time, however many there are


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Say how many it would be; on POST, the file, and a note of who took it."""
    if not may_export(request.user):
        raise PermissionDenied
    found = subscribers_found(request.GET, request).exclude(address=None)
    number = found.count()
    if request.method == "GET":
        context = {"number": number, "query": request.GET.urlencode()}
        template = "newsletter/admin/export_subscribers.html"
        return TemplateResponse(request, template, context)
    log(
        instance=request.user,
        action="newsletter.export_subscribers",
        user=request.user,
        data={"number": number},
    )
    pieces = table_of(found, get_language() or "")
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="pregon-subscribers.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def table_of(found: QuerySet[Subscriber], language: str) -> Iterator[str]:
    """Pieces of a CSV file, in one language's words; read as they are taken."""
    # The language is set per piece: between two, others run in this process.
    with translation.override(language):
        head = BOM + csv_text([_header()])
    yield head
    last = 0
    while people := list(_people(found, last)[:BATCH]):
        last = people[-1].pk
        with translation.override(language):
            piece = csv_text(row for person in people for row in _rows(person))
        yield piece


def _people(found: QuerySet[Subscriber], last: int) -> QuerySet[Subscriber]:
    rows = found.filter(pk__gt=last).order_by("pk")
    return rows.prefetch_related(
        "subscriptions__newsletter",
        "subscriptions__projects",
        "subscriptions__countries",
    )


def _header() -> list[str]:
    names = (
        _("address"), _("language"), _("health"), _("known since"), _("newsletter"),
        _("state"), _("frequency"), _("projects"), _("countries"), _("confirmed at"),
        _("paused until"), _("left at"),
    )  # fmt: skip
    return [capfirst(name) for name in names]


def _rows(person: Subscriber) -> Iterator[list[object]]:
    known = [
        person.address,
        language_name(person.language),
        person.get_health_display(),
        _day(person.created_at),
    ]
    subscriptions: Any = person.subscriptions.all()
    for each in subscriptions or (None,):
        yield [*known, *_subscription(each)]


def _subscription(row: Subscription | None) -> list[object]:
    if row is None:
        return [""] * 8
    return [
        str(row.newsletter),
        row.get_state_display(),
        row.get_frequency_display(),
        _names(row.projects.all()),
        _names(row.countries.all()),
        _day(row.confirmed_at),
        _day(row.paused_until),
        _day(row.left_at),
    ]


def _names(topics: Iterable[TermPage]) -> str:
    return ", ".join(topic_in(each, get_language() or "") for each in topics)


def _day(at: datetime | None) -> str:
    """In the site's time zone, in the form that every spreadsheet reads as a date."""
    return timezone.localtime(at, site_zone()).strftime("%Y-%m-%d") if at else ""
