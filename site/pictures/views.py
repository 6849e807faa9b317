"""Files that anybody may read, for where no reverse proxy serves them."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail import hooks

from pictures import versions
from pictures.models import File

# Renditions, portraits and cards for link previews. Documents go through Wagtail's
# view, which knows private collections; originals, and uploads that wait for a title,
# are nobody's to read.
PUBLIC_FOLDERS = ("images", "avatar_images", "share")
# Renditions and cards are named by their content.
FOR_GOOD = "public, max-age=31536000, immutable"
UNCHANGING = {"images": FOR_GOOD, "share": FOR_GOOD}
NOTHING = "default-src 'none'"


def serve_public(request: HttpRequest, folder: str, path: str) -> HttpResponseBase:
    """A file of one of `PUBLIC_FOLDERS`."""
    response = serve(request, path, os.path.join(settings.MEDIA_ROOT, folder))
    response.headers["Content-Security-Policy"] = NOTHING
    if folder in UNCHANGING:
        response.headers["Cache-Control"] = UNCHANGING[folder]
    return response


@require_safe
def serve_version(
    request: HttpRequest, document_id: int, language: str, name: str
) -> HttpResponseBase:
    """A document's file of one language, to whom Wagtail would give the document."""
    document = get_object_or_404(File, pk=document_id)
    if name != versions.filename(document, language):
        raise Http404
    for hook in hooks.get_hooks("before_serve_document"):
        answer = hook(document, request)
        if isinstance(answer, HttpResponse):
            return answer
    try:
        file = getattr(document, f"version_{language}").open("rb")
    except OSError as error:
        raise Http404 from error
    # As Wagtail does it: only a PDF is shown by the browser.
    is_kept = not name.lower().endswith(".pdf")
    response = FileResponse(file, filename=name, as_attachment=is_kept)
    response.headers["Content-Security-Policy"] = NOTHING
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
