"""The admin's page that shows an issue as one reader would get it."""

from __future__ import annotations

from csp.decorators import csp_replace
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from newsletter.composing.composition import newsletter_of
from newsletter.composing.editions import EditionContent, build_edition
from newsletter.composing.footer import without_people
from newsletter.composing.permissions import may_see_readers
from newsletter.composing.plan import earlier_dispatch
from newsletter.composing.reasons import described
from newsletter.composing.stories import CODES
from newsletter.composing.views import editable_issue
from newsletter.delivery.parts import Choice
from newsletter.dispatching import freeze
from newsletter.dispatching.audience import EVERYONE, audience_of
from newsletter.models import IssuePage, Subscriber, address_hash
from newsletter.models.newsletters import MAIL_POLICY
from pages.languages import name_in_words


class ReaderForm(forms.Form):
    """Whose mail to show."""

    address = forms.CharField(
        label=_("Address of a reader"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@require_http_methods(["GET", "POST"])
def reader(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Whether one reader would get the draft, why not, and how it looks to them.

    Asked for by a post, so that no address stands in a log or a history.
    """
    issue = _shown_issue(request, issue_id)
    form = ReaderForm(request.POST if request.method == "POST" else None)
    context = {"issue": issue, "form": form}
    if form.is_valid():
        context |= _found(issue, form.cleaned_data["address"].strip())
    template = "newsletter/admin/as_reader.html"
    return TemplateResponse(request, template, context)


@require_GET
@xframe_options_sameorigin
@csp_replace(MAIL_POLICY)
def reader_mail(request: HttpRequest, issue_id: int, pk: int) -> HttpResponse:
    """The mail itself, for the frame; its personal links lead to the front page."""
    issue = _shown_issue(request, issue_id)
    person = get_object_or_404(Subscriber, pk=pk)
    made, _why, choice = _mail_of(issue, person)
    if made is None:
        raise Http404
    html = made.layout.for_one(choice).html if made.layout else made.html
    return HttpResponse(without_people(html, person.language))


def _found(issue: IssuePage, address: str) -> dict:
    known = Subscriber.objects.filter(address_hash=address_hash(address))
    person = known.exclude(address=None).first()
    if person is None:
        return {"is_unknown": True}
    made, reason, _choice = _mail_of(issue, person)
    return {
        "person": person,
        "language_name": name_in_words(person.language),
        "why_not": described({reason: 1})[0] if reason else "",
        "made": made,
    }


def _mail_of(
    issue: IssuePage, person: Subscriber
) -> tuple[EditionContent | None, str, Choice | None]:
    """The edition in their language, why they would not get it, and their parts."""
    built = {code: _edition(issue, code) for code in CODES}
    layouts = {code: made.layout for code, made in built.items() if not made.is_empty}
    earlier = earlier_dispatch(issue)
    audience = audience_of(earlier) if earlier else EVERYONE
    reason, choice = freeze.choice_of(
        newsletter_of(issue), person, layouts, timezone.now(), audience, earlier
    )
    made = built[person.language]
    return None if made.is_empty else made, reason, choice


def _edition(issue: IssuePage, language: str) -> EditionContent:
    return build_edition(issue, language, revision=issue.get_latest_revision())


def _shown_issue(request: HttpRequest, issue_id: int) -> IssuePage:
    issue = editable_issue(request, issue_id)
    if not may_see_readers(request.user):
        raise PermissionDenied
    return issue
