"""What stands in front of sign-up, since its form carries no token.

Every post is counted by network and in all; one that passes the form is counted by
address and by mailbox. A post that no page of ours is known to have sent, or with the
field filled in that people cannot see, gets a second page with one button and a fresh
stamp.
"""

from __future__ import annotations

import hashlib
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guards import limits
from guards.addresses import Address
from guards.origin import is_same_origin
from guards.stamps import fresh_stamp, is_stamped
from newsletter.errors import TooManyError
from newsletter.subscribing.forms import SignUpForm
from newsletter.subscribing.responses import answer, keep_private

# Generous for a village school behind one address, tight for a script.
# A site may set other rates in SIGN_UP_LIMITS.
LIMITS = {
    "network": ("30/hour", "100/day"),
    "overall": ("2000/hour",),
    "address": ("6/hour",),
    "mailbox": ("10/hour",),
}
FIELDS = ("address", "language", "frequency", "newsletter", "projects", "countries")


def count_post(request: HttpRequest) -> None:
    """Count this post; raises `TooManyError` where its network or all sent enough."""
    _count("network", network_of(request))
    _count("overall", "all")


def count_address(address: Address) -> None:
    """Count a sign-up of this address; raises `TooManyError` where it had enough."""
    _count("address", address.address.lower())
    _count("mailbox", address.mailbox_key)


def _count(name: str, key: str) -> None:
    for rate in {**LIMITS, **getattr(settings, "SIGN_UP_LIMITS", {})}[name]:
        if wait_s := limits.hit(f"sign-up {name} {rate}", key, rate):
            raise TooManyError(wait_s)


def too_many(request: HttpRequest, language: str, error: TooManyError) -> HttpResponse:
    """The page that asks to wait, for people and for programs."""
    response = answer(request, language, "problem", {"problem": "too_many"}, status=429)
    response["Retry-After"] = str(error.retry_after_s)
    return keep_private(response)


def is_trusted(request: HttpRequest, form: SignUpForm) -> bool:
    """Whether the browser says our page posted, or the second page's button did.

    A filled trap is never trusted: a program does that, or a password manager.
    """
    if form.is_trap_sprung():
        return False
    stamp = form.cleaned_data["stamp"]
    return is_same_origin(request) or is_stamped(_stamped(request, form), stamp)


def ask_once_more(
    request: HttpRequest, language: str, form: SignUpForm
) -> HttpResponse:
    """The second page: what was typed, a stamp that fits only it, and one button."""
    kept = [
        (name, value)
        for name in FIELDS
        for value in request.POST.getlist(name)
        if value
    ]
    kept.append(("stamp", fresh_stamp(_stamped(request, form))))
    address = form.cleaned_data["address"].address
    context = {"kept": kept, "address": address, "form": form}
    return keep_private(answer(request, language, "once_more", context))


def _stamped(request: HttpRequest, form: SignUpForm) -> str:
    address = form.cleaned_data["address"].address
    known = f"{network_of(request)} {address} {form.cleaned_data['newsletter']}"
    return "join " + hashlib.sha256(known.encode()).hexdigest()[:32]


def network_of(request: HttpRequest) -> str:
    """The client's network, an IPv6 /64 or an IPv4 address."""
    return limits.client_network(request)


def page_of(request: HttpRequest) -> str:
    """The path of the page the form was on; another site's address is not kept."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return request.path
    return parts.path if parts.netloc == request.get_host() else request.path


def sender_address() -> str:
    """Where the mail that asks to confirm comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
