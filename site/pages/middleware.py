"""The language of a request, where Django's answer does not fit a page tree."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.middleware import locale
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, get_language_from_path


class LocaleMiddleware(locale.LocaleMiddleware):
    """Django's, but a view's own 404 stays one.

    Django sends what is not found on to the address below a language if that could be
    one. Below /es/ the page tree takes every path, so the admin's, the files' and the
    mails' addresses would all be sent there, secrets and all.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_ours = request.resolver_match and not get_language_from_path(
            request.path_info
        )
        if response.status_code != 404 or not is_ours:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", get_language())
        return response


def answer_gone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 410 for a page that is gone, unless a redirect was set up for it.

    Wagtail's redirects look at each 404 further in; what is one still is gone.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == 404 and getattr(request, "is_gone", False):
            response.status_code = 410
        return response

    return middleware
