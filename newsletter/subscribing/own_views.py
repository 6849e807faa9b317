"""What else a reader does by the link to their preferences: rest, see, be forgotten."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from newsletter.errors import LinkUsedError
from newsletter.models import Subscription
from newsletter.subscribing import links, owning, resting
from newsletter.subscribing.forms import PauseForm
from newsletter.subscribing.responses import about, answer, to_preferences, token_page

State = Subscription.State
FILE = "pregon.json"


@token_page("pause", links.PREFERENCES)
def pause(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Ask until when nothing is to come; on POST, rest or go on."""
    if subscription.state not in {State.ACTIVE, State.PAUSED}:
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
    """Everything that is known about this reader, as a file."""
    found = owning.data_of(subscription.subscriber)
    readable = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(found, json_dumps_params=readable)
    response["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@token_page("erase", links.PREFERENCES)
def erase(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Ask once more; on POST, forget this reader."""
    if request.method != "POST":
        return about(request, subscription, "erase", {"token": token})
    subscriber = subscription.subscriber
    where, at = request.place, timezone.now()
    owning.erase(subscriber=subscriber, where=where, at=at)
    return answer(request, subscriber.language, "erased", {})
