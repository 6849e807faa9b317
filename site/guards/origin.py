"""Does a form post come from our own pages? For public forms without a token.

Browsers send `Sec-Fetch-Site` (Fetch Metadata) and, on every POST, `Origin` (RFC 6454).
"""

from __future__ import annotations

from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


class Origin(Enum):
    """Where a post comes from, as far as the browser says."""

    SAME = "same"
    CROSS = "cross"
    UNKNOWN = "unknown"


def origin_of(request: HttpRequest) -> Origin:
    """SAME for our own pages, CROSS for another site's, UNKNOWN where nothing tells."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site:
        return Origin.SAME if site == "same-origin" else Origin.CROSS
    if origin:
        return Origin.SAME if _is_ours(request, origin) else Origin.CROSS
    return Origin.UNKNOWN


def is_same_origin(request: HttpRequest) -> bool:
    """True only where the browser says that our own page posted."""
    return origin_of(request) is Origin.SAME


def _is_ours(request: HttpRequest, origin: str) -> bool:
    own = {f"{request.scheme}://{request.get_host()}", settings.SITE_URL}
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in own
