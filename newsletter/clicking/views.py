"""The way from a mail's link to what it leads to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guards import tokens
from newsletter.clicking.counting import count_click
from newsletter.clicking.links import PURPOSE
from newsletter.models import MailLink

LOOKED_AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@require_safe
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """To where the link leads now, counted; 404 for what we did not sign.

    A page that is gone is looked for at the address it had, where the site says what
    has become of it.
    """
    link = _link_of(token)
    if request.method == "GET" and not _is_ahead(request):
        count_click(link)
    answer = HttpResponseRedirect(_target(link))
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _link_of(token: str) -> MailLink:
    try:
        pk = tokens.read(PURPOSE, token)
    except tokens.TokenError as error:
        raise Http404 from error
    rows = MailLink.objects.select_related("page")
    if found := rows.filter(pk=pk).first():
        return found
    raise Http404


def _target(link: MailLink) -> str:
    now = link.page.url_in(link.language) if link.page else None
    return now or link.url


def _is_ahead(request: HttpRequest) -> bool:
    """Whether a program fetches it before anybody asks, or for something else."""
    said = (request.headers.get(name, "") for name in LOOKED_AHEAD)
    is_early = any(
        word in value.lower() for value in said for word in ("prefetch", "preview")
    )
    return is_early or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
