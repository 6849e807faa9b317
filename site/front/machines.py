"""What robots and browsers look for at fixed addresses, beside the pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from front import sitemaps
from pages.languages import languages

XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
POLICY = "public, max-age=0, must-revalidate"
# RFC 9116 advises less than a year; whoever runs the site answers for it meanwhile.
SECURITY_VALID = timedelta(days=90)
# Only what no search engine need ever ask for. Pages that are not to be listed say so
# themselves (noindex), and must be open to robots for that: one that is shut here could
# still be listed by its address, from a link. /c/ are a mail's links, each asked for
# is counted.
SHUT = ("/cms/", "/c/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may ask for, and where every page is listed."""
    maps = [reverse("sitemap"), reverse("sitemap-news")]
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in SHUT),
        "",
        *(f"Sitemap: {settings.SITE_URL}{path}" for path in maps),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=TEXT)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the site maps."""
    return _xml(sitemaps.index_xml())


@require_safe
def sitemap_part(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """One site map; 404 where it would be empty."""
    if language not in languages() or not 0 < number < sitemaps.MOST_URLS:
        raise Http404
    found = list(sitemaps.addresses(language, number))
    if not found:
        raise Http404
    return _xml(sitemaps.part_xml(found))


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """Stories of the last two days, as Google News asks for them."""
    return _xml(sitemaps.news_xml())


def _xml(pieces: Iterable[str]) -> HttpResponse:
    body = "".join(pieces)
    return HttpResponse(body, content_type=XML, headers={"Cache-Control": POLICY})


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116); 404 where operators named nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {_expiry().isoformat(timespec='seconds')}",
        f"Preferred-Languages: {', '.join(languages())}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type=TEXT)


def _expiry() -> datetime:
    """At a midnight, so that the file is the same all day."""
    day = timezone.now().date() + SECURITY_VALID
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


@require_safe
def change_password(request: HttpRequest) -> HttpResponseRedirect:
    """Where password managers send people to (W3C)."""
    return HttpResponseRedirect(reverse("wagtailadmin_account"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For programs that look nowhere else."""
    return HttpResponseRedirect(static("icons/icon-32.png"))
