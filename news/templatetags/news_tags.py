"""Stories for pages of other rooms: the front page and the hubs."""

from __future__ import annotations

from typing import Any

from django import template

from news import lists
from news.listing import listing
from news.models import NewsIndexPage

register = template.Library()


@register.simple_tag
def latest_stories(language: str, number: int) -> list:
    """The newest stories in a language."""
    return list(lists.stories(language)[:number])


@register.simple_tag
def related_stories(page: Any, language: str) -> dict[str, list]:
    """`latest`, `projects` and `countries` for the foot of a story."""
    return lists.related(page, language)


@register.simple_tag
def hub_chips(page: Any, language: str) -> list:
    """The projects and countries of a story whose hubs can be read."""
    terms = [*page.projects.all(), *page.countries.all()]
    return lists.live_terms(terms, language)


@register.simple_tag(takes_context=True)
def story_listing(
    context: dict, language: str, project: Any = None, country: Any = None
) -> Any:
    """A screen of stories as the request's query asks for, on an index or a hub."""
    terms = {"projects": project, "countries": country}
    chosen = {name: term.pk for name, term in terms.items() if term}
    return listing(context["request"].GET, language, **chosen)


@register.simple_tag
def news_index() -> NewsIndexPage | None:
    """The page with all stories."""
    return NewsIndexPage.objects.live().first()
