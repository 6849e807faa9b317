"""News: stories and their index."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsConfig(AppConfig):
    """Stories in two languages, tagged by project and country."""

    name = "news"
    verbose_name = _("News")

    def ready(self) -> None:
        """Tell the translation desk what it can choose by, and terms who uses them."""
        from news import desk, merging
        from news.json_ld import article_nodes
        from pages.structured import register_nodes

        desk.connect()
        merging.connect()
        register_nodes("news.newspage", article_nodes)
