"""Search, privacy and the organisation's colour."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views import defaults
from django.views.decorators.http import require_safe

from front.searching import search_context
from front.stylesheet import stylesheet
from pages import privacy
from pages.languages import field, language_name, other_languages
from pages.models import BrandSettings

YEAR_S = 31_536_000


@require_safe
def search_page(request: HttpRequest, language: str) -> HttpResponse:
    """Search in the language of the address."""
    with translation.override(language):
        context = search_context(request.GET, language)
    return _page(request, language, "search", context)


@require_safe
def privacy_page(request: HttpRequest, language: str) -> HttpResponse:
    """What the site keeps of readers, from what is switched on."""
    brand = BrandSettings.current()
    with translation.override(language):
        context = {
            "brand": brand,
            "description": gettext(
                "What this site keeps about you, and what it does not."
            ),
            "before": field(brand, "privacy_before", language),
            "after": field(brand, "privacy_after", language),
            "sections": privacy.sections(language),
        }
    return _page(request, language, "privacy", context)


def _page(
    request: HttpRequest, language: str, name: str, context: dict[str, Any]
) -> HttpResponse:
    """A page that is there in every language, at an address named after it."""
    request.LANGUAGE_CODE = language
    elsewhere = [
        {"code": code, "name": language_name(code), "url": reverse(f"{name}-{code}")}
        for code in other_languages(language)
    ]
    known = {"lang": language, "languages_here": elsewhere, **context}
    with translation.override(language):
        response = render(request, f"front/{name}.html", known)
    response["Content-Language"] = language
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What search finds instead; of a page that is gone, that it is."""
    if not getattr(request, "is_gone", False):
        return defaults.page_not_found(request, exception)
    return render(request, "410.html", {"request_path": request.path}, status=404)


@require_safe
def brand_stylesheet(request: HttpRequest) -> HttpResponse:
    """The organisation's colour; its address changes with it."""
    brand = BrandSettings.current()
    response = HttpResponse(stylesheet(brand), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response
