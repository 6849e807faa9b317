"""Feeds of the lists: /es/noticias/feed/, /en/projects/x/feed.json."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from news.feeds import list_feed
from news.listing import FEEDS

urlpatterns = [
    path(
        f"{language}/<path:path>/{end}",
        list_feed,
        {"language": language, "kind": kind},
        name=f"feed-{language}-{end.rstrip('/')}",
    )
    for language, _name in settings.LANGUAGES
    for kind, end in FEEDS.items()
]
