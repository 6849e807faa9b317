"""A newsletter's readers in numbers, added up each hour: of a million it takes seconds.

Without a beat they are counted when somebody looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Count, QuerySet
from django.utils import timezone

from newsletter.models import Newsletter, Subscription
from newsletter.numbers.growth import Month, growth_of
from newsletter.subscribing.actions import SUBSCRIBED
from newsletter.subscribing.forms import TOPICS

GOOD_FOR = timedelta(hours=2)
Languages = Counter[str]


@dataclass(frozen=True)
class ReaderNumbers:
    """Months in order, term by id → language → readers, and who follows nothing."""

    at: datetime
    months: list[Month]
    followers: Mapping[str, Mapping[str, Languages]]
    undecided: Languages

    def to_json(self) -> dict[str, Any]:
        """A form that JSON keeps."""
        return {
            "at": self.at.isoformat(),
            "months": [
                [str(each.first_day), each.gained, each.lost, each.total]
                for each in self.months
            ],
            "followers": self.followers,
            "undecided": self.undecided,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What `to_json` wrote."""
        return cls(
            at=datetime.fromisoformat(data["at"]),
            months=[
                Month(date.fromisoformat(day), *map(Counter, counts))
                for day, *counts in data["months"]
            ],
            followers={
                name: {term: Counter(own) for term, own in groups.items()}
                for name, groups in data["followers"].items()
            },
            undecided=Counter(data["undecided"]),
        )


def numbers_of(newsletter: Newsletter) -> ReaderNumbers:
    """Those that are kept, if they are good; else as they are now."""
    if newsletter.numbers:
        kept = ReaderNumbers.from_json(newsletter.numbers)
        if kept.at > timezone.now() - GOOD_FOR:
            return kept
    return count_readers(newsletter)


def write_all() -> None:
    """Add up the readers of every newsletter."""
    for newsletter in Newsletter.objects.all():
        made = count_readers(newsletter).to_json()
        Newsletter.objects.filter(pk=newsletter.pk).update(numbers=made)


def count_readers(newsletter: Newsletter) -> ReaderNumbers:
    """As they are now, in five queries."""
    rows = Subscription.objects.filter(newsletter=newsletter, state__in=SUBSCRIBED)
    nothing = rows.filter(projects=None, countries=None)
    return ReaderNumbers(
        at=timezone.now(),
        months=growth_of(newsletter),
        followers={name: _by_language(rows, name) for name in TOPICS},
        undecided=Counter(dict(_numbers(nothing, "subscriber__language"))),
    )


def _by_language(rows: QuerySet[Subscription], name: str) -> dict[str, Languages]:
    groups: dict[str, Languages] = defaultdict(Counter)
    following = rows.exclude(**{name: None})
    for term, language, number in _numbers(following, name, "subscriber__language"):
        groups[str(term)][language] = number
    return groups


def _numbers(rows: QuerySet[Subscription], *by: str) -> Any:
    return rows.order_by().values_list(*by).annotate(n=Count("pk"))
