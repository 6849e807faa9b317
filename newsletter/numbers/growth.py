"""How many readers a newsletter gained and lost in each month, and had at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from newsletter.composing.moments import site_zone
from newsletter.models import Consent, Newsletter, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import SUBSCRIBED

MONTHS = 24
Kind = Consent.Kind
GAINED = Q(kind__in=[Kind.CONFIRMED, Kind.ADDED, Kind.IMPORTED]) | Q(
    kind=Kind.RESUMED, text_version__in=wording.CAME_BACK
)
LOST = Q(kind=Kind.LEFT)


@dataclass(frozen=True)
class Month:
    """One month; each number by language."""

    first_day: date
    gained: Counter[str]
    lost: Counter[str]
    total: Counter[str]


def growth_of(newsletter: Newsletter, at: datetime | None = None) -> list[Month]:
    """The last months in order, this one included; in two queries.

    The totals are those of today, reckoned back by who came and left since. A reader
    counts in the language they have now.
    """
    first_days = _months(timezone.localdate(at, timezone=site_zone()))
    gained, lost = _moves(newsletter, first_days[0])
    totals, months = _totals(newsletter), []
    for day in reversed(first_days):
        month = Month(day, gained.get(day, Counter()), lost.get(day, Counter()), totals)
        months.append(month)
        totals = Counter(totals)
        totals.subtract(month.gained)
        totals.update(month.lost)
        totals = Counter({code: max(number, 0) for code, number in totals.items()})
    return months[::-1]


def _months(today: date) -> list[date]:
    last = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - MONTHS + 1, last + 1)]


def _moves(
    newsletter: Newsletter, since: date
) -> tuple[dict[date, Counter[str]], dict[date, Counter[str]]]:
    gained: dict[date, Counter[str]] = {}
    lost: dict[date, Counter[str]] = {}
    zone = site_zone()
    begin = datetime(since.year, since.month, 1, tzinfo=zone)
    rows = Consent.objects.filter(
        GAINED | LOST, subscription__newsletter=newsletter, at__gte=begin
    )
    found = rows.order_by().values_list(
        TruncMonth("at", tzinfo=zone), "subscription__subscriber__language"
    )
    numbers = {"came": Count("pk", filter=GAINED), "went": Count("pk", filter=LOST)}
    for month, language, came, went in found.annotate(**numbers):
        gained.setdefault(month.date(), Counter())[language] += came
        lost.setdefault(month.date(), Counter())[language] += went
    return gained, lost


def _totals(newsletter: Newsletter) -> Counter[str]:
    rows = Subscription.objects.filter(newsletter=newsletter, state__in=SUBSCRIBED)
    found = rows.order_by().values_list("subscriber__language")
    return Counter(dict(found.annotate(n=Count("pk"))))
