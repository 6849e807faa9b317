"""The frame of every page: its title, menu, colours and where search is."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from front.heads import Head, head_of, title_of
from front.models import HomePage, PlainPage
from front.stylesheet import stylesheet_version
from news.lists import stories, with_kickers
from news.models import NewsPage
from pages.languages import language_name
from pages.models import BilingualPage, BrandSettings, PagePath

register = template.Library()
LINKS_AT_MOST = 5
FRONT_STORIES = 8


@register.filter
def page_title(page: BilingualPage, language: str) -> str:
    """The title for search engines, else the headline."""
    return title_of(page, language)


@register.simple_tag(takes_context=True)
def head_facts(context: dict) -> Head:
    """What the head of the page says."""
    return head_of(context)


@register.simple_tag
def structured_data(text: str) -> SafeString:
    """A script element with schema.org data, which no browser runs."""
    # The text is JSON with <, > and & written as escapes.
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308
    )


@register.simple_tag
def front_stories(page: HomePage, language: str) -> list[NewsPage]:
    """The lead story first, as the editor chose or the latest, then the next eight."""
    latest = list(stories(language)[: FRONT_STORIES + 1])
    chosen = [story for story in latest if story.pk == page.lead_story_id]
    if page.lead_story_id and not chosen:
        chosen = list(stories(language).filter(pk=page.lead_story_id))
    lead = chosen or latest[:1]
    others = [story for story in latest if story not in lead]
    return with_kickers([*lead, *others[:FRONT_STORIES]], language)


@register.simple_tag
def site_menu(language: str) -> list[dict[str, Any]]:
    """The pages of the menu that can be read in this language, five at most."""
    pages = BilingualPage.objects.filter(show_in_menus=True)
    return _links(pages, language)[:LINKS_AT_MOST]


@register.simple_tag
def footer_pages(language: str) -> list[dict[str, Any]]:
    """Plain pages whose editors want them in the foot."""
    return _links(PlainPage.objects.filter(show_in_footer=True), language)


def _links(pages: Any, language: str) -> list[dict[str, Any]]:
    # An editor put them there: whoever may not read one is asked for a password.
    rows = pages.live_in(language).order_by("path")
    return [
        {
            "pk": page.pk,
            "headline": getattr(page, f"headline_{language}"),
            "url": page.url_in(language),
        }
        for page in rows
    ]


@register.simple_tag
def search_path(language: str) -> str:
    """Where search is in a language."""
    return reverse(f"search-{language}")


@register.simple_tag
def brand_stylesheet(brand: BrandSettings) -> str:
    """The small style sheet with the organisation's colour, cached for good."""
    if not brand.accent:
        return ""
    return f"{reverse('brand-stylesheet')}?v={stylesheet_version(brand)}"


@register.simple_tag
def found_elsewhere(path: str) -> list[dict[str, Any]]:
    """Where a page that is or was at a path can be read, in whatever language."""
    rest = unquote(path).strip("/").partition("/")[2]
    known = PagePath.objects.filter(url_path=f"{rest}/", was_public=True)
    pages = BilingualPage.objects.public().filter(pk__in=known.values("page"))
    return [
        {
            "code": code,
            "name": language_name(code),
            "headline": getattr(page, f"headline_{code}"),
            "url": page.url_in(code),
        }
        for page in pages
        for code in page.live_languages()
    ]
