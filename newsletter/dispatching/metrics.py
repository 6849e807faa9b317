"""What a monitoring system may know of sendings: numbers that cost no long queries.

Deliveries are never counted here: each dispatch keeps a tally that is at most a minute
old while it is sent. Names and labels are stable; they hold no person's data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Model, TextChoices

from guards.exposition import Metric
from mail.models import QueuedMail
from newsletter.dispatching.standstill import standstills
from newsletter.models import (
    Chunk,
    Complaint,
    Delivery,
    Dispatch,
    Newsletter,
    Suppression,
)

AT_WORK = (Dispatch.State.SENDING, Dispatch.State.PAUSED, Dispatch.State.FAILED)


def metrics(at: datetime) -> Iterator[Metric]:
    """Everything, as of now."""
    yield from _deliveries()
    yield _by("dispatches", "Dispatches by state.", "state", Dispatch, Dispatch.State)
    yield Metric(
        "pregon_dispatches_stuck",
        "gauge",
        "Dispatches that should be sending and have made no progress for 15 minutes.",
        [({}, sum(1 for _each in standstills(at)))],
    )
    yield _chunks()
    yield from _ages(at)
    yield _by(
        "suppressions",
        "Addresses that must not be written to, by reason.",
        "reason",
        Suppression,
        Suppression.Reason,
    )
    yield _complaints()


def _deliveries() -> Iterator[Metric]:
    sums: Counter[str] = Counter()
    for tally in Dispatch.objects.exclude(tally={}).values_list("tally", flat=True):
        sums.update(tally)
    yield Metric(
        "pregon_deliveries",
        "gauge",
        "Deliveries of all dispatches by state; at most a minute old.",
        [({"state": state}, sums[state]) for state in Delivery.State.values],
    )
    yield Metric(
        "pregon_deliveries_sent_total",
        "counter",
        "Deliveries that a mail server has taken.",
        [({}, sums[Delivery.State.SENT])],
    )


def _by(
    name: str, words: str, label: str, model: type[Model], values: type[TextChoices]
) -> Metric:
    rows = model._default_manager.order_by().values_list(label).annotate(n=Count("pk"))
    found = dict(rows)
    samples = [({label: value}, found.get(value, 0)) for value in values.values]
    return Metric(f"pregon_{name}", "gauge", words, samples)


def _chunks() -> Metric:
    """By way of the dispatches at work: those of years past are not looked at."""
    rows = Chunk.objects.filter(dispatch__state__in=AT_WORK).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("pk")))
    return Metric(
        "pregon_chunks",
        "gauge",
        "Chunks of the dispatches that are not over, by state.",
        [({"state": state}, found.get(state, 0)) for state in Chunk.State.values],
    )


def _ages(at: datetime) -> Iterator[Metric]:
    """Seconds; 0 where nothing waits."""
    running = Dispatch.objects.running()
    unfinished = Chunk.objects.unfinished().values("dispatch")
    moved = running.filter(pk__in=unfinished).aggregate(first=Min("moved_at"))
    yield _age(
        "queue",
        "Since the last progress of the dispatch that waits longest.",
        moved,
        at,
    )
    due = Delivery.objects.filter(dispatch__in=running, next_at__lte=at)
    oldest = due.aggregate(first=Min("next_at"))
    yield _age("oldest_due", "Since the oldest due attempt was due.", oldest, at)
    mails = QueuedMail.objects.filter(state=QueuedMail.State.QUEUED, next_at__lte=at)
    longest = mails.aggregate(first=Min("next_at"))
    yield _age("mail_queue", "Since the oldest due single mail was due.", longest, at)


def _age(
    name: str, words: str, found: dict[str, datetime | None], at: datetime
) -> Metric:
    first = found["first"]
    age_s = max((at - first).total_seconds(), 0) if first else 0
    return Metric(f"pregon_{name}_age_seconds", "gauge", words, [({}, age_s)])


def _complaints() -> Metric:
    found = Counter(Complaint.objects.values_list("newsletter__key", flat=True))
    keys = Newsletter.objects.values_list("key", flat=True)
    return Metric(
        "pregon_complaints_total",
        "counter",
        "Complaints by newsletter.",
        [({"newsletter": key}, found[key]) for key in keys],
    )
