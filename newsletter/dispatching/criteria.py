"""What readers have to be like: for the admin's list, and for a filter's audience.

Criteria are names and values as in the list's address: `{"language": "es", "country":
"7"}`. Those of a subscription are about one and the same one, of whatever newsletter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from newsletter.models import Subscriber, Subscription

OF_SUBSCRIPTION = {
    "newsletter": "newsletter",
    "frequency": "frequency",
    "project": "projects",
    "country": "countries",
}
OF_SUBSCRIBER = {"language": "language", "health": "health"}
NAMES = ("newsletter", "state", "frequency", "project", "country", *OF_SUBSCRIBER)


def fulfilling(
    subscribers: QuerySet[Subscriber], criteria: Mapping[str, Any]
) -> QuerySet[Subscriber]:
    """Those of them who are like that; no criteria are fulfilled by everyone."""
    found = subscribers.filter(**_chosen(OF_SUBSCRIBER, criteria))
    wanted, state = _chosen(OF_SUBSCRIPTION, criteria), criteria.get("state")
    if not wanted and not state:
        return found
    rows = Subscription.objects.filter(subscriber=OuterRef("pk"), **wanted)
    return found.filter(Exists(rows.in_state(state) if state else rows))


def _chosen(paths: Mapping[str, str], criteria: Mapping[str, Any]) -> dict[str, Any]:
    return {path: criteria[name] for name, path in paths.items() if criteria.get(name)}
