"""Whose X-Forwarded-Proto counts: our own reverse proxies', nobody else's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from guards.limits import is_trusted_proxy

View = Callable[[HttpRequest], HttpResponse]


def forget_strangers_protocol(get_response: View) -> View:
    """Middleware that drops the header where no proxy of TRUSTED_PROXIES sent it.

    Django's SECURE_PROXY_SSL_HEADER asks nobody who sent it: a client that reaches the
    server directly could pass plain HTTP off as HTTPS.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return get_response(request)

    return middleware
