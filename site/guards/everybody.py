"""Is an answer what every reader gets, or meant for one person?"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse


def is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether anyone may read it, and nobody's visit changed it.

    What is meant for one person says so, to caches; the admin's previews ask for a
    page by its public address.
    """
    kept = response.get("Cache-Control", "")
    return not (
        is_of_the_admin(request)
        or getattr(request, "is_dummy", False)
        or "no-store" in kept
        or "private" in kept
        or "Cookie" in response.get("Vary", "")
    )


def is_of_the_admin(request: HttpRequest) -> bool:
    """Whether Wagtail's admin was asked."""
    return request.path_info.startswith(reverse("wagtailadmin_home"))
