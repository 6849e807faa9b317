"""Whom a sending is for: all who read the newsletter, who follow something, or who are
like a saved filter says.

Someone who follows nothing in particular asked for everything, so they are part of
every audience of followers unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

from newsletter.dispatching.criteria import fulfilling
from newsletter.models import Dispatch, Subscriber, Subscription


@dataclass(frozen=True)
class Audience:
    """Followers of any of these projects and countries, by id; of none is everybody.

    `with_undecided` adds who follows nothing. With `criteria` it is instead whoever
    fulfils them (`criteria`). A digest's are those who chose its `frequency`. Nobody is
    in it twice.
    """

    projects: frozenset[int] = field(default_factory=frozenset)
    countries: frozenset[int] = field(default_factory=frozenset)
    with_undecided: bool = True
    criteria: Mapping[str, Any] = field(default_factory=dict)
    frequency: str = ""

    @property
    def is_everyone(self) -> bool:
        """Whether it leaves nobody out who gets issues."""
        return not (self.narrows or self.frequency)

    @property
    def narrows(self) -> bool:
        """Whether it is for those alone who follow something, or are like something."""
        return bool(self.projects or self.countries or self.criteria)

    @property
    def lives_in(self) -> frozenset[int]:
        """The countries it is about, by id; none where it may be any."""
        country = self.criteria.get("country")
        return frozenset([int(country)]) if country else self.countries

    @property
    def condition(self) -> Q:
        """What a subscription fulfils that belongs to it."""
        if not self.narrows:
            return Q()
        if self.criteria:
            people = Subscriber.objects.filter(pk=OuterRef("subscriber"))
            return Q(Exists(fulfilling(people, self.criteria)))
        chosen = _follows("projects", self.projects)
        chosen |= _follows("countries", self.countries)
        if self.with_undecided:
            chosen |= ~(_follows("projects") | _follows("countries"))
        return chosen


EVERYONE = Audience()
FOLLOWS = {
    "projects": (Subscription.projects.through, "projectpage"),
    "countries": (Subscription.countries.through, "countrypage"),
}


def audience_of(dispatch: Dispatch) -> Audience:
    """The one that was chosen for this sending."""
    return Audience(
        frozenset(dispatch.projects.values_list("pk", flat=True)),
        frozenset(dispatch.countries.values_list("pk", flat=True)),
        dispatch.with_undecided,
        dispatch.criteria,
        dispatch.digest.frequency if dispatch.digest else "",
    )


def _follows(kind: str, ids: frozenset[int] | None = None) -> Q:
    """Who follows one of these, or any at all."""
    pairs, term = FOLLOWS[kind]
    rows = pairs.objects.filter(subscription=OuterRef("pk"))
    if ids is not None:
        rows = rows.filter(**{f"{term}__in": ids})
    return Q(Exists(rows))
