"""The pages of changing one's address: ask, agree at the new one, undo at the old."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from newsletter.errors import LinkUsedError, TooManyError
from newsletter.models import AddressChange, Subscription
from newsletter.subscribing import actions, gate, links, moving
from newsletter.subscribing.forms import AddressForm
from newsletter.subscribing.responses import about, answer, to_preferences, token_page


@token_page("address", links.PREFERENCES)
def ask(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """Ask for the new address; on POST, send it a mail."""
    if subscription.state not in actions.SUBSCRIBED:
        raise LinkUsedError
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        form.mark_errors()
        status = 422 if form.errors else 200
        return about(request, subscription, "address", {"address_form": form}, status)
    subscriber, address = subscription.subscriber, form.cleaned_data["address"]
    try:
        gate.count_post(request)
        gate.count_address(address)
    except TooManyError as error:
        return gate.too_many(request, subscriber.language, error)
    at = timezone.now()
    moving.ask_change(subscriber=subscriber, new=address.address, at=at)
    return to_preferences(subscription, "asked")


@token_page("new-address", links.NEW_ADDRESS, links.change_for)
def confirm(request: HttpRequest, change: AddressChange, token: str) -> HttpResponse:
    """One button; pressing it moves the mails to the new address."""
    return _decide(request, change, moving.confirm_change, is_undo=False)


@token_page("former-address", links.FORMER_ADDRESS, links.change_for)
def undo(request: HttpRequest, change: AddressChange, token: str) -> HttpResponse:
    """One button; pressing it brings the mails back to the former address."""
    return _decide(request, change, moving.undo_change, is_undo=True)


def _decide(
    request: HttpRequest,
    change: AddressChange,
    act: Callable[..., None],
    *,
    is_undo: bool,
) -> HttpResponse:
    if request.method == "POST":
        act(change=change, where=request.place, at=timezone.now())
    elif change.undone_at or (is_undo and not change.done_at):
        raise LinkUsedError
    context = {
        "address": change.subscriber.address if is_undo else change.new,
        "is_undo": is_undo,
        "is_done": request.method == "POST" or (change.done_at and not is_undo),
    }
    return answer(request, change.subscriber.language, "address_decision", context)
