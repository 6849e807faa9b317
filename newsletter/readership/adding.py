"""The admin's page to add a reader who has agreed on paper or in person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets import AdminDateInput

from newsletter.composing.moments import site_zone
from newsletter.errors import AlreadySubscribedError, SuppressedError
from newsletter.models import Frequency, Newsletter, Subscription
from newsletter.subscribing.by_hand import add_by_hand
from newsletter.subscribing.consents import Place
from newsletter.subscribing.forms import AddressField, InterestsForm
from newsletter.subscribing.frequencies import usual_of
from pages.languages import current_language, languages

ADD = "newsletter.add_subscriber"


def today() -> date:
    """The site's day."""
    return timezone.localdate(timezone=site_zone())


class AddForm(InterestsForm):
    """Whom to add, to what, and how they agreed."""

    field_order = [
        "address", "newsletter", "language", "agreed_on", "proof", "projects",
        "countries",
    ]  # fmt: skip

    frequency = None  # the newsletter's usual one: its readers change it themselves
    address = AddressField(
        label=gettext_lazy("E-mail address"),
        required_error=gettext_lazy("Please enter an e-mail address."),
        autocomplete="off",
    )
    newsletter = forms.ModelChoiceField(
        label=gettext_lazy("Newsletter"), queryset=Newsletter.objects.none()
    )
    agreed_on = forms.DateField(
        label=gettext_lazy("Agreed on"), widget=AdminDateInput, initial=today
    )
    proof = forms.CharField(
        label=gettext_lazy("How they agreed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "What you could show if they asked: a signed list and where it is kept, a"
            " letter, an e-mail. It is kept as proof of their consent."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newsletters = Newsletter.objects.active()
        self.fields["newsletter"].queryset = newsletters
        if len(newsletters) == 1:
            self.fields["newsletter"].initial = newsletters[0]

    def wanted_frequency(self) -> Frequency:
        """The usual one of the newsletter that was chosen."""
        return usual_of(self.cleaned_data["newsletter"])

    def offered_in(self) -> list[str]:
        """Whatever the reader's language is."""
        return languages()

    def clean_agreed_on(self) -> date:
        """A day that has come."""
        day = self.cleaned_data["agreed_on"]
        if day > today():
            raise ValidationError(_("This day has not come yet."))
        return day


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask who, and how they agreed; on POST, subscribe them."""
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = AddForm(data, language=current_language())
    if form.is_valid() and (added := _add(request, form)):
        text = _("%(address)s is subscribed to “%(newsletter)s”.")
        known = {"address": added.subscriber, "newsletter": added.newsletter}
        messages.success(request, text % known)
        return redirect("subscribers:inspect", added.subscriber_id)
    template = "newsletter/admin/add_subscriber.html"
    status = 422 if form.errors else 200
    return TemplateResponse(request, template, {"form": form}, status=status)


def _add(request: HttpRequest, form: AddForm) -> Subscription | None:
    """None, with the reason in the form, where they may not be added."""
    given = form.cleaned_data
    try:
        return add_by_hand(
            address=given["address"].address,
            newsletter=given["newsletter"],
            proof=given["proof"],
            agreed_on=given["agreed_on"],
            where=Place(request.path, form.language),
            by=request.user,
            at=timezone.now(),
            **form.interests(),
        )
    except (AlreadySubscribedError, SuppressedError) as error:
        form.add_error("address", str(error))
        return None
