"""Site maps (sitemaps.org): an index, its parts, and the news of the last two days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from news.feed_documents import NOT_IN_XML
from news.models import NewsPage
from pages.alternates import with_default
from pages.languages import languages
from pages.models import BilingualPage, BrandSettings

MOST_URLS = 50_000  # in one file, by the protocol
NEWS_AGE = timedelta(hours=48)  # what Google News asks for
MOST_NEWS = 1000
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
    "xmlns:news": "http://www.google.com/schemas/sitemap-news/0.9",
}


@dataclass(frozen=True)
class Part:
    """One file of a language's addresses; the first is number 1."""

    language: str
    number: int
    changed: datetime | None

    @property
    def url(self) -> str:
        names = {"language": self.language, "number": self.number}
        return settings.SITE_URL + reverse("sitemap-part", kwargs=names)


@dataclass(frozen=True)
class Address:
    """One page in one language, with all its languages where there are several."""

    url: str
    changed: datetime | None
    alternates: dict[str, str] = field(default_factory=dict)


# --- What there is


def parts() -> list[Part]:
    """Every file that has an address in it."""
    return [part for code in languages() for part in _parts_of(code)]


def _parts_of(language: str) -> Iterator[Part]:
    """Cut by number of row: no part but the last one changes when a page is added."""
    rows = _readable(language)
    column = f"last_published_at_{language}"
    total = rows.count()
    for number, start in enumerate(range(0, total, MOST_URLS), 1):
        inside = rows[start : start + MOST_URLS]
        latest = inside.aggregate(latest=Max(column))["latest"]
        yield Part(language, number, latest)


def addresses(language: str, number: int) -> Iterator[Address]:
    """Those of one part."""
    start = (number - 1) * MOST_URLS
    codes = languages()
    columns = [f"{name}_{code}" for code in codes for name in ("public_path", "live")]
    rows = _readable(language)[start : start + MOST_URLS]
    homes = set(_homes().values_list("pk", flat=True))
    starts = {code: _start(code) for code in codes}
    changed = f"last_published_at_{language}"
    for row in rows.values("pk", changed, *columns):
        paths = {
            code: starts[code] + quote(row[f"public_path_{code}"])
            for code in codes
            if row[f"live_{code}"] and row[f"public_path_{code}"] is not None
        }
        every = with_default(paths, is_root=row["pk"] in homes)
        known = {code: settings.SITE_URL + path for code, path in every.items()}
        yield Address(settings.SITE_URL + paths[language], row[changed], known)


def _homes() -> QuerySet[BilingualPage]:
    return BilingualPage.objects.filter(sites_rooted_here__isnull=False)


def _readable(language: str) -> QuerySet[BilingualPage]:
    """What anyone may read, in an order that stays."""
    return BilingualPage.objects.readable_in(language).order_by("pk")


def _start(language: str) -> str:
    with translation.override(language):
        return reverse("wagtail_serve", args=[""])


def latest_news() -> list[tuple[NewsPage, str]]:
    """Stories of the last two days, each language for itself, the newest first."""
    since = timezone.now() - NEWS_AGE
    found = [(page, code) for code in languages() for page in _news_in(code, since)]
    found.sort(key=lambda pair: getattr(pair[0], f"first_published_at_{pair[1]}"))
    return found[::-1][:MOST_NEWS]


def _news_in(language: str, since: datetime) -> QuerySet[NewsPage]:
    """An older story that was brought along now is no news."""
    column = f"first_published_at_{language}"
    recent = {f"{column}__gte": since, "date__gte": timezone.localdate(since)}
    rows = NewsPage.objects.readable_in(language).filter(**recent)
    return rows.defer_streamfields().order_by(f"-{column}")[:MOST_NEWS]


# --- How it is written


def index_xml() -> Iterator[str]:
    """The index of all parts; with the news where there are any."""
    yield XML + _opening("sitemapindex", "xmlns")
    for part in parts():
        yield f"<sitemap>{_element('loc', part.url)}{_moment(part.changed)}</sitemap>\n"
    if latest_news():
        news = settings.SITE_URL + reverse("sitemap-news")
        yield f"<sitemap>{_element('loc', news)}</sitemap>\n"
    yield "</sitemapindex>\n"


def part_xml(found: Iterable[Address]) -> Iterator[str]:
    """One part."""
    yield XML + _opening("urlset", "xmlns", "xmlns:xhtml")
    for address in found:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(url)}/>'
            for code, url in address.alternates.items()
        )
        location = _element("loc", address.url)
        yield f"<url>{location}{_moment(address.changed)}{links}</url>\n"
    yield "</urlset>\n"


def news_xml() -> Iterator[str]:
    """The news."""
    brand = BrandSettings.current()
    yield XML + _opening("urlset", "xmlns", "xmlns:news")
    for page, language in latest_news():
        url = settings.SITE_URL + (page.url_in(language) or "/")
        told = _news(page, language, _name(brand, language))
        yield f"<url>{_element('loc', url)}{told}</url>\n"
    yield "</urlset>\n"


def _name(brand: BrandSettings, language: str) -> str:
    return brand.name_in(language) or settings.WAGTAIL_SITE_NAME


def _news(page: Any, language: str, name: str) -> str:
    published = getattr(page, f"first_published_at_{language}").isoformat()
    publication = _element("news:name", name) + _element("news:language", language)
    return (
        f"<news:news><news:publication>{publication}</news:publication>"
        f"{_element('news:publication_date', published)}"
        f"{_element('news:title', getattr(page, f'headline_{language}'))}</news:news>"
    )


def _opening(name: str, *spaces: str) -> str:
    known = " ".join(f'{space}="{SPACES[space]}"' for space in spaces)
    return f"<{name} {known}>\n"


def _moment(at: datetime | None) -> str:
    return _element("lastmod", at.isoformat(timespec="seconds")) if at else ""


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(NOT_IN_XML.sub('', text))}</{name}>"
