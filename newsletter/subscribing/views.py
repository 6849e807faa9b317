"""The pages of subscribing. Reading one never changes anything; only POST does."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext
from django.views.decorators.clickjacking import xframe_options_exempt

from newsletter.errors import (
    LinkError,
    LinkExpiredError,
    LinkUsedError,
    TooManyError,
)
from newsletter.models import Frequency, Newsletter, Subscription
from newsletter.subscribing import actions, gate, links, undoing, wording
from newsletter.subscribing.consents import Place
from newsletter.subscribing.forms import PreferencesForm, SignUpForm
from newsletter.subscribing.frequencies import current_of, slower_than, usual_of
from newsletter.subscribing.names import description_in, name_in
from newsletter.subscribing.paths import path_to
from newsletter.subscribing.responses import (
    about,
    answer,
    link_problem,
    private,
    reader_page,
    see_other,
    to_preferences,
    token_page,
)

State = Subscription.State
# What was done just now.
SAID = ("saved", "paused", "resumed", "asked", "mailed", "undone", "late")


@reader_page
def join(request: HttpRequest, language: str) -> HttpResponse:
    """The sign-up form at its own address, and where every sign-up form posts to."""
    with translation.override(language):
        if request.method == "POST":
            return _joining(request, language)
        form = SignUpForm.blank(language, request.GET)
        return _form_page(request, language, form)


def _form_page(
    request: HttpRequest, language: str, form: SignUpForm, status: int = 200
) -> HttpResponse:
    said = gettext("Subscribe to our newsletter by e-mail, in the language you like.")
    context = {"form": form, "description": said}
    return answer(request, language, "join", context, status=status)


def _joining(request: HttpRequest, language: str) -> HttpResponse:
    try:
        gate.count_post(request)
        form = SignUpForm(request.POST, language=language, auto_id="join_%s")
        if not form.is_valid():
            form.mark_errors()
            return _form_page(request, language, form, status=422)
        return _checked(request, language, form)
    except TooManyError as error:
        return gate.too_many(request, language, error)


def _checked(request: HttpRequest, language: str, form: SignUpForm) -> HttpResponse:
    if not gate.is_trusted(request, form):
        return gate.ask_once_more(request, language, form)
    address = form.cleaned_data["address"]
    gate.count_address(address)
    actions.request_subscription(
        address=address.address,
        newsletter=form.chosen_newsletter,
        where=Place(gate.page_of(request), language),
        network=gate.network_of(request),
        at=timezone.now(),
        **form.interests(),
    )
    return see_other(path_to("sent", language))


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@reader_page
def embed(request: HttpRequest, language: str) -> HttpResponse:
    """The form alone, for a frame on anybody's site; it answers on a page of ours."""
    with translation.override(language):
        form = SignUpForm.blank(language, request.GET, place="embed")
        if (wanted := request.GET.get("newsletter")) and wanted not in form.newsletters:
            form.newsletters = {}  # it is switched off: no other one in its place
        return answer(request, language, "embed", {"form": form, "step": "embed"})


@reader_page
def sent(request: HttpRequest, language: str) -> HttpResponse:
    """What happens next; the same page for everyone, so it may be cached."""
    return answer(
        request, language, "sent", {"step": "sent", "sender": gate.sender_address()}
    )


@token_page("confirm", links.CONFIRM)
def confirm(
    request: HttpRequest, subscription: Subscription, token: str
) -> HttpResponse:
    """One button; pressing it starts the subscription."""
    if request.method == "POST":
        where, at = request.place, timezone.now()
        subscription = actions.confirm(subscription=subscription, where=where, at=at)
    if subscription.state == State.UNSUBSCRIBED:
        raise LinkUsedError
    page = "confirmed" if subscription.state in actions.SUBSCRIBED else "confirm"
    return about(request, subscription, page, {"token": token})


@token_page("preferences", links.PREFERENCES)
def preferences(
    request: HttpRequest, subscription: Subscription, token: str
) -> HttpResponse:
    """Language and interests, and the ways to leave."""
    if subscription.state not in actions.SUBSCRIBED:
        return about(request, subscription, "left", _ways_back(subscription))
    for name, answer_to in {"also": _also, "less": _less, "undo": _undo}.items():
        if request.method == "POST" and name in request.POST:
            return answer_to(request, subscription)
    data = request.POST if request.method == "POST" else None
    form = PreferencesForm.of(subscription, data)
    if request.method == "POST" and form.is_valid():
        return _save(request, subscription, form)
    form.mark_errors()
    context = {
        "form": form,
        "said": next((word for word in SAID if word in request.GET), ""),
        "is_away": subscription.is_away(timezone.now()),
        "can_undo": undoing.can_undo(subscription=subscription, at=timezone.now()),
        "others": _others(subscription),
    }
    status = 422 if form.errors else 200
    return about(request, subscription, "preferences", context, status)


def _others(subscription: Subscription) -> list[tuple[int, str, str]]:
    """Newsletters this reader does not get: number, name and what they say."""
    own = subscription.subscriber.subscriptions.filter(state__in=actions.SUBSCRIBED)
    rows = Newsletter.objects.active().exclude(pk__in=own.values("newsletter"))
    language = subscription.subscriber.language
    return [
        (row.pk, name_in(row, language), description_in(row, language)) for row in rows
    ]


def _also(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Ask for one more newsletter: its mail to confirm proves who asked."""
    wanted = request.POST["also"]
    known = {str(pk) for pk, _name, _said in _others(subscription)}
    if wanted not in known:
        return to_preferences(subscription, "")
    subscriber = subscription.subscriber
    newsletter = Newsletter.objects.get(pk=wanted)
    asked = subscriber.subscriptions.filter(newsletter=newsletter).first()
    actions.request_subscription(
        address=subscriber.address or "",
        newsletter=newsletter,
        language=subscriber.language,
        # What was chosen when it was asked for before stays.
        projects=asked.projects.all() if asked else [],
        countries=asked.countries.all() if asked else [],
        frequency=current_of(asked) if asked else usual_of(newsletter),
        where=request.place,
        network="",
        at=timezone.now(),
    )
    return to_preferences(subscription, "asked")


def _less(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Hear less often instead of leaving; anything else changes nothing."""
    wanted = request.POST["less"]
    if wanted not in dict(slower_than(subscription)):
        return to_preferences(subscription, "")
    actions.slow_down(
        subscription=subscription,
        frequency=Frequency(wanted),
        where=request.place,
        at=timezone.now(),
    )
    return to_preferences(subscription, "saved")


def _undo(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Take back the last change; too late changes nothing, and the page says so."""
    try:
        undoing.undo_change(
            subscription=subscription, where=request.place, at=timezone.now()
        )
    except LinkExpiredError:
        return to_preferences(subscription, "late")
    return to_preferences(subscription, "undone")


def _save(
    request: HttpRequest, subscription: Subscription, form: PreferencesForm
) -> HttpResponse:
    subscription = actions.update_preferences(
        subscription=subscription,
        where=request.place,
        at=timezone.now(),
        **form.interests(),
    )
    return to_preferences(subscription, "saved")


@token_page("leave", links.LEAVE)
def leave(request: HttpRequest, subscription: Subscription, token: str) -> HttpResponse:
    """One button to leave; afterwards one to come back, for half an hour."""
    if request.method == "POST":
        return _leaving(request, subscription)
    if subscription.state == State.UNSUBSCRIBED:
        return about(request, subscription, "left", _ways_back(subscription))
    slower = slower_than(subscription)
    return about(request, subscription, "leave", {"token": token, "slower": slower})


def _leaving(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    where, at = request.place, timezone.now()
    if "undo" in request.POST:
        subscription = actions.resubscribe(
            subscription=subscription, where=where, at=at
        )
        return about(request, subscription, "confirmed", {"is_back": True})
    if "everything" in request.POST:
        actions.leave_all(subscriber=subscription.subscriber, where=where, at=at)
        subscription.refresh_from_db()
    else:
        subscription = actions.unsubscribe(
            subscription=subscription, where=where, version=wording.LEAVE, at=at
        )
    context = {"everything": "everything" in request.POST, **_ways_back(subscription)}
    return about(request, subscription, "left", context)


def _ways_back(subscription: Subscription) -> dict:
    at = timezone.now()
    form = SignUpForm.blank(
        subscription.subscriber.language, {"newsletter": subscription.newsletter_id}
    )
    return {
        "can_undo": actions.can_resubscribe(subscription=subscription, at=at),
        "form": form,
    }


@private
@reader_page
def one_click(request: HttpRequest, token: str) -> HttpResponse:
    """Leave at once when a mail program posts here; people get the page with a button.

    RFC 8058: the post carries no cookie and must not be redirected. The body is not
    read, since programs differ in how they encode it.
    """
    try:
        subscription = links.subscription_for(links.LEAVE, token)
    except LinkError as error:
        return link_problem(request, get_language(), error)
    language = subscription.subscriber.language
    if request.method != "POST":
        return HttpResponseRedirect(path_to("leave", language, token))
    actions.unsubscribe(
        subscription=subscription,
        where=Place("one-click", language),
        version=wording.ONE_CLICK,
        at=timezone.now(),
    )
    with translation.override(language):
        text = gettext("You will no longer receive this newsletter.")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
