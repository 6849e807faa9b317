"""The admin's page for trying an issue out: its mails to some addresses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from newsletter.composing import actions
from newsletter.composing.forms import TrialForm
from newsletter.composing.problems import Code, Problem
from newsletter.composing.views import editable_issue
from newsletter.errors import (
    BlockedError,
    NothingToSendError,
    NoTransportError,
    NotTakenError,
)
from newsletter.models import IssuePage
from pages.languages import names_in_words


@require_http_methods(["GET", "POST"])
def test(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Ask where to; on POST, mail the latest draft there."""
    issue = editable_issue(request, issue_id)
    asked = {"addresses": request.user.email}
    if request.method == "GET":
        return _page(request, issue, TrialForm(initial=asked, user=request.user))
    given = request.POST if "addresses" in request.POST else asked
    form = TrialForm(given, user=request.user)
    if not form.is_valid():
        return _page(request, issue, form, status=422)
    _send(request, issue, form.cleaned_data["addresses"])
    return redirect("wagtailadmin_pages:edit", issue.pk)


def _page(
    request: HttpRequest, issue: IssuePage, form: TrialForm, status: int = 200
) -> HttpResponse:
    context = {"issue": issue, "form": form}
    template = "newsletter/admin/send_test.html"
    return TemplateResponse(request, template, context, status=status)


def _send(request: HttpRequest, issue: IssuePage, to: list[str]) -> None:
    try:
        tried = actions.send_test(issue=issue, to=to, by=request.user)
    except NothingToSendError:
        text = _("Nothing to send yet: add a story or a text and save the draft.")
        messages.warning(request, text)
    except BlockedError:
        messages.error(request, Problem(Code.UNSENDABLE).message)
    except NoTransportError as error:
        messages.error(request, str(error))
    except NotTakenError:
        messages.error(request, _("The mail server did not take the test. Try later."))
    else:
        _say(request, to, tried)


def _say(request: HttpRequest, to: list[str], tried: actions.Tried) -> None:
    for address, answer in tried.refused.items():
        text = _("The mail server did not take the test for %(address)s: %(answer)s")
        messages.error(request, text % {"address": address, "answer": answer})
    if taken := [address for address in to if address not in tried.refused]:
        text = _("Test sent to %(address)s (%(languages)s), from the last saved draft.")
        languages = names_in_words(tried.languages)
        named = {"address": ", ".join(taken), "languages": languages}
        messages.success(request, text % named)
