"""Search and the organisation's colour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from front.searching import search_context
from front.stylesheet import stylesheet
from pages.languages import language_name, other_languages
from pages.models import BrandSettings

YEAR_S = 31_536_000


@require_safe
def search_page(request: HttpRequest, language: str) -> HttpResponse:
    """Search in the language of the address."""
    request.LANGUAGE_CODE = language
    with translation.override(language):
        context = search_context(request.GET, language)
        context["languages_here"] = [
            {
                "code": code,
                "name": language_name(code),
                "url": reverse(f"search-{code}"),
            }
            for code in other_languages(language)
        ]
        response = render(request, "front/search.html", context)
        response["Content-Language"] = language
    return response


@require_safe
def brand_stylesheet(request: HttpRequest) -> HttpResponse:
    """The organisation's colour; its address changes with it."""
    brand = BrandSettings.current()
    response = HttpResponse(stylesheet(brand), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return response
