"""Keeping lists true, whatever way what readers may see changes."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate, pre_delete

from news import listed
from news.models import Listed, NewsPage
from pages.models import BilingualPage
from pages.rebuilding import is_forward, register_step
from pages.signals import (
    language_published,
    language_unpublished,
    readers_changed,
)


def connect() -> None:
    """Listen to what puts stories in lists and takes them out."""
    language_published.connect(settle_story, dispatch_uid="news.published")
    language_unpublished.connect(settle_story, dispatch_uid="news.unpublished")
    readers_changed.connect(settle_stories, dispatch_uid="news.readers")
    pre_delete.connect(strike_story, sender=NewsPage, dispatch_uid="news.deleted")
    post_migrate.connect(
        fill_new_lists, sender=apps.get_app_config("news"), dispatch_uid="news.lists"
    )
    register_step("places in lists", listed.rebuild)


def settle_story(page: BilingualPage, **kwargs: Any) -> None:
    """A language of it went up or down."""
    if isinstance(page, NewsPage):
        listed.settle([page.pk])


def settle_stories(top: str, **kwargs: Any) -> None:
    """Others may read what stands below a page, or nobody."""
    listed.settle_below(top)


def strike_story(instance: NewsPage, **kwargs: Any) -> None:
    """Its places go with it; they are to be counted out first."""
    listed.strike(instance.pk)


def fill_new_lists(plan: Any = (), **kwargs: Any) -> None:
    """Lists are empty after the migration that made their table."""
    if is_forward(plan) and not Listed.objects.exists():
        listed.rebuild()
