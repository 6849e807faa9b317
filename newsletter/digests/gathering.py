"""Which stories a digest tells in a language, and from when on."""

from __future__ import annotations

from datetime import datetime

from news.models import NewsPage
from newsletter.models import Digest, Dispatch

MOST_STORIES = 40  # the newest; a longer mail would be cut off by who shows it


def window_start(digest: Digest, language: str) -> datetime | None:
    """The end of the last one that was sent in this language, else its beginning.

    One that failed, was cancelled or is still on its way moves nothing.
    """
    sent = digest.dispatches.filter(
        state=Dispatch.State.SENT, editions__language=language
    )
    last = sent.order_by("-covers_until").values_list("covers_until", flat=True).first()
    return max(filter(None, (last, digest.since)), default=None)


def stories_in(digest: Digest, language: str, until: datetime) -> list[NewsPage]:
    """What readers of a language can read that is new there, the newest first.

    A story is new in a language when it is first published in it, so a translation is
    told when it comes.
    """
    since = window_start(digest, language)
    if since is None:
        return []
    first = f"first_published_at_{language}"
    new = {f"{first}__gt": since, f"{first}__lte": until}
    rows = NewsPage.objects.readable_in(language).filter(**new)
    rows = rows.prefetch_related("projects", "countries").order_by(f"-{first}", "-pk")
    return list(rows)
