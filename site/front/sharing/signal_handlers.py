"""When cards are asked for, and when they go."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete

from front.models import SharePicture
from front.sharing import making
from guards.waking import wake_on_commit
from pages.models import BilingualPage, BrandSettings
from pages.signals import language_published, language_unpublished, readers_changed
from pictures.models import Picture


def connect() -> None:
    """Listen to what cards are drawn from, and to who may see their pages."""
    language_published.connect(ask, dispatch_uid="sharing.published")
    language_unpublished.connect(forget, dispatch_uid="sharing.unpublished")
    post_save.connect(look_again, sender=Picture, dispatch_uid="sharing.picture")
    post_save.connect(look_at_all, sender=BrandSettings, dispatch_uid="sharing.brand")
    pre_delete.connect(look_without, sender=Picture, dispatch_uid="sharing.lost")
    readers_changed.connect(settle_below, dispatch_uid="sharing.readers")
    post_delete.connect(
        remove_file, sender=SharePicture, dispatch_uid="sharing.removed"
    )


def ask(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """A page came out, perhaps with another headline or picture."""
    making.ask(pages=[page.pk], language=language)
    rows = SharePicture.objects.filter(page=page.pk, language=language)
    for pk in rows.values_list("pk", flat=True):
        wake_on_commit("front.tasks.make_share_picture", pk)


def forget(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """What was taken down is not shown by its card either."""
    making.forget(SharePicture.objects.filter(page=page.pk, language=language))


def look_again(instance: Picture, created: bool, **kwargs: Any) -> None:
    """A picture has another file or focal point, perhaps."""
    if not created:
        making.ask_for_pages_with(instance)


def look_at_all(instance: BrandSettings, **kwargs: Any) -> None:
    """Every card carries the mark; beat has them drawn, so many a minute."""
    making.ask_again(SharePicture.objects.all())


def look_without(instance: Picture, **kwargs: Any) -> None:
    """A picture goes, and with it the cards that show it, drawn again without it."""
    making.forget_pages_with(instance)


def settle_below(top: str, **kwargs: Any) -> None:
    """Others may read what stands below a page, or nobody."""
    making.settle(top=top)


def remove_file(instance: SharePicture, **kwargs: Any) -> None:
    """The file goes with its row."""
    if instance.file:
        making.remove_file(instance.file)
