"""Stories for pages of other rooms: the front page and the hubs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template

from news import lists, reading
from news.bylines import authors
from news.counting import beside, with_totals
from news.listing import Listing, listing
from news.listing import feed_of as path_of_feed
from news.models import NewsIndexPage, NewsPage
from news.moments import modified_at, published_at
from pages.languages import field
from pages.models import BilingualPage

register = template.Library()


@register.simple_tag
def latest_stories(language: str, number: int) -> list:
    """The newest stories in a language."""
    return lists.newest(language, number)


@register.simple_tag
def related_stories(page: Any, language: str) -> dict[str, list]:
    """`chosen`, `latest`, `projects` and `countries` for the foot of a story."""
    return lists.related(page, language)


@register.simple_tag
def hub_chips(page: Any, language: str) -> list:
    """The projects and countries of a story as links."""
    return lists.chips(page, language)


@register.simple_tag
def story_facts(page: Any, language: str) -> dict[str, Any]:
    """When it came out and changed, who wrote it and what it is about, for previews."""
    moments = published_at(page, language), modified_at(page, language)
    published, modified = (at.isoformat() if at else "" for at in moments)
    names = [author.name for author in authors(field(page, "author", language))]
    tags = [chip["headline"] for chip in lists.chips(page, language)]
    times = {"published": published, "modified": modified}
    return {**times, "authors": names, "tags": tags}


@register.simple_tag(takes_context=True)
def story_listing(context: dict, page: BilingualPage, language: str) -> Listing:
    """A screen of stories as the request's query asks for, on an index or a hub.

    The head of the page and its list are shown the same one.
    """
    request = context["request"]
    if not hasattr(request, "story_listing"):
        request.story_listing = listing(page, request.GET, language)
    return request.story_listing


@register.simple_tag
def reading_minutes(page: NewsPage, language: str) -> int:
    """How long a story takes to read; 0 where it has no text."""
    return reading.minutes(page, language)


@register.simple_tag
def updated_at(page: NewsPage, language: str) -> datetime | None:
    """When a story last changed; None where that is not worth telling."""
    return reading.updated_at(page, language)


@register.simple_tag
def feed_of(page: BilingualPage, language: str) -> str:
    """Where the feed of an index or hub is; empty for any other page."""
    return path_of_feed(page, language)


@register.simple_tag
def news_index(language: str) -> NewsIndexPage | None:
    """The page with all stories, where it can be read in a language."""
    return lists.news_index(language)


@register.simple_tag
def with_story_totals(terms: Iterable[Any], language: str) -> list:
    """Projects or countries; each knows how many stories it has, as `total`."""
    return with_totals(list(terms), language)


@register.simple_tag
def terms_beside(page: BilingualPage, language: str) -> list:
    """The countries of a project's stories, or the projects of a country's."""
    return beside(page, language)
