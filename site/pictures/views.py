"""Files that anybody may read, for where no reverse proxy serves them."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.static import serve

# Renditions and portraits. Documents go through Wagtail's view, which knows private
# collections; originals, and uploads that wait for a title, are nobody's to read.
PUBLIC_FOLDERS = ("images", "avatar_images")


@csp({"default-src": [NONE]})
def serve_public(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """A file of one of `PUBLIC_FOLDERS`."""
    return serve(request, path, document_root=Path(settings.MEDIA_ROOT) / folder)
