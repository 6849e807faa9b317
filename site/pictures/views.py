"""Files that anybody may read, for where no reverse proxy serves them."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve

# Renditions and portraits. Documents go through Wagtail's view, which knows private
# collections; originals, and uploads that wait for a title, are nobody's to read.
PUBLIC_FOLDERS = ("images", "avatar_images")


def serve_public(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """A file of one of `PUBLIC_FOLDERS`."""
    response = serve(request, path, os.path.join(settings.MEDIA_ROOT, folder))
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
