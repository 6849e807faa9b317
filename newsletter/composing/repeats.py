"""Which stories the issues of a newsletter have told everybody who reads them.

Who got one otherwise, by a digest or an issue for some, is left out by the freeze: see
`dispatching.selecting`.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from django.db.models import DateTimeField, F, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from newsletter.models import Dispatch, Edition, IssuePage, Newsletter


def frozen_dispatches() -> QuerySet[Dispatch]:
    """Sendings of issues whose editions people got, or are getting."""
    return Dispatch.objects.issues().filter(frozen_at__isnull=False).effective()


def sent_before(
    issue: IssuePage,
    newsletter: Newsletter,
    language: str,
    before: datetime | None = None,
) -> set[int]:
    """The stories that readers of a language got before this issue, as page ids.

    What was sent later does not change an issue: later than itself, or, where it was
    not sent, later than `before`. A link to another language counts as well: they
    could read it there.
    """
    to_all = {"projects": None, "countries": None, "criteria": {}}
    sent = frozen_dispatches().filter(newsletter=newsletter, **to_all)
    rows = Edition.objects.filter(language=language, dispatch__in=sent)
    if issue.pk:
        own = frozen_dispatches().filter(issue_page=issue.pk).order_by("frozen_at")
        first = Subquery(own.values("frozen_at")[:1])
        rows = rows.exclude(dispatch__issue_page=issue.pk).annotate(
            end=Coalesce(first, Value(before, output_field=DateTimeField()))
        )
        rows = rows.filter(Q(end=None) | Q(dispatch__frozen_at__lt=F("end")))
    return set(chain.from_iterable(rows.values_list("story_ids", flat=True)))
