"""The frame of every page: its title, menu, colours and where search is."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django import template
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from front.heads import Head, head_of, title_of
from front.menus import Link, links_to, menu
from front.models import HomePage, PlainPage
from front.searching import Result, first_results
from front.stylesheet import stylesheet_version
from news.lists import stories, with_kickers
from news.models import NewsPage
from pages.languages import language_name, languages
from pages.menu_blocks import HEADER_LINKS
from pages.models import BilingualPage, BrandSettings, PagePath
from pages.searching import WORD, cleaned

register = template.Library()
FRONT_STORIES = 8
FOUND_AT_MOST = 5


@register.filter
def page_title(page: BilingualPage, language: str) -> str:
    """The title for search engines, else the headline."""
    return title_of(page, language)


@register.simple_tag(takes_context=True)
def head_facts(context: dict) -> Head:
    """What the head of the page says."""
    return head_of(context)


@register.filter
def is_above(link: Link, page: Any) -> bool:
    """Whether the page being shown stands in the part of the site a link leads to."""
    return link.is_above(page)


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
    """The stories of the front page, each once: the lead story, then the others.

    First those an editor chose, in their order, then the latest; nine in all.
    """
    next_ones = page.chosen_next()
    wanted = [pk for pk in (page.lead_story_id, *next_ones) if pk]
    latest = list(stories(language)[: FRONT_STORIES + 1 + len(wanted)])
    known = {story.pk: story for story in latest}
    if missing := set(wanted) - known.keys():
        known |= {story.pk: story for story in stories(language).filter(pk__in=missing)}
    chosen = [known[pk] for pk in wanted if pk in known]
    others = [story for story in latest if story.pk not in wanted]
    has_lead = page.lead_story_id in known
    lead = chosen[:1] if has_lead else others[:1]
    found = [*lead, *chosen[has_lead:], *others[not has_lead :]]
    return with_kickers(found[: FRONT_STORIES + 1], language)


@register.simple_tag
def header_menu(brand: BrandSettings, language: str) -> list[Link]:
    """The links of the header: the editor's, else the pages marked for menus."""
    written = brand.header_menu.raw_data
    if written:
        return menu(written, language)[:HEADER_LINKS]
    marked = BilingualPage.objects.filter(show_in_menus=True)
    return links_to(marked, language)[:HEADER_LINKS]


@register.simple_tag
def footer_menu(brand: BrandSettings, language: str) -> list[Link]:
    """The links of the footer: the editor's, else the plain pages marked for it."""
    written = brand.footer_menu.raw_data
    if written:
        return menu(written, language)
    return links_to(PlainPage.objects.filter(show_in_footer=True), language)


@register.simple_tag
def search_path(language: str) -> str:
    """Where search is in a language."""
    return reverse(f"search-{language}")


@register.simple_tag
@cache
def icon_as_data() -> str:
    """The site's icon within the page, which a browser would ask for otherwise."""
    drawing = Path(str(finders.find("favicon.svg"))).read_text(encoding="utf-8")
    return f"data:image/svg+xml,{quote(drawing.strip())}"


@register.simple_tag
def brand_stylesheet(brand: BrandSettings) -> str:
    """The style sheet with the organisation's colour; empty where it has none."""
    if not brand.accent:
        return ""
    return f"{reverse('brand-stylesheet')}?v={stylesheet_version(brand)}"


@register.simple_tag
def found_elsewhere(path: str) -> list[dict[str, Any]]:
    """Where a page that is or was at a path can be read, in whatever language."""
    rest = unquote(path).strip("/").partition("/")[2]
    if "\0" in rest:  # PostgreSQL refuses to look for it
        return []
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


@register.simple_tag
def words_of(path: str) -> str:
    """The words of an address's last part, to search for: /es/noticias/el-rio/."""
    last = unquote(path).rstrip("/").rpartition("/")[2]
    words = cleaned(" ".join(WORD.findall(last.replace("_", " "))))
    return "" if words in languages() else words


@register.simple_tag
def found_for(words: str, language: str) -> list[Result]:
    """The first few pages that search finds for these words."""
    return first_results(words, language, FOUND_AT_MOST)
