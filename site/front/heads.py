"""What the head of a page says to search engines, previews and feed readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.core import get_global
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.text import Truncator

from front.models import HomePage, SharePicture
from front.sharing.cards import HEIGHT, WIDTH
from front.structured import ARTICLES, graph_of
from news.listing import FEEDS, feed_of
from news.models import NewsIndexPage
from pages import contrast
from pages.absolute import absolute
from pages.alternates import alternates, with_default
from pages.languages import field, other_languages
from pages.models import BilingualPage, BrandSettings
from pages.structured import as_script_text

DESCRIPTION = ("meta_description", "lead", "preheader", "intro")
DESCRIPTION_CHARACTERS = 160
# As services that show previews know them; others by CLDR's likely territory.
LOCALES = {"es": "es_LA", "en": "en_US"}
THEMES = {"light": contrast.LIGHT_PAPERS[0], "dark": contrast.DARK_PAPERS[0]}


@dataclass(frozen=True)
class Head:
    """Ready to be written; empty strings and lists are left out."""

    kind: str
    title: str
    description: str
    robots: str
    canonical: str
    alternates: list[tuple[str, str]]
    locale: str
    other_locales: list[str]
    feeds: list[tuple[str, str, str]]  # content type, title, path
    image: str
    image_size: tuple[int, int]
    themes: list[tuple[str, str]]
    structured: str


def head_of(context: Mapping[str, Any]) -> Head:
    """Of the page in a template's context, or of a view that shows none.

    A view may set `noindex` and `description`. A list of stories that is narrowed, or
    further down, is followed by robots and not kept.
    """
    language, brand = context["lang"], context["brand"]
    page = _public_page(context, language)
    url = page.url_in(language) if page else ""
    screen = getattr(context.get("request"), "story_listing", None)
    is_hidden = bool(context.get("noindex") or (screen and not screen.is_whole))
    return Head(
        kind="article" if page and page._meta.label_lower in ARTICLES else "website",
        title=title_of(context.get("page"), language) or context.get("site_name", ""),
        description=context.get("description")
        or description_of(context.get("page"), language)
        or field(brand, "tagline", language)
        or "",
        robots="noindex" if is_hidden else "max-image-preview:large",
        canonical=absolute(url) if url and not is_hidden else "",
        alternates=[] if is_hidden else _alternates(page),
        locale=locale_of(language),
        other_locales=[locale_of(code) for code in _others(page, language)],
        feeds=list(_feeds(page, language)) if page else [],
        image=_image(page, language),
        image_size=(WIDTH, HEIGHT),
        themes=list(THEMES.items()),
        structured=_structured(page, language, brand),
    )


def title_of(page: Any, language: str) -> str:
    """The title for search engines, else the headline."""
    if not isinstance(page, BilingualPage):
        return ""
    title = field(page, "meta_title", language)
    return title or field(page, "headline", language) or ""


def description_of(page: Any, language: str) -> str:
    """The description for search engines, else the lead, cut to size."""
    texts = (getattr(page, f"{name}_{language}", "") for name in DESCRIPTION)
    text = " ".join(strip_tags(next(filter(None, texts), "")).split())
    return Truncator(text).chars(DESCRIPTION_CHARACTERS)


def locale_of(language: str) -> str:
    """A language with its territory, as Open Graph has it: es_LA."""
    likely = Locale.parse(get_global("likely_subtags").get(language, language))
    known = "_".join(filter(None, (likely.language, likely.territory)))
    return LOCALES.get(language, known)


def _public_page(context: Mapping[str, Any], language: str) -> Any:
    page = context.get("page")
    is_page = isinstance(page, BilingualPage) and page.pk
    return page if is_page and page.url_in(language) else None


def _alternates(page: Any) -> list[tuple[str, str]]:
    if page is None:
        return []
    paths = dict(alternates(page))
    found = with_default(paths, is_root=isinstance(page, HomePage))
    return [(code, absolute(path)) for code, path in found.items()]


def _others(page: Any, language: str) -> list[str]:
    return [code for code in other_languages(language) if page and page.url_in(code)]


def _feeds(page: Any, language: str) -> Iterator[tuple[str, str, str]]:
    """Of the list shown; on the front page, of all news."""
    listed = page
    if isinstance(page, HomePage):
        listed = NewsIndexPage.objects.readable_in(language).first()
    if listed is None:
        return
    for kind in FEEDS:
        if path := feed_of(listed, language, kind):
            yield kind, title_of(listed, language), path


def _image(page: Any, language: str) -> str:
    """The page's card; until a worker has made it, that of the front page."""
    front = Q(page__sites_rooted_here__is_default_site=True)
    wanted = front | Q(page=page.pk) if page else front
    rows = SharePicture.objects.filter(wanted, language=language).exclude(file="")
    found = {row.page_id: row for row in rows}
    own = found.pop(page.pk, None) if page else None
    chosen = own or next(iter(found.values()), None)
    return absolute(chosen.url) if chosen else ""


def _structured(page: Any, language: str, brand: BrandSettings) -> str:
    return as_script_text(graph_of(page, language, brand)) if page else ""
