"""How the pages of subscribing answer: language, headers, size and methods."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.defaults import bad_request

from newsletter.errors import LinkError, LinkExpiredError, LinkUsedError
from newsletter.models import Subscription
from newsletter.subscribing import links
from newsletter.subscribing.consents import Place
from newsletter.subscribing.forms import SignUpForm
from newsletter.subscribing.names import masked, name_in, topics_of
from newsletter.subscribing.paths import path_to

View = Callable[..., HttpResponse]
BODY_BYTES_AT_MOST = 64 * 1024
PRIVATE_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
GONE = {LinkExpiredError: ("expired", 410), LinkUsedError: ("used", 410)}


def answer(
    request: HttpRequest, language: str, template: str, context: dict, status: int = 200
) -> HttpResponse:
    """Render a page of this room in a named language, whatever was active."""
    request.LANGUAGE_CODE = language
    with translation.override(language):
        known = {
            "language": language,
            "lang": language,
            "languages_here": _other_languages(language, context.get("step", "join")),
            **context,
        }
        name = f"newsletter/subscribing/{template}.html"
        response = render(request, name, known, status=status)
    response["Content-Language"] = language
    return response


def _other_languages(language: str, step: str) -> list[dict[str, str]]:
    """Where the switcher leads: the same open step, else sign-up, in each language."""
    return [
        {"code": code, "name": name, "url": path_to(step, code)}
        for code, name in settings.LANGUAGES
        if code != language
    ]


def about(
    request: HttpRequest,
    subscription: Subscription,
    template: str,
    context: dict,
    status: int = 200,
) -> HttpResponse:
    """A page about one subscription, in its reader's language."""
    language = subscription.subscriber.language
    known = {
        "subscription": subscription,
        "address": masked(subscription.subscriber.address)
        or pgettext("instead of an address", "you"),
        "newsletter_name": name_in(subscription.newsletter, language),
        "topics": topics_of(subscription),
        "preferences_path": _own_path("preferences", links.PREFERENCES, subscription),
        "leave_path": _own_path("leave", links.LEAVE, subscription),
        **{
            f"{step}_path": _own_path(step, links.PREFERENCES, subscription)
            for step in ("pause", "address", "data")
        },
    }
    return answer(request, language, template, {**known, **context}, status)


def _own_path(step: str, purpose: str, subscription: Subscription) -> str:
    token = links.token_for(purpose, subscription)
    return path_to(step, subscription.subscriber.language, token)


def link_problem(request: HttpRequest, language: str, error: LinkError) -> HttpResponse:
    """Say why a link does not open anything, and offer to ask for a new one."""
    problem, status = GONE.get(type(error), ("invalid", 404))
    context = {"problem": problem, "form": SignUpForm.blank(language, {})}
    return answer(request, language, "problem", context, status)


def see_other(path: str) -> HttpResponse:
    """Send the browser to a page it may read again and again."""
    return HttpResponseRedirect(path, status=303)


def to_preferences(subscription: Subscription, said: str = "") -> HttpResponse:
    """Back to the preferences, with a word on what was done just now."""
    path = _own_path("preferences", links.PREFERENCES, subscription)
    return see_other(f"{path}?{said}=1" if said else path)


def reader_page(view: View) -> View:
    """A page that takes small posts from anyone, without cookie or token in the form.

    Exempt from Django's CSRF check by decision: the pages are cached, so they carry no
    token; sign-up checks where a post comes from, the others hold a secret link.
    """

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, **known: str) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return bad_request(request, None)
        # By its digits: Python refuses to read a number of thousands of them.
        if len(length) > 9 or int(length) > BODY_BYTES_AT_MOST:
            language = known.get("language") or get_language()
            context = {"problem": "too_large"}
            return answer(request, language, "problem", context, status=413)
        return view(request, **known)

    return guarded


def private(view: View) -> View:
    """Keep a page with a personal link out of caches, indexes and referrers."""

    @csrf_exempt
    @wraps(view)
    def kept(request: HttpRequest, **known: str) -> HttpResponse:
        return keep_private(view(request, **known))

    return kept


def keep_private(response: HttpResponse) -> HttpResponse:
    """The same answer, marked for no cache, no index and no referrer."""
    add_never_cache_headers(response)
    for name, value in PRIVATE_HEADERS.items():
        response[name] = value
    return response


def token_page(
    step: str, purpose: str, find: Callable[..., Any] = links.subscription_for
) -> Callable[[View], View]:
    """A page opened by a link from a mail, in the reader's language.

    The view gets what the link is about, as `find` has it by purpose and token: a
    subscription, or something else of a subscriber's. It may raise any `LinkError`.
    `request.place` is the page that posted, fit for a proof of consent: every form
    posts to its own language.
    """

    def decorate(view: View) -> View:
        @private
        @reader_page
        @wraps(view)
        def opened(request: HttpRequest, language: str, token: str) -> HttpResponse:
            request.place = Place(path_to(step, language, "…"), language)
            try:
                subject = find(purpose, token)
                language = subject.subscriber.language
                if request.method != "POST" and not request.path.startswith(
                    f"/{language}/"
                ):
                    return HttpResponseRedirect(path_to(step, language, token))
                with translation.override(language):
                    return view(request, subject, token)
            except LinkError as error:
                return link_problem(request, language, error)

        return opened

    return decorate
