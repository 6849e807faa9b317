"""What a page is in each language. One function writes it; everything reads columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from pages.languages import field, languages
from pages.models import BilingualPage, Confirmation
from pages.models.columns import State
from pages.words import segments


def digest(words: dict[str, str]) -> str:
    """A fingerprint of segments; the order of blocks does not matter."""
    text = json.dumps(words, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def original_segments(live: BilingualPage, draft: BilingualPage) -> dict[str, str]:
    """The original's words: as readers see them, else as drafted."""
    source = live if live.is_live_in(live.original_language) else draft
    return segments(source, source.original_language)


def refresh_state(
    *, page_id: int, changed: Collection[str] = (), at: datetime | None = None
) -> None:
    """Write what a page is in each language, and when the `changed` ones changed."""
    live = BilingualPage.objects.get(pk=page_id).specific
    draft = live.get_latest_revision_as_object()
    confirmed = dict(
        Confirmation.objects.filter(page_id=page_id).values_list("language", "digest")
    )
    fingerprint = digest(original_segments(live, draft)) if confirmed else ""
    values: dict[str, Any] = {
        f"state_{code}": _state(live, draft, code, confirmed.get(code), fingerprint)
        for code in languages()
    }
    values |= {f"changed_{code}": at or timezone.now() for code in changed}
    BilingualPage.objects.filter(pk=page_id).update(**values)


def _state(
    live: BilingualPage,
    draft: BilingualPage,
    code: str,
    confirmed: str | None,
    fingerprint: str,
) -> State:
    if live.is_live_in(code):
        is_behind = code != live.original_language and confirmed not in (
            None,
            fingerprint,
        )
        return State.BEHIND if is_behind else State.LIVE
    has_words = bool(field(draft, "headline", code) or segments(draft, code))
    return State.DRAFT if has_words else State.MISSING
