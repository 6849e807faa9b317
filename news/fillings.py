"""What stories hold in a feed, for all of them together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from news.bylines import authors
from news.feed_documents import Category, Filling
from news.models import NewsPage
from pages.absolute import absolute
from pages.feeding import bodies_as_html
from pages.languages import field
from pages.models import BilingualPage
from pictures.choosing import largest_made

# How each vocabulary is reached from a story.
TERMS = {"projects": "projectpage", "countries": "countrypage"}


def fill_stories(pages: list[NewsPage], language: str) -> dict[int, Filling]:
    """Text, picture, authors and categories of each story, by its number."""
    html = bodies_as_html(pages, language)
    categories = categories_of(pages, language)
    return {
        page.pk: Filling(
            html=html[page.pk],
            image=_image(page),
            authors=authors(field(page, "author", language)),
            categories=categories[page.pk],
        )
        for page in pages
    }


def categories_of(pages: list[NewsPage], language: str) -> dict[int, list[Category]]:
    """Each story's projects, then its countries, that anyone may read in a language."""
    found: dict[int, list[Category]] = defaultdict(list)
    terms = {name: _links(pages, name) for name in TERMS}
    wanted = {term for pairs in terms.values() for _story, term in pairs}
    hubs = BilingualPage.objects.readable_in(language).in_bulk(wanted)
    for pairs in terms.values():
        for story, term in pairs:
            if term in hubs:
                found[story].append(_category(hubs[term], language))
    return found


def _links(pages: list[NewsPage], name: str) -> list[tuple[int, int]]:
    through: Any = getattr(NewsPage, name).through
    rows = through.objects.filter(newspage__in=[page.pk for page in pages])
    return list(rows.order_by("pk").values_list("newspage_id", f"{TERMS[name]}_id"))


def _category(hub: BilingualPage, language: str) -> Category:
    headline = field(hub, "headline", language)
    return Category(headline, absolute(hub.url_in(language) or ""))


def _image(page: NewsPage) -> str:
    made = largest_made(page.picture)
    return absolute(made.url) if made else ""
