"""What happens when a picture is kept, and what is cleared away with a document."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_init, post_save

from pictures import making
from pictures.models import File, Picture


def connect() -> None:
    """Listen to pictures and documents."""
    post_save.connect(note_picture, sender=Picture, dispatch_uid="pictures.made")
    post_init.connect(remember_versions, sender=File, dispatch_uid="pictures.before")
    post_save.connect(clear_versions, sender=File, dispatch_uid="pictures.versions")
    post_delete.connect(clear_versions, sender=File, dispatch_uid="pictures.gone")


def note_picture(instance: Picture, raw: bool = False, **kwargs: Any) -> None:
    """Its files are made where it is new, or another one, or cropped elsewhere."""
    if not raw:
        making.note(instance)


def remember_versions(instance: File, **kwargs: Any) -> None:
    """Which files it has, to know later which it lost; what is deferred stays so."""
    instance.versions_before = _versions(instance)


def clear_versions(instance: File, created: bool | None = None, **kwargs: Any) -> None:
    """Delete files of versions that were replaced, or whose document is deleted."""
    kept = set() if created is None else _versions(instance)
    storage = File._meta.get_field("version").storage
    for name in instance.versions_before - kept:
        transaction.on_commit(partial(storage.delete, name), robust=True)
    instance.versions_before = kept


def _versions(instance: File) -> set[str]:
    known = instance.__dict__
    names = (known.get(f"version_{code}") for code, _name in settings.LANGUAGES)
    return {str(name) for name in names if name}
