"""What else a reader does by the link to their preferences: rest, see, be forgotten."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from newsletter.errors import LinkUsedError
from newsletter.models import Subscription
from newsletter.subscribing import actions, links, owning, resting
from newsletter.subscribing.forms import PauseForm
from newsletter.subscribing.responses import about, answer, to_preferences, token_page

FILE = "pregon.json"


@token_page("pause", links.PREFERENCES)
def pause(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Ask until when nothing is to come; on POST, rest or go on."""
    if subscription.state not in actions.SUBSCRIBED:
        raise LinkUsedError
    where, at = request.place, timezone.now()
    if request.method == "POST" and "resume" in request.POST:
        resting.resume(subscription=subscription, where=where, at=at)
        return to_preferences(subscription, "resumed")
    form = PauseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"pause_form": form, "token": token}
        return about(
            request, subscription, "pause", context, 422 if form.errors else 200
        )
    until = form.cleaned_data["until"]
    resting.pause(subscription=subscription, until=until, where=where, at=at)
    return to_preferences(subscription, "paused")


@token_page("data", links.PREFERENCES)
def data(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Say what there is; on POST, mail a link to it to the reader's own mailbox.

    The link to the preferences stands in every mail, and mails are passed on.
    """
    if request.method != "POST":
        return about(request, subscription, "data", {"token": token})
    actions.mail_own_data(subscription=subscription, at=timezone.now())
    return to_preferences(subscription, "mailed")


@token_page("own-data", links.OWN_DATA)
def own_data(
    request: HttpRequest, subscription: Subscription, token: str
) -> HttpResponse:
    """All that is known, to look at or take along; on POST, forget this reader."""
    subscriber = subscription.subscriber
    if request.method == "POST":
        where, at = request.place, timezone.now()
        owning.erase(subscriber=subscriber, where=where, at=at)
        return answer(request, subscriber.language, "erased", {})
    if "download" in request.GET:
        return _as_file(owning.data_of(subscriber))
    return about(request, subscription, "own_data", {"full_address": subscriber})


def _as_file(found: dict[str, Any]) -> HttpResponse:
    readable = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(found, json_dumps_params=readable)
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response
