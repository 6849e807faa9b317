"""Which stories a digest tells in a language, and from when on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from news.models import NewsPage
from newsletter.delivery.parts import MOST_PARTS
from newsletter.models import Digest, Dispatch, Edition

MOST_STORIES = MOST_PARTS  # the newest; a longer mail would be cut off by who shows it
# A publication takes its moment before others see it: so long it may take.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Window:
    """From when on a digest tells what is new; `told` it told in the overlap before."""

    since: datetime
    overlap: timedelta = timedelta()
    told: Sequence[int] = ()


def window_of(digest: Digest, language: str, until: datetime) -> Window:
    """From the end of the last one that was sent in this language, else its beginning.

    One that failed, was cancelled or is still on its way moves nothing. One that was
    never switched on has no beginning, and tells nothing.
    """
    last = _last_sent(digest, language)
    ended = last.dispatch.covers_until if last else None
    since = max(filter(None, (ended, digest.since)), default=until)
    if last and since == ended:
        return Window(since, OVERLAP, last.story_ids)
    return Window(since)


def stories_in(window: Window, language: str, until: datetime) -> list[NewsPage]:
    """What readers of a language can read that is new there, the newest first.

    A story is new in a language when it is first published in it, so a translation is
    told when it comes.
    """
    first = f"first_published_at_{language}"
    new = {f"{first}__gt": window.since - window.overlap, f"{first}__lte": until}
    rows = NewsPage.objects.readable_in(language).filter(**new)
    rows = rows.exclude(pk__in=window.told).prefetch_related("projects", "countries")
    return list(rows.order_by(f"-{first}", "-pk"))


def _last_sent(digest: Digest, language: str) -> Edition | None:
    rows = Edition.objects.filter(
        language=language,
        dispatch__digest=digest,
        dispatch__state=Dispatch.State.SENT,
    )
    return rows.select_related("dispatch").order_by("-dispatch__covers_until").first()
