"""What the kernel tells the other rooms. Sent inside the transaction."""

from __future__ import annotations

from django.dispatch import Signal

# page, language, first (bool: never public in this language before)
language_published = Signal()
# page, language
language_unpublished = Signal()
# page: its address, or one below it, is another one now; the kernel's own
addresses_changed = Signal()
# page, before (the earlier draft's data); the kernel's own
draft_saved = Signal()

# page, language: the original of a confirmed translation has changed.
fell_behind = Signal()

# top: a tree path; who may read what stands at and below it may have changed.
readers_changed = Signal()
