"""Text is sent in Brotli (RFC 7932) to whoever takes it: a tenth less than in gzip.

A proxy in front leaves it as it is, and compresses for the others. What is meant for
one person is left to it too: a length tells of a secret beside a stranger's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from guards.everybody import is_for_everybody

View = Callable[[HttpRequest], HttpResponseBase]

TEXT = ("text/", "image/svg+xml", "application/json", "application/feed+json")
XML = ("application/xml", "application/atom+xml", "application/rss+xml")
LEAST = 500  # bytes: less fits in one packet anyway
QUALITY = 5  # 1.5 ms for a long story; beyond, a hundredth less for ten times that
NEVER = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*", re.IGNORECASE)
LONGEST = 200  # characters of a header that a browser sends


def compress_text(get_response: View) -> View:
    """Middleware that compresses an answer that somebody reads."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not isinstance(response, HttpResponse) or not _is_long_text(response):
            return response
        if is_for_everybody(request, response):
            patch_vary_headers(response, ["Accept-Encoding"])
            if _takes_brotli(request.headers.get("Accept-Encoding", "")):
                _compress(response)
        return response

    return middleware


def _is_long_text(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "")
    return (
        kind.startswith((*TEXT, *XML))
        and not response.has_header("Content-Encoding")
        and len(response.content) >= LEAST
    )


def _takes_brotli(accepted: str) -> bool:
    """Whether it is named, and not with a weight of zero (RFC 9110, section 12.5.3)."""
    for coding in accepted.split(",") if len(accepted) <= LONGEST else ():
        name, _, weight = coding.partition(";")
        if name.strip().lower() == "br":
            return not NEVER.fullmatch(weight)
    return False


def _compress(response: HttpResponse) -> None:
    response.content = brotli.compress(response.content, quality=QUALITY)
    response["Content-Encoding"] = "br"
    response["Content-Length"] = str(len(response.content))
    etag = response.get("ETag", "")
    if etag.startswith('"'):
        response["ETag"] = f"W/{etag}"  # RFC 9110, section 8.8.3.3
