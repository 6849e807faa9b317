"""Subscribers as a table: whom a search found, one row for each subscription."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from newsletter import tables
from newsletter.composing.permissions import may_see_readers
from newsletter.models import Subscriber, Subscription
from newsletter.readership.finding import subscribers_found
from newsletter.subscribing.forms import TOPICS
from newsletter.subscribing.names import NAMED_BY, topic_in
from pages.languages import current_language, language_name
from topics.models import TermPage

FILE = "pregon-subscribers.csv"
BATCH = 1000  # readers in memory at a time, however many there are


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Say how many it would be; on POST, the file, and a note of who took it."""
    if not may_see_readers(request.user):
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
    return tables.as_file(table_of(found, current_language()), FILE)


def table_of(found: QuerySet[Subscriber], language: str) -> Iterator[str]:
    """Pieces of a CSV file, in one language's words; read as they are taken."""
    return tables.pieces(language, _header, _batches(found), _rows)


def _batches(found: QuerySet[Subscriber]) -> Iterator[list[Subscriber]]:
    last = 0
    while people := list(_people(found, last)[:BATCH]):
        yield people
        last = people[-1].pk


def _people(found: QuerySet[Subscriber], last: int) -> QuerySet[Subscriber]:
    rows = found.filter(pk__gt=last).order_by("pk")
    return rows.prefetch_related(
        "subscriptions__newsletter",
        *(
            Prefetch(f"subscriptions__{name}", model.objects.only(*NAMED_BY))
            for name, model in TOPICS.items()
        ),
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
        tables.day(person.created_at),
    ]
    subscriptions: Any = person.subscriptions.all()
    for each in subscriptions or (None,):
        yield [*known, *_subscription(each)]


def _subscription(row: Subscription | None) -> list[object]:
    if row is None:
        return [""] * 8
    return [
        str(row.newsletter),
        row.state_by_now.label,
        row.get_frequency_display(),
        _names(row.projects.all()),
        _names(row.countries.all()),
        tables.day(row.confirmed_at),
        tables.day(row.paused_until if row.is_away(timezone.now()) else None),
        tables.day(row.left_at),
    ]


def _names(topics: Iterable[TermPage]) -> str:
    return ", ".join(topic_in(each, current_language()) for each in topics)
