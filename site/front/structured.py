"""Each page's schema.org data as one graph: who, where, and what the rooms add."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from front.models import HomePage
from news.listing import fed_by
from offices.json_ld import office_node
from offices.models import Office
from pages.absolute import absolute
from pages.languages import field, languages
from pages.models import BilingualPage, BrandSettings
from pages.structured import Node, nodes_of, own_id, written
from pictures.choosing import largest_made

LOGO = ("icons/icon-512.png", 512, 512)
ARTICLES = {"news.newspage"}
LISTS = {
    "topics.projectindexpage",
    "topics.countryindexpage",
    "newsletter.newsletterindexpage",
}


def graph_of(page: Any, language: str, brand: BrandSettings) -> Node:
    """All that a public page says, under schema.org's context."""
    url = absolute(page.url_in(language))
    is_front = isinstance(page, HomePage)
    name = brand.name_in(language) or settings.WAGTAIL_SITE_NAME
    trail = [] if is_front else _trail(page, language, url)
    offices = list(Office.objects.shown()) if is_front else []
    nodes = [
        _organization(brand, name, language, offices, is_front=is_front),
        _website(brand, name, language, is_front=is_front),
        _page(page, language, url, has_trail=bool(trail)),
        *trail,
        *nodes_of(page, language),
    ]
    nodes += [office_node(each, timezone.now(), language) for each in offices]
    return {"@context": "https://schema.org", "@graph": nodes}


def _organization(
    brand: BrandSettings,
    name: str,
    language: str,
    offices: list[Office],
    *,
    is_front: bool,
) -> Node:
    known = {
        "@type": "NewsMediaOrganization",
        "@id": own_id("organization"),
        "name": name,
        "url": absolute("/"),
        "logo": _logo(brand),
    }
    if is_front:
        known |= {
            "description": field(brand, "tagline", language),
            "address": field(brand, "postal_address", language),
            "sameAs": [link.value["url"] for link in brand.social_links],
            "location": [{"@id": own_id(f"office-{each.pk}")} for each in offices],
        }
    return written(known)


def _logo(brand: BrandSettings) -> Node:
    made = largest_made(brand.logo_light)
    address, width, height = (
        (made.url, made.width, made.height) if made else (static(LOGO[0]), *LOGO[1:])
    )
    url = absolute(address)
    size = {"width": width, "height": height}
    return {"@type": "ImageObject", "url": url, "contentUrl": url, **size}


def _website(brand: BrandSettings, name: str, language: str, *, is_front: bool) -> Node:
    known: Node = {
        "@type": "WebSite",
        "@id": own_id("website"),
        "name": name,
        "url": absolute("/"),
        "inLanguage": languages(),
        "publisher": {"@id": own_id("organization")},
    }
    if is_front:
        search = absolute(reverse(f"search-{language}"))
        known["potentialAction"] = {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{search}?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        }
    return written(known)


def _page(page: Any, language: str, url: str, *, has_trail: bool) -> Node:
    is_list = fed_by(page) or page._meta.label_lower in LISTS
    return written(
        {
            "@type": "CollectionPage" if is_list else "WebPage",
            "@id": url,
            "url": url,
            "name": field(page, "headline", language),
            "inLanguage": language,
            "isPartOf": {"@id": own_id("website")},
            "breadcrumb": {"@id": f"{url}#breadcrumb"} if has_trail else None,
        }
    )


def _trail(page: BilingualPage, language: str, url: str) -> list[Node]:
    """From the front page down to this one, over what can be read in the language."""
    rows = BilingualPage.objects.ancestor_of(page, inclusive=True).order_by("depth")
    steps = [
        (field(each, "headline", language), absolute(each.url_in(language)))
        for each in rows
        if each.is_live_in(language)
    ]
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": address}
        for number, (name, address) in enumerate(steps, 1)
    ]
    known = {"@id": f"{url}#breadcrumb", "itemListElement": items}
    return [{"@type": "BreadcrumbList", **known}] if len(steps) > 1 else []
