"""The root of the site: readers are sent to their language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.languages import languages


@require_safe
@never_cache
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """To /es/ or /en/ as the browser asks; no cookie is set or read."""
    request.COOKIES.clear()
    wanted = get_language_from_request(request).split("-")[0]
    language = wanted if wanted in languages() else languages()[0]
    response = HttpResponseRedirect(f"/{language}/")
    response["Vary"] = "Accept-Language"
    return response
