"""Answers that a client which has them already need not fetch again, exactly."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags

REMEMBERED_S = 30 * 24 * 3600
POLICY = "public, max-age=0, must-revalidate"


def answer(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    """The body, or 304 where the client's copy is this one.

    ETag is of the body, which also changes where no page is published: by a caption,
    a logo, a story taken down. It is weak, as what is sent may be compressed (RFC 9110,
    section 8.8.1). Last-Modified is the moment since which the body has
    been this one, kept in the cache: a client's date counts only where it is that very
    moment, as nginx has it, for an older one may belong to another body.
    """
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    since = _since(request.path, etag)
    is_known = _is_known(request, etag, since)
    response = (
        HttpResponseNotModified()
        if is_known
        else HttpResponse(body, content_type=content_type)
    )
    response["ETag"] = etag
    response["Cache-Control"] = POLICY
    response["Vary"] = "Accept-Encoding"
    if since:
        response["Last-Modified"] = since
    return response


def _is_known(request: HttpRequest, etag: str, since: str) -> bool:
    named = request.headers.get("If-None-Match")
    if named is not None:
        found = parse_etags(named)
        weak = [f"W/{tag.removeprefix('W/')}" for tag in found]
        return etag in weak or found == ["*"]
    return bool(since) and request.headers.get("If-Modified-Since") == since


def _since(path: str, etag: str) -> str:
    """Since when the body at a path is this one; empty where that cannot be said.

    Two bodies of one second would have one date: the second one has none until later.
    """
    key = f"since:{hashlib.sha256(path.encode()).hexdigest()}"
    known, moment = cache.get(key) or ("", 0)
    now = int(time.time())
    if known != etag:
        if now <= moment:
            return ""
        moment = now
        cache.set(key, (etag, now), REMEMBERED_S)
    return http_date(moment)
