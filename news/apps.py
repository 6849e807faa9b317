"""News: stories and their index."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """Stories in two languages, tagged by project and country."""

    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        """Tell the desk, terms, search and the heads of pages about stories."""
        from news import desk, listed, merging, signal_handlers
        from news.json_ld import article_nodes
        from pages.searching import Kind, register_kind
        from pages.structured import register_nodes

        desk.connect()
        merging.connect()
        signal_handlers.connect()
        register_nodes("news.newspage", article_nodes)
        kind = Kind(day=lambda story, language: story.date, marks=listed.marks_of)
        register_kind("news.newspage", kind)
