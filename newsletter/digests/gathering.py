"""Which stories a digest tells in a language, and from when on."""

from __future__ import annotations

from datetime import datetime, timedelta

from news.models import NewsPage
from newsletter.delivery.parts import MOST_PARTS
from newsletter.models import Digest, Dispatch, Edition

MOST_STORIES = MOST_PARTS  # the newest; a longer mail would be cut off by who shows it
# A publication takes its moment before others see it: so long it may take.
OVERLAP = timedelta(minutes=10)


def window_start(digest: Digest, language: str) -> datetime | None:
    """The end of the last one that was sent in this language, else its beginning.

    One that failed, was cancelled or is still on its way moves nothing.
    """
    last = _last_sent(digest, language)
    ended = last.dispatch.covers_until if last else None
    return max(filter(None, (ended, digest.since)), default=None)


def stories_in(digest: Digest, language: str, until: datetime) -> list[NewsPage]:
    """What readers of a language can read that is new there, the newest first.

    A story is new in a language when it is first published in it, so a translation is
    told when it comes.
    """
    since = window_start(digest, language)
    if since is None:
        return []
    told: list[int] = []
    last = _last_sent(digest, language)
    if last and last.dispatch.covers_until == since:
        since, told = since - OVERLAP, last.story_ids
    first = f"first_published_at_{language}"
    new = {f"{first}__gt": since, f"{first}__lte": until}
    rows = NewsPage.objects.readable_in(language).filter(**new).exclude(pk__in=told)
    rows = rows.prefetch_related("projects", "countries").order_by(f"-{first}", "-pk")
    return list(rows)


def _last_sent(digest: Digest, language: str) -> Edition | None:
    rows = Edition.objects.filter(
        language=language,
        dispatch__digest=digest,
        dispatch__state=Dispatch.State.SENT,
    )
    return rows.select_related("dispatch").order_by("-dispatch__covers_until").first()
