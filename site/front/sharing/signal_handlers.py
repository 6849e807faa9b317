"""When cards are asked for, and when they go."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction

from front.models import SharePicture
from front.sharing import making
from front.tasks import make_due_share_pictures
from pages.models import BilingualPage, BrandSettings
from pages.signals import language_published, language_unpublished
from pictures.models import Picture


def connect() -> None:
    """Listen to what cards are drawn from, and to who may see their pages."""
    language_published.connect(ask, dispatch_uid="sharing.published")
    language_unpublished.connect(forget, dispatch_uid="sharing.unpublished")
    post_save.connect(look_again, sender=Picture, dispatch_uid="sharing.picture")
    post_save.connect(look_at_all, sender=BrandSettings, dispatch_uid="sharing.brand")
    post_save.connect(
        forget_below, sender=PageViewRestriction, dispatch_uid="sharing.limit"
    )
    post_delete.connect(
        remove_file, sender=SharePicture, dispatch_uid="sharing.removed"
    )


def ask(page: BilingualPage, language: str, **kwargs: Any) -> None:
    """A page came out, perhaps with another headline or picture."""
    making.ask(pages=[page.pk], language=language)
    make_due_share_pictures.delay_on_commit()


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


def forget_below(instance: PageViewRestriction, **kwargs: Any) -> None:
    """What only some may read; once all may again, the hourly round asks anew."""
    top = instance.page.path
    making.forget(SharePicture.objects.filter(page__path__startswith=top))


def remove_file(instance: SharePicture, **kwargs: Any) -> None:
    """The file goes with its row."""
    if instance.file:
        making.remove_file(instance.file)
