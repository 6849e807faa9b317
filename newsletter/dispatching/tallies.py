"""The counts of a sending; added up now and then, so that reading them is cheap."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from newsletter.models import Delivery, Dispatch

State = Delivery.State
SETTLED = timedelta(minutes=3)  # a run tells of itself within two
OPEN = (State.WAITING, State.CLAIMED, State.RETRY)


@dataclass
class Tally:
    """Edition → state → number, and how many were sent lately."""

    editions: dict[int, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    lately: int = 0


def tally_of(dispatch: Dispatch, since: datetime | None = None) -> Tally:
    """The counts now, in one pass over the deliveries; late is what went `since`."""
    tally = Tally()
    is_late = Q(standing=State.SENT, went_at__gt=since or timezone.now())
    numbers = {"n": Count("pk"), "late": Count("pk", filter=is_late)}
    rows = Delivery.objects.filter(dispatch=dispatch).with_standing().order_by()
    found = rows.values_list("edition_id", "standing").annotate(**numbers)
    for edition, state, number, late in found:
        tally.editions[edition][state] = number
        tally.lately += late
    return tally


def counted(dispatch: Dispatch) -> dict[str, int]:
    """How many deliveries are in each state at this moment."""
    return _together(tally_of(dispatch))


def _together(tally: Tally) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for counts in tally.editions.values():
        sums.update(counts)
    return {state.value: sums[state] for state in State}


def write_tally(dispatch: Dispatch) -> None:
    """Keep the counts with the dispatch, of all and of each language.

    What else is known of them is counted anew where these have changed.
    """
    tally = tally_of(dispatch)
    changed: dict[str, Any] = {"tally": _together(tally)}
    if changed["tally"] != dispatch.tally or not dispatch.numbers:
        changed["numbers"] = {"languages": by_language(dispatch, tally)}
    Dispatch.objects.filter(pk=dispatch.pk).update(**changed)
    for name, value in changed.items():
        setattr(dispatch, name, value)


def by_language(dispatch: Dispatch, tally: Tally) -> dict[str, dict[str, int]]:
    """Language → state → number."""
    editions = dispatch.editions.values_list("pk", "language")
    return {code: dict(tally.editions[pk]) for pk, code in editions}


def write_tallies(at: datetime) -> None:
    """Add up what may have changed since it last was, and what never was.

    One that is paused or failed changes while mails are on the way and until its last
    run has told of itself; one that was cancelled until its open mails are dropped.
    """
    is_open = reduce(or_, (Q(**{f"tally__{state}__gt": 0}) for state in OPEN))
    state = Dispatch.State
    changes = (
        Q(state__in=[state.SENDING, state.CANCELLED])
        | Q(tally__claimed__gt=0)
        | Q(moved_at__gt=at - SETTLED)
    )
    unknown = Q(tally={}, frozen_at__isnull=False)
    for dispatch in Dispatch.objects.filter(unknown | is_open & changes):
        write_tally(dispatch)
