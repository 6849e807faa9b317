"""Feeds of the lists: /es/noticias/feed/, /en/projects/x/feed/."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from news.feeds import ListFeed

urlpatterns = [
    path(
        f"{language}/<path:path>/feed/",
        ListFeed(),
        {"language": language},
        name=f"feed-{language}",
    )
    for language, _name in settings.LANGUAGES
]
