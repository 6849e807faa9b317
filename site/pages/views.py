"""The root of the site: readers are sent to their language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pages.languages import languages
from pages.models import BilingualPage


@require_safe
@never_cache
def choose_language(request: HttpRequest) -> HttpResponseRedirect:
    """To /es/ or /en/ as the browser asks and the front page is there; no cookie."""
    request.COOKIES.clear()
    wanted = get_language_from_request(request).split("-")[0]
    offered = _front_languages() or languages()
    language = wanted if wanted in offered else offered[0]
    response = HttpResponseRedirect(f"/{language}/")
    response["Vary"] = "Accept-Language"
    return response


def _front_languages() -> list[str]:
    """Where the front page can be read, in one query."""
    front = BilingualPage.objects.filter(sites_rooted_here__is_default_site=True)
    page = front.first()
    return page.live_languages() if page else []
