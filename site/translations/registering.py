"""How rooms bring words outside of pages to the desk."""

from __future__ import annotations

from translations import signal_handlers
from translations.texts import Shown, add_source


def register_texts(shown: Shown) -> None:
    """Have the objects that `shown()` returns translated at the desk.

    They are objects that readers see, of a model whose translated fields are plain
    text. Where the model has drafts, their words are kept in step.
    """
    add_source(shown)
    signal_handlers.watch(shown().model)
