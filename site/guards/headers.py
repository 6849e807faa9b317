"""Headers that tell browsers what a page may load, and who may frame or hold it."""

from __future__ import annotations

from collections.abc import Callable

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from guards.everybody import is_for_everybody, is_of_the_admin

View = Callable[[HttpRequest], HttpResponseBase]


class PolicyMiddleware(CSPMiddleware):
    """The readers' Content-Security-Policy, and a wider one for Wagtail's admin."""

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if is_of_the_admin(request) and parts.config is None and not report_only:
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts


def keep_readers_process(get_response: View) -> View:
    """Middleware that lets a page for everyone be shown by the process that is there.

    A page that parts from whoever opened it (Django's Cross-Origin-Opener-Policy) makes
    a browser start a process for it before the first word. The admin and what is meant
    for one person part from them; what everybody may read has nothing to keep.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and is_for_everybody(request, response):
            response.setdefault("Cross-Origin-Opener-Policy", "unsafe-none")
        return response

    return middleware
