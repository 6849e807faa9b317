"""What a page is in each language. One function writes it; everything reads columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from copy import copy
from datetime import datetime
from typing import Any

from django.utils import timezone

from pages import alts
from pages.differences import changed_words
from pages.languages import field, languages
from pages.models import BilingualPage, Confirmation
from pages.models.columns import State
from pages.pairing import Pair, pair
from pages.segments import Part, parts, picture_parts, segments
from pages.signals import fell_behind


def digest(words: dict[str, str]) -> str:
    """A fingerprint of segments; the order of blocks does not matter."""
    text = json.dumps(words, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def original_of(live: BilingualPage, draft: BilingualPage) -> BilingualPage:
    """The page whose original is translated: as readers see it, else as drafted.

    A draft that names another original counts once it is published.
    """
    if live.is_live_in(live.original_language):
        return live
    if draft.original_language != live.original_language:
        draft = copy(draft)
        draft.original_language = live.original_language
    return draft


def translated_pairs(
    source: BilingualPage, draft: BilingualPage, language: str
) -> tuple[list[Pair], list[Part]]:
    """The original beside the draft's translation, its pictures' own words last.

    Also returns what only the translation has.
    """
    original = source.original_language
    pictures = [shown for _name, shown in alts.shown_pictures(source, original)]
    return pair(
        parts(source, original) + picture_parts(pictures, original),
        parts(draft, language) + picture_parts(pictures, language),
    )


def original_segments(live: BilingualPage, draft: BilingualPage) -> dict[str, str]:
    """The original's words."""
    source = original_of(live, draft)
    return segments(source, source.original_language)


def refresh_state(
    *, page_id: int, changed: Collection[str] = (), at: datetime | None = None
) -> None:
    """Write what a page is in each language, since when, and what is left to do."""
    live = BilingualPage.objects.get(pk=page_id).specific
    draft = live.get_latest_revision_as_object()
    write_state(live, draft, changed=changed, at=at)


def write_state(
    live: BilingualPage,
    draft: BilingualPage,
    *,
    changed: Collection[str] = (),
    at: datetime | None = None,
) -> None:
    """The same for a page and its draft that have just been read."""
    confirmed = dict(
        Confirmation.objects.filter(page_id=live.pk).values_list("language", "segments")
    )
    moment = at or timezone.now()
    values: dict[str, Any] = {f"changed_{code}": moment for code in changed}
    words = original_segments(live, draft)
    for code in languages():
        values |= _values(live, draft, code, words, confirmed.get(code), moment)
    BilingualPage.objects.filter(pk=live.pk).update(**values)
    for code in languages():
        if values[f"state_{code}"] == State.BEHIND != field(live, "state", code):
            fell_behind.send(sender=type(live), page=live, language=code)


def _values(
    live: BilingualPage,
    draft: BilingualPage,
    code: str,
    now: dict[str, str],
    confirmed: dict[str, str] | None,
    moment: datetime,
) -> dict[str, Any]:
    """The columns of one language; `now` is what the original says."""
    behind = code != live.original_language and confirmed not in (None, now)
    state = _state(live, draft, code, behind)
    todo = _words_to_do(live, draft, code, now, confirmed, state)
    whole = sum(_count(text) for text in now.values())
    values = {
        f"state_{code}": state,
        f"words_{code}": todo,
        f"progress_{code}": 100 * max(whole - todo, 0) // whole if whole else 0,
    }
    if state != field(live, "state", code) or field(live, "since", code) is None:
        values[f"since_{code}"] = moment
    return values


def _state(live: BilingualPage, draft: BilingualPage, code: str, behind: bool) -> State:
    if live.is_live_in(code):
        return State.BEHIND if behind else State.LIVE
    has_words = bool(field(draft, "headline", code) or segments(draft, code))
    return State.DRAFT if has_words else State.MISSING


def _words_to_do(
    live: BilingualPage,
    draft: BilingualPage,
    code: str,
    now: dict[str, str],
    confirmed: dict[str, str] | None,
    state: State,
) -> int:
    """Words without a translation, or changed since the translation was confirmed.

    None in a translation that is live and right, whatever it leaves out.
    """
    if code == live.original_language or state == State.LIVE:
        return 0
    if state == State.BEHIND and confirmed is not None:
        return sum(
            changed_words(confirmed.get(key, ""), text) for key, text in now.items()
        ) or len(confirmed.keys() - now.keys())
    pairs, _spare = translated_pairs(original_of(live, draft), draft, code)
    return sum(
        _count(mine.text)
        for both in pairs
        for mine, theirs in both.segments()
        if theirs is None or not theirs.text
    )


def _count(text: str) -> int:
    return len(text.split())
