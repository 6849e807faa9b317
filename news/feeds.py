"""Feeds of lists, per language: stories in full, and what higher rooms add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Site

from news.conditional import answer
from news.feed_documents import (
    ATOM_TYPE,
    JSON_TYPE,
    Document,
    Entry,
    Filling,
    as_atom,
    as_json,
)
from news.listing import FEEDS, fed_by, feed_of
from news.moments import modified_at, published_at
from pages import paths
from pages.absolute import absolute
from pages.languages import field
from pages.models import BilingualPage, BrandSettings

ICON = "icons/icon-192.png"
WRITERS: dict[str, Callable[[Document], bytes]] = {
    ATOM_TYPE: as_atom,
    JSON_TYPE: as_json,
}


@require_safe
def list_feed(
    request: HttpRequest, language: str, path: str, kind: str
) -> HttpResponse:
    """The newest pages of an index, a hub or an archive; where it was, the way to it.

    `kind` is the content type, one of `FEEDS`.
    """
    page = _list_at(language, path)
    if page is None:
        return _moved_to(request, language, path, kind)
    body = WRITERS[kind](document_of(page, language))
    return answer(request, body, f"{kind}; charset=utf-8")


def document_of(page: BilingualPage, language: str) -> Document:
    """The feed of a list that has one."""
    entries = _entries(page, language)
    name = BrandSettings.current().name_in(language) or settings.WAGTAIL_SITE_NAME
    changed = [entry.updated for entry in entries]
    return Document(
        guid=_guid(page, language),
        language=language,
        title=f"{field(page, 'headline', language)} · {name}",
        summary=getattr(page, f"lead_{language}", "") or "",
        url=absolute(page.url_in(language) or "/"),
        addresses={kind: absolute(feed_of(page, language, kind)) for kind in FEEDS},
        publisher=name,
        publisher_url=absolute(f"/{language}/"),
        icon=absolute(static(ICON)),
        updated=max(changed, default=_since(page, language)),
        entries=entries,
    )


def _entries(page: BilingualPage, language: str) -> list[Entry]:
    fed = fed_by(page)
    chosen = list(fed.pages(page, language)) if fed else []
    fillings = fed.fill(chosen, language) if fed else {}
    summary = f"{fed.summary}_{language}" if fed else ""
    return [
        Entry(
            guid=_guid(each, language),
            url=absolute(each.url_in(language) or "/"),
            title=field(each, "headline", language),
            summary=getattr(each, summary) or "",
            published=published_at(each, language) or _since(each, language),
            updated=modified_at(each, language) or _since(each, language),
            filling=fillings.get(each.pk, Filling()),
        )
        for each in chosen
    ]


def _since(page: Any, language: str) -> Any:
    """When a page came out: a list without entries has not changed since."""
    return field(page, "first_published_at", language) or timezone.now()


def _list_at(language: str, path: str) -> BilingualPage | None:
    if "\0" in path:  # PostgreSQL refuses to look for it
        return None
    return _list(language, **{f"public_path_{language}": f"{path}/"})


def _list(language: str, **where: Any) -> BilingualPage | None:
    """The index or hub that a feed is asked for, where it has one."""
    found = BilingualPage.objects.readable_in(language).filter(**where).first()
    page = found and found.specific
    return page if page and fed_by(page) else None


def _moved_to(
    request: HttpRequest, language: str, path: str, kind: str
) -> HttpResponse:
    """On to the feed of the list that was at this path; 404 where none was."""
    site = Site.find_for_request(request)
    parts = path.split("/")
    found = site and paths.find(
        site_root_id=site.root_page_id, language=language, parts=parts
    )
    if not found or found.is_current or found.used != len(parts):
        raise Http404
    page = _list(language, pk=found.page_id)
    if page is None:
        raise Http404
    query = request.META.get("QUERY_STRING")
    target = feed_of(page, language, kind) + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(target)


def _guid(page: BilingualPage, language: str) -> str:
    """What names a page or its feed for good: a renamed one is not new to a reader."""
    return uuid5(page.translation_key, language).urn
