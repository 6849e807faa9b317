"""What the desk does when a translation falls behind, or a text changes elsewhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from pages.languages import languages
from pages.models import BilingualPage, Confirmation
from pages.signals import fell_behind
from pages.words import translated_fields
from translations import notices, text_actions


def connect() -> None:
    """Listen to the kernel."""
    fell_behind.connect(tell_the_translator, dispatch_uid="translations.behind")


def watch(model: type[Model]) -> None:
    """Listen to whatever changes texts outside of pages."""
    pre_save.connect(note_before, sender=model, dispatch_uid="translations.before")
    post_save.connect(note_after, sender=model, dispatch_uid="translations.after")
    post_delete.connect(forget, sender=model, dispatch_uid="translations.forget")


def tell_the_translator(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """Mail whoever confirmed the translation last."""
    row = Confirmation.objects.filter(page_id=page.pk, language=language).first()
    if row is not None:
        notices.tell_behind(page, language, row.user)


def note_before(sender: Any, instance: Model, **kwargs: Any) -> None:
    """Take what is whole before its first change as right: that change counts."""
    if _changes_words(sender, **kwargs) and instance.pk:
        _note(sender, instance.pk)


def note_after(sender: Any, instance: Model, **kwargs: Any) -> None:
    """Note what is whole now, and what fell behind."""
    if _changes_words(sender, **kwargs):
        _note(sender, instance.pk)


def forget(sender: Any, instance: Model, **kwargs: Any) -> None:
    """Another object may get the number of one that was deleted."""
    text_actions.forget(instance)


def _note(sender: Any, pk: Any) -> None:
    """From the database: a draft that is saved passes here with words nobody sees."""
    found = sender._default_manager.filter(pk=pk).first()
    if found is not None:
        text_actions.take_note(found)


def _changes_words(
    sender: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> bool:
    if raw or update_fields is None:
        return not raw
    names = {f"{n}_{code}" for n in translated_fields(sender) for code in languages()}
    return bool(names & set(update_fields))
