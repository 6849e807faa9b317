"""The counts of a sending, added up now and then, so that reading them is cheap."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Count, Q

from newsletter.models import Delivery, Dispatch

OPEN = (Delivery.State.WAITING, Delivery.State.CLAIMED, Delivery.State.RETRY)


def counted(dispatch: Dispatch) -> dict[str, int]:
    """How many deliveries are in each state at this moment; one pass over its rows."""
    rows = Delivery.objects.filter(dispatch=dispatch).with_standing().order_by()
    found = dict(rows.values_list("standing").annotate(n=Count("pk")))
    return {state.value: found.get(state.value, 0) for state in Delivery.State}


def write_tally(dispatch: Dispatch) -> None:
    """Keep the counts with the dispatch."""
    dispatch.tally = counted(dispatch)
    Dispatch.objects.filter(pk=dispatch.pk).update(tally=dispatch.tally)


def write_tallies() -> None:
    """Add up what had mails on the way, and what was never added up."""
    open_counts = (Q(**{f"tally__{state}__gt": 0}) for state in OPEN)
    unknown = Q(tally={}, frozen_at__isnull=False)
    for dispatch in Dispatch.objects.filter(reduce(or_, open_counts, unknown)):
        write_tally(dispatch)
