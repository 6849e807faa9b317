"""The admin's page with what puts a newsletter's sign-up on another site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from newsletter.models import Newsletter
from newsletter.subscribing.names import name_in
from newsletter.subscribing.paths import url_to


@require_GET
def elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """A link, a frame and a plain form in each language, to be copied."""
    if not request.user.has_perm("newsletter.change_newsletter"):
        raise PermissionDenied
    newsletter = get_object_or_404(Newsletter, pk=pk)
    context = {
        "newsletter": newsletter,
        "languages": [
            {"name": name, **_ways(newsletter, code)}
            for code, name in settings.LANGUAGES
        ],
    }
    return TemplateResponse(request, "newsletter/admin/elsewhere.html", context)


def _ways(newsletter: Newsletter, language: str) -> dict[str, str]:
    query = urlencode({"newsletter": newsletter.pk})
    known: dict[str, Any] = {
        "newsletter": newsletter,
        "name": name_in(newsletter, language),
        "language": language,
        "frame_url": f"{url_to('embed', language)}?{query}",
        "post_url": url_to("join", language),
    }
    with translation.override(language):
        return {
            "code": language,
            "link": f"{url_to('join', language)}?{query}",
            "frame": _snippet("frame", known),
            "form": _snippet("form", known),
        }


def _snippet(kind: str, known: dict[str, Any]) -> str:
    return render_to_string(f"newsletter/elsewhere/{kind}.txt", known).strip()
