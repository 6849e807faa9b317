"""Atom feeds (RFC 4287) of lists, per language: stories, and what higher rooms add."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from wagtail.models import Site

from news.listing import fed_by, feed_of
from pages import paths
from pages.models import BilingualPage

MOST = 30


class ListFeed(Feed):
    """The newest pages of an index, a hub or an archive."""

    feed_type = Atom1Feed
    item_guid_is_permalink = False

    def __call__(
        self, request: HttpRequest, language: str, path: str
    ) -> HttpResponseBase:
        """The feed; where the list was before, the way to it."""
        try:
            return super().__call__(request, language=language, path=path)
        except Http404:
            moved_to = _moved_to(request, language, path)
            if not moved_to:
                raise
            return HttpResponsePermanentRedirect(moved_to)

    def get_object(
        self, request: HttpRequest, language: str, path: str
    ) -> tuple[Any, str]:
        """The list's page, where anyone may read it in this language."""
        page = _list(language, **{f"public_path_{language}": f"{path}/"})
        if page is None:
            raise Http404
        return page, language

    def title(self, found: tuple) -> str:
        """The list's headline."""
        return getattr(found[0], f"headline_{found[1]}")

    def link(self, found: tuple) -> str:
        """The list's address."""
        return settings.SITE_URL + (found[0].url_in(found[1]) or "/")

    def feed_guid(self, found: tuple) -> str:
        """What names the feed for good, whatever its address."""
        return _guid(*found)

    def items(self, found: tuple) -> list[tuple[BilingualPage, str, str]]:
        """The newest pages, with the language they are shown in and their summary."""
        page, language = found
        fed = fed_by(page)
        chosen = fed.pages(page, language)[:MOST] if fed else []
        summary = f"{fed.summary}_{language}" if fed else ""
        return [(each, language, getattr(each, summary) or "") for each in chosen]

    def item_title(self, item: tuple) -> str:
        """The headline."""
        return getattr(item[0], f"headline_{item[1]}")

    def item_description(self, item: tuple) -> str:
        """The lead, or the preheader."""
        return item[2]

    def item_link(self, item: tuple) -> str:
        """The page's address."""
        return settings.SITE_URL + (item[0].url_in(item[1]) or "/")

    def item_guid(self, item: tuple) -> str:
        """What names the page for good: a renamed one is not new to a reader."""
        return _guid(*item[:2])

    def item_pubdate(self, item: tuple) -> Any:
        """When it was first published in this language."""
        return getattr(item[0], f"first_published_at_{item[1]}")

    def item_updateddate(self, item: tuple) -> Any:
        """When it was last published in this language."""
        return getattr(item[0], f"last_published_at_{item[1]}")


def _list(language: str, **where: Any) -> BilingualPage | None:
    """The index or hub that a feed is asked for, where it has one."""
    found = BilingualPage.objects.readable_in(language).filter(**where).first()
    page = found and found.specific
    return page if page and feed_of(page, language) else None


def _moved_to(request: HttpRequest, language: str, path: str) -> str:
    """The feed of the list that was at this path; empty where none was."""
    site = Site.find_for_request(request)
    parts = path.split("/")
    found = site and paths.find(
        site_root_id=site.root_page_id, language=language, parts=parts
    )
    if not found or found.is_current or found.used != len(parts):
        return ""
    page = _list(language, pk=found.page_id)
    query = request.META.get("QUERY_STRING")
    return feed_of(page, language) + (f"?{query}" if query else "") if page else ""


def _guid(page: BilingualPage, language: str) -> str:
    return uuid5(page.translation_key, language).urn
