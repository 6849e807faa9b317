"""The admin's page of a digest: what is new, what waits, what came of its turns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from newsletter.composing.footer import without_people
from newsletter.composing.moments import in_zone_time
from newsletter.composing.permissions import (
    DispatchPolicy,
    may_see_readers,
    may_send,
)
from newsletter.composing.readers import ReaderForm
from newsletter.composing.reasons import described
from newsletter.composing.stories import CODES
from newsletter.delivery.parts import Choice
from newsletter.digests import actions
from newsletter.digests.editions import DigestEdition, build_digest
from newsletter.digests.plan import (
    DigestPlan,
    audience_of,
    count_readers,
    plan_digest,
    unfinished,
)
from newsletter.dispatching.freeze import choice_of
from newsletter.errors import (
    BlockedError,
    ComplaintsError,
    IllegalMoveError,
    NothingToSendError,
    UnfinishedError,
)
from newsletter.models import Digest, Dispatch, Subscriber, address_hash
from newsletter.models.newsletters import MAIL_POLICY
from pages.languages import language_name, name_in_words

EARLIER = 20  # sendings listed


class ApprovalForm(forms.Form):
    """How many readers it goes to, typed where they are many."""

    typed = forms.CharField(
        label=gettext_lazy("Type the number of readers"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, wanted: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_typed(self) -> str:
        """The number, where it has to be typed."""
        typed = self.cleaned_data["typed"]
        digits = "".join(filter(str.isdigit, typed))
        if self.wanted is not None and digits != str(self.wanted):
            text = _("Type %(number)s to send it.")
            raise forms.ValidationError(text % {"number": self.wanted})
        return typed


@require_GET
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """What it would tell now, or what waits for approval."""
    return _page(request, _visible(request, pk))


def _page(
    request: HttpRequest,
    found: Digest,
    *,
    form: ApprovalForm | None = None,
    reader: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    before = unfinished(found)
    waiting = before if before and before.state == Dispatch.State.DRAFT else None
    plan = plan_digest(found, _until(waiting, now))
    readers, excluded = count_readers(plan, now)
    zone = found.newsletter.hours.zone
    context = {
        "digest": found,
        "waiting": waiting,
        "on_its_way": before if before and not waiting else None,
        "editions": [
            (made, language_name(code), readers.get(code))
            for code, made in plan.built.items()
        ],
        "total": sum(readers.values()),
        "excluded": described(excluded),
        "next_at": in_zone_time(found.next_at, zone) if found.next_at else "",
        "told": _told(found),
        "earlier": found.dispatches.order_by("-pk")[:EARLIER],
        "form": form or ApprovalForm(wanted=_to_be_typed(plan, readers)),
        "may_send": may_send(request.user),
        "may_see_readers": may_see_readers(request.user),
        "reader_form": ReaderForm(),
        "too_few": not plan.editions,
        **(reader or {}),
    }
    template = "newsletter/admin/digest.html"
    return TemplateResponse(request, template, context, status=status)


def _until(waiting: Dispatch | None, now: datetime) -> datetime:
    return waiting.covers_until or now if waiting else now


def _to_be_typed(plan: DigestPlan, readers: Mapping[str, int]) -> int | None:
    total = sum(readers[code] for code in plan.editions)
    most = plan.digest.newsletter.typed_above
    return total if most and total > most else None


def _told(found: Digest) -> dict[str, Any]:
    """What came of its last turn, in words."""
    if not found.told:
        return {}
    at = datetime.fromisoformat(found.told["at"])
    return {
        "at": in_zone_time(at, found.newsletter.hours.zone),
        "why": Digest.Why(found.told["why"]).label,
    }


@require_GET
@xframe_options_sameorigin
@csp_replace(MAIL_POLICY)
def mail(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The mail of a language with all its stories, for the frame."""
    found = _visible(request, pk)
    if language not in CODES:
        raise Http404
    made = build_digest(found, language, _moment(found))
    if made.is_empty:
        raise Http404
    return HttpResponse(without_people(made.html, language))


def _moment(found: Digest) -> datetime:
    before, now = unfinished(found), timezone.now()
    is_waiting = before is not None and before.state == Dispatch.State.DRAFT
    return _until(before if is_waiting else None, now)


@require_POST
def reader(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of it one reader gets, or why nothing.

    Asked for by a post, so that no address stands in a log or a history.
    """
    found = _visible(request, pk)
    if not may_see_readers(request.user):
        raise PermissionDenied
    form = ReaderForm(request.POST)
    shown: dict[str, Any] = {"reader_form": form}
    if form.is_valid():
        shown |= _as_reader(found, form.cleaned_data["address"].strip())
    return _page(request, found, reader=shown)


def _as_reader(found: Digest, address: str) -> dict[str, Any]:
    known = Subscriber.objects.filter(address_hash=address_hash(address))
    person = known.exclude(address=None).first()
    if person is None:
        return {"is_unknown": True}
    plan = plan_digest(found, _moment(found))
    layouts = {code: made.layout for code, made in plan.editions.items()}
    reason, choice = choice_of(
        found.newsletter, person, layouts, timezone.now(), audience_of(found)
    )
    made = None if reason else plan.editions[person.language]
    return {
        "person": person,
        "language_name": name_in_words(person.language),
        "why_not": described({reason: 1})[0] if reason else "",
        "as_text": _text_of(made, choice) if made else "",
    }


def _text_of(made: DigestEdition, choice: Choice | None) -> str:
    """What they get, with the front page where their own links would be."""
    return without_people(made.layout.for_one(choice).text, made.language)


@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it now, before its turn; it waits for approval."""
    found = _sendable(request, pk)
    try:
        actions.make_now(digest_id=found.pk, by=request.user, at=timezone.now())
    except UnfinishedError:
        messages.warning(request, _("The one before is not finished yet."))
    except BlockedError as error:
        messages.error(request, str(error))
    except NothingToSendError:
        messages.warning(request, _("There are too few new stories for a digest."))
    else:
        messages.success(request, _("It is made. Look at it and approve it below."))
    return redirect("digests:digest", found.pk)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Send what waits."""
    found = _sendable(request, pk)
    waiting = _waiting(request, found)
    if waiting is None:
        return redirect("digests:digest", found.pk)
    plan = plan_digest(found, _until(waiting, timezone.now()))
    readers, _excluded = count_readers(plan, timezone.now())
    wanted = _to_be_typed(plan, readers)
    form = ApprovalForm(request.POST, wanted=wanted)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        at = timezone.now()
        actions.approve(dispatch_id=waiting.pk, by=request.user, at=at)
    except IllegalMoveError:
        _say_moved_on(request)
    except (BlockedError, ComplaintsError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The digest was approved and is sent in a moment."))
        return redirect("dispatches:progress", waiting.pk)
    return redirect("digests:digest", found.pk)


@require_POST
def leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not send what waits."""
    found = _sendable(request, pk)
    waiting = _waiting(request, found)
    if waiting is not None:
        try:
            actions.leave_out(dispatch_id=waiting.pk, by=request.user)
        except IllegalMoveError:
            _say_moved_on(request)
        else:
            text = _("It was left out. Its stories are in the next one.")
            messages.success(request, text)
    return redirect("digests:digest", found.pk)


def _waiting(request: HttpRequest, found: Digest) -> Dispatch | None:
    """What waits, if it is still what was looked at."""
    before = unfinished(found)
    is_same = before is not None and str(before.pk) == request.POST.get("dispatch")
    if before is None or not is_same or before.state != Dispatch.State.DRAFT:
        _say_moved_on(request)
        return None
    return before


def _say_moved_on(request: HttpRequest) -> None:
    text = _("That is not possible now: the sending has moved on.")
    messages.warning(request, text)


def _visible(request: HttpRequest, pk: int) -> Digest:
    """A digest, for whoever may look at sendings."""
    if not DispatchPolicy(Dispatch).user_has_permission(request.user, "view"):
        raise PermissionDenied
    return get_object_or_404(Digest.objects.select_related("newsletter"), pk=pk)


def _sendable(request: HttpRequest, pk: int) -> Digest:
    if not may_send(request.user):
        raise PermissionDenied
    return _visible(request, pk)
