"""A story as schema.org's NewsArticle."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from news.bylines import Author, authors
from news.lists import chips
from news.models import NewsPage
from news.moments import modified_at, published_at
from pages.absolute import absolute
from pages.feeding import pictures_of
from pages.languages import field, other_languages
from pages.structured import Node, own_id, written
from pictures.choosing import largest_made
from pictures.models import Picture

HEADLINE = 110  # characters, Google's limit
TYPES = {"projects": "Thing", "countries": "Country"}


def article_nodes(page: NewsPage, language: str) -> list[Node]:
    """The story in one language; what is empty is left out."""
    url = absolute(page.url_in(language) or "")
    about = [_term(chip) for chip in chips(page, language)]
    node = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": {"@id": url},
        "headline": Truncator(field(page, "headline", language)).chars(HEADLINE),
        "description": field(page, "lead", language),
        "inLanguage": language,
        "datePublished": _moment(published_at(page, language)),
        "dateModified": _moment(modified_at(page, language)),
        "author": _authors(field(page, "author", language)),
        "publisher": {"@id": own_id("organization")},
        "isPartOf": {"@id": own_id("website")},
        "image": _images(page, language),
        "about": about,
        "contentLocation": [term for term in about if term["@type"] == "Country"],
        "correction": _correction(page, language),
        "isAccessibleForFree": True,
        **_translations(page, language),
    }
    return [written(node)]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).isoformat() if at else ""


def _authors(line: str | None) -> list[Node]:
    """Those who signed; the organisation where nobody did."""
    found = [_author(each) for each in authors(line)]
    return found or [{"@id": own_id("organization")}]


def _author(author: Author) -> Node:
    kind = "Person" if author.is_person else "Organization"
    return {"@type": kind, "name": author.name}


def _term(chip: dict[str, Any]) -> Node:
    url = absolute(chip["url"])
    return {"@type": TYPES[chip["kind"]], "name": chip["headline"], "url": url}


def _images(page: NewsPage, language: str) -> list[Node]:
    found = (_image(each, own, language) for each, own in pictures_of(page, language))
    return [image for image in found if image]


def _image(picture: Picture, own: Mapping[str, Any], language: str) -> Node:
    caption = own.get("caption") or picture.caption_in(language)
    made = largest_made(picture)
    if made is None:
        return {}
    return written(
        {
            "@type": "ImageObject",
            "url": absolute(made.url),
            "contentUrl": absolute(made.url),
            "width": made.width,
            "height": made.height,
            "caption": caption or own.get("alt") or picture.alt_in(language),
            "creditText": own.get("credit") or picture.credit,
        }
    )


def _correction(page: NewsPage, language: str) -> Node | None:
    text = getattr(page, f"correction_{language}", "")
    if not text:
        return None
    on = getattr(page, "corrected_on", None)
    date = on.isoformat() if on else ""
    return written({"@type": "CorrectionComment", "text": text, "datePublished": date})


def _translations(page: NewsPage, language: str) -> Node:
    """The work this one translates, or those that translate it."""
    urls = {code: page.url_in(code) for code in other_languages(language)}
    works = {code: _work(code, url) for code, url in urls.items() if url}
    if page.original_language == language:
        return {"workTranslation": [*works.values()]}
    return {"translationOfWork": works.get(page.original_language)}


def _work(language: str, url: str) -> Node:
    url = absolute(url)
    known = {"@id": f"{url}#article", "url": url, "inLanguage": language}
    return {"@type": "NewsArticle", **known}
