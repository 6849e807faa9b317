"""What is added up once, when a sending is over, and kept with it.

`Dispatch.numbers` has state → number of each group: `languages` by code, written with
the tally, then `projects` and `countries` by id, and `undecided`, who follow nothing.
Somebody who follows two countries counts in both. What readers follow may change later;
what they followed then stays.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from newsletter.dispatching.tallies import by_language, tally_of
from newsletter.models import Delivery, Dispatch

UNDECIDED = "undecided"
AT_ONCE = 10  # sendings a run: of a large one it takes seconds
Groups = dict[str, dict[str, int]]
OVER = (Dispatch.State.SENT, Dispatch.State.CANCELLED)
READER = "subscriber__subscriptions"


def write_all() -> None:
    """Add up the sendings that are over and were not yet, the latest first."""
    over = Dispatch.objects.filter(state__in=OVER, frozen_at__isnull=False)
    missing = over.filter(~Q(numbers__has_key=UNDECIDED))
    for dispatch in missing.select_related("newsletter")[:AT_ONCE]:
        write_numbers(dispatch)


def write_numbers(dispatch: Dispatch) -> None:
    """Count the deliveries of a sending by what their readers follow, and keep it."""
    everyone = _deliveries(dispatch)
    nothing = {f"{READER}__projects": None, f"{READER}__countries": None}
    undecided = _counted(_deliveries(dispatch, **nothing), "standing")
    dispatch.numbers = {
        "languages": by_language(dispatch, tally_of(dispatch)),
        "projects": _by_term(everyone, "projects"),
        "countries": _by_term(everyone, "countries"),
        UNDECIDED: dict(undecided),
    }
    Dispatch.objects.filter(pk=dispatch.pk).update(numbers=dispatch.numbers)


def _deliveries(dispatch: Dispatch, **of_reader: Any) -> QuerySet[Delivery]:
    """With the reader's subscription to this newsletter as `READER`.

    All is asked in one `filter`: a second would be about any subscription of theirs.
    """
    own = {"dispatch": dispatch, f"{READER}__newsletter": dispatch.newsletter}
    return Delivery.objects.filter(**own, **of_reader).with_standing().order_by()


def _by_term(rows: QuerySet[Delivery], name: str) -> Groups:
    groups: Groups = {}
    for term, state, number in _counted(rows, f"{READER}__{name}", "standing"):
        if term is not None:
            groups.setdefault(str(term), {})[state] = number
    return groups


def _counted(rows: QuerySet[Delivery], *by: str) -> Any:
    return rows.values_list(*by).annotate(n=Count("pk"))
