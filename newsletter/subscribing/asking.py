"""Preferences for whoever has no mail of ours at hand: a link goes to their mailbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from guards.waking import wake_on_commit
from newsletter.errors import TooManyError
from newsletter.models import address_hash
from newsletter.subscribing import gate
from newsletter.subscribing.forms import AskForm
from newsletter.subscribing.paths import path_to
from newsletter.subscribing.responses import answer, reader_page, see_other


@reader_page
def ask(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for the address; on POST, have its owner mailed a link if there is one."""
    with translation.override(language):
        if request.method == "POST":
            return _asking(request, language)
        return _page(request, language, AskForm())


def _asking(request: HttpRequest, language: str) -> HttpResponse:
    try:
        gate.count_post(request)
        form = AskForm(request.POST)
        if not form.is_valid():
            form.mark_errors()
            return _page(request, language, form, status=422)
        address = form.cleaned_data["address"]
        gate.count_address(address)
    except TooManyError as error:
        return gate.too_many(request, language, error)
    # A worker looks, so that the time this takes tells nobody whether it is known.
    wake_on_commit("newsletter.tasks.mail_preferences", address_hash(address.address))
    return see_other(path_to("mailed", language))


def _page(
    request: HttpRequest, language: str, form: AskForm, status: int = 200
) -> HttpResponse:
    context = {"ask_form": form, "step": "ask"}
    return answer(request, language, "ask", context, status)


@reader_page
def mailed(request: HttpRequest, language: str) -> HttpResponse:
    """What happens next; the same page for everyone, so it may be cached."""
    context = {"step": "mailed", "sender": gate.sender_address()}
    return answer(request, language, "mailed", context)
