"""Atom feeds (RFC 4287) of stories: all, one project's, one country's; per language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils.feedgenerator import Atom1Feed

from news.listing import feed_of, terms_of
from news.lists import stories
from news.models import NewsPage
from pages.models import BilingualPage

STORIES = 30


class StoryFeed(Feed):
    """The newest stories under an index or hub."""

    feed_type = Atom1Feed

    def get_object(
        self, request: HttpRequest, language: str, path: str
    ) -> tuple[Any, str]:
        """The list's page, where anyone may read it in this language."""
        here = {f"public_path_{language}": f"{path}/"}
        found = BilingualPage.objects.readable_in(language).filter(**here).first()
        page = found.specific if found else None
        if page is None or not feed_of(page, language):
            raise Http404
        return page, language

    def title(self, found: tuple) -> str:
        """The list's headline."""
        return getattr(found[0], f"headline_{found[1]}")

    def link(self, found: tuple) -> str:
        """The list's address."""
        return settings.SITE_URL + (found[0].url_in(found[1]) or "/")

    def items(self, found: tuple) -> list[tuple[NewsPage, str]]:
        """The stories with the language they are shown in."""
        page, language = found
        chosen = stories(language).filter(**terms_of(page))
        return [(story, language) for story in chosen[:STORIES]]

    def item_title(self, item: tuple) -> str:
        """The headline."""
        return getattr(item[0], f"headline_{item[1]}")

    def item_description(self, item: tuple) -> str:
        """The lead."""
        return getattr(item[0], f"lead_{item[1]}") or ""

    def item_link(self, item: tuple) -> str:
        """The story's address."""
        return settings.SITE_URL + (item[0].url_in(item[1]) or "/")

    def item_pubdate(self, item: tuple) -> Any:
        """When it was first published in this language."""
        return getattr(item[0], f"first_published_at_{item[1]}")

    def item_updateddate(self, item: tuple) -> Any:
        """When it was last published in this language."""
        return getattr(item[0], f"last_published_at_{item[1]}")
