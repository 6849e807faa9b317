"""What people are asked about sendings, and how a newsletter may be sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateTimeInput

from guards.addresses import AddressError, check_address
from newsletter.composing.moments import site_zone
from newsletter.composing.permissions import may_send
from newsletter.composing.plan import SendPlan
from newsletter.dispatching.audience import EVERYONE, Audience
from newsletter.dispatching.repairing import Verdict
from newsletter.models import Newsletter, SavedFilter, address_hash
from newsletter.subscribing.forms import TOPICS
from newsletter.subscribing.names import terms_in
from pages.languages import current_language

NUMBER = re.compile("[0-9]{1,18}")  # fits into the database's numbers
FURTHEST = timedelta(days=2 * 366)


class SendForm(forms.Form):
    """Whom an issue is for, what has to be said before it is sent, and when it is.

    A moment is in the site's time zone, whatever the reader's own is.
    """

    EVERYONE, FOLLOWERS, ALIKE = "everyone", "followers", "alike"

    to_whom = forms.ChoiceField(
        label=gettext_lazy("To whom"),
        choices=[
            (EVERYONE, gettext_lazy("Everyone who reads this newsletter")),
            (FOLLOWERS, gettext_lazy("Who follows one of these")),
            (ALIKE, gettext_lazy("Whom a saved filter finds")),
        ],
        required=False,
        widget=forms.RadioSelect,
        initial=EVERYONE,
    )
    projects = forms.MultipleChoiceField(
        label=gettext_lazy("Projects"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    with_undecided = forms.BooleanField(
        label=gettext_lazy("Also who follows nothing in particular: they get all"),
        required=False,
        initial=True,
    )
    saved = forms.ModelChoiceField(
        label=gettext_lazy("Saved filter"),
        queryset=SavedFilter.objects.all(),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is sent all the same"),
        help_text=gettext_lazy("Kept with your name."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    typed = forms.CharField(
        label=gettext_lazy("Type the number of readers"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    at = forms.DateTimeField(
        label=format_lazy("{} ({})", gettext_lazy("When"), settings.TIME_ZONE),
        required=False,
        widget=AdminDateTimeInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, model in TOPICS.items():
            self.fields[name].choices = terms_in(model, current_language())
        if not SavedFilter.objects.exists():
            choices = self.fields["to_whom"].choices
            self.fields["to_whom"].choices = choices[:-1]

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        """As a link or the button that counts asks for it; else everybody."""
        return cls(query if "to_whom" in query else None)

    def full_clean(self):
        with timezone.override(site_zone()):
            super().full_clean()

    def clean_at(self):
        """A moment that is still to come, if any."""
        at = self.cleaned_data["at"]
        if at and at <= timezone.now():
            raise ValidationError(_("Choose a moment that is still to come."))
        if at and at > timezone.now() + FURTHEST:
            raise ValidationError(_("Choose a moment within the next two years."))
        return at

    def clean(self):
        """Somebody has to be chosen, where not everybody is."""
        found = super().clean()
        is_narrow = found.get("to_whom") == self.FOLLOWERS
        is_whole = not ({"projects", "countries"} & set(self.errors))
        if is_narrow and is_whole and not (found["projects"] or found["countries"]):
            text = _("Choose at least one project or country, or everyone.")
            self.add_error("to_whom", text)
        is_alike = found.get("to_whom") == self.ALIKE
        if is_alike and not found.get("saved") and "saved" not in self.errors:
            self.add_error("to_whom", _("Choose a saved filter, or everyone."))
        return found

    @property
    def topics(self) -> list[forms.BoundField]:
        """Projects and countries, where there are any."""
        return [self[name] for name in TOPICS if self.fields[name].choices]

    @property
    def audience(self) -> Audience:
        """Whom it is for; everybody as long as the form is not right."""
        if not self.is_bound or not self.is_valid():
            return EVERYONE
        chosen = self.cleaned_data
        if chosen["to_whom"] == self.ALIKE:
            return Audience(criteria=chosen["saved"].criteria)
        if chosen["to_whom"] != self.FOLLOWERS:
            return EVERYONE
        return Audience(
            frozenset(map(int, chosen["projects"])),
            frozenset(map(int, chosen["countries"])),
            chosen["with_undecided"],
        )

    @property
    def shown(self) -> list[str]:
        """Keys of the problems that stood on the page the reason was given on."""
        return self.data.getlist("overridden")

    @property
    def why(self) -> str:
        """Why checks are overridden, if they are."""
        return self.cleaned_data["reason"].strip()

    def is_enough_for(self, plan: SendPlan, *, is_later: bool = False) -> bool:
        """Whether all was said that this plan asks for; adds what is missing."""
        if not self.is_valid():
            return False
        if is_later and not self.cleaned_data["at"]:
            self.add_error("at", _("Choose a date and a time."))
        if not plan.may_start:
            return not self.errors
        if not is_later and self.cleaned_data["at"]:
            text = _("You chose a moment: press “Schedule…”, or empty it to send now.")
            self.add_error("at", text)
        if plan.overridable and not self.why:
            self.add_error("reason", _("Say why, or mend what is in the way."))
        elif not all(each.is_among(self.shown) for each in plan.overridable):
            text = _("Something new is in the way: look at it and say why again.")
            self.add_error("reason", text)
        digits = re.sub(r"[\s.,\u00a0\u202f]", "", self.cleaned_data["typed"])
        if plan.is_large and digits != str(plan.total):
            text = _("This goes to %(number)s readers: type that number.")
            self.add_error("typed", text % {"number": plan.total})
        return not self.errors


class TrialForm(forms.Form):
    """Where a test goes to."""

    MOST = 10

    addresses = forms.CharField(
        label=gettext_lazy("To"),
        help_text=gettext_lazy(
            "One address per line, at most ten. Each gets every language."
        ),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Give at least one e-mail address.")},
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_addresses(self) -> list[str]:
        """Each address once, in its normal form."""
        given = re.split(r"[\s,;]+", self.cleaned_data["addresses"].strip())
        wrong = [text for text in given if not _is_address(text)]
        if wrong:
            text = _("This is no e-mail address: %(text)s")
            raise ValidationError(text % {"text": ", ".join(wrong)[:200]})
        known = (check_address(text).address for text in given)
        found = [*{address_hash(address): address for address in known}.values()]
        own = {address_hash(self.user.email)}
        if {*map(address_hash, found)} != own and not may_send(self.user):
            raise ValidationError(
                _("Only who may send the newsletter may test it on others.")
            )
        if len(found) > self.MOST:
            text = _("These are %(number)s addresses; a test goes to ten at most.")
            raise ValidationError(text % {"number": len(found)})
        return found


def _is_address(text: str) -> bool:
    try:
        check_address(text)
    except AddressError:
        return False
    return True


def _words(name: str) -> dict[str, Any]:
    """Label and help of a newsletter's field that may be left empty."""
    field = Newsletter._meta.get_field(name)
    label = capfirst(field.verbose_name)
    return {"label": label, "help_text": field.help_text, "required": False}


class NewsletterForm(WagtailAdminModelForm):
    """A newsletter's own time zone and days, to choose from."""

    time_zone = forms.ChoiceField(
        choices=[
            (
                "",
                format_lazy("{} ({})", gettext_lazy("The site's"), settings.TIME_ZONE),
            ),
            *((zone, zone) for zone in settings.WAGTAIL_USER_TIME_ZONES),
        ],
        **_words("time_zone"),
    )
    send_days = forms.TypedMultipleChoiceField(
        choices=WEEKDAYS.items(),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        **_words("send_days"),
    )


class ResolveForm(forms.Form):
    """What uncertain mails are taken for, and which: all, or the ticked ones."""

    verdict = forms.ChoiceField(choices=[(each, each) for each in Verdict])
    which = forms.ChoiceField(choices=[("all", "all"), ("chosen", "chosen")])
    delivery = forms.TypedMultipleChoiceField(coerce=int, required=False)
    expected = forms.IntegerField(required=False)

    def __init__(self, data=None):
        super().__init__(data)
        given = data.getlist("delivery") if data else []
        known = [text for text in given if NUMBER.fullmatch(text)]
        self.fields["delivery"].choices = [(text, text) for text in known]

    def clean(self):
        """At least one, where some are to be chosen, and none where all are."""
        found = super().clean()
        which, ticked = found.get("which"), found.get("delivery")
        if which == "chosen" and not ticked:
            raise ValidationError(_("Tick at least one mail, or choose all."))
        if which == "all" and ticked:
            text = _("Some mails are ticked, but all are chosen. Say which you mean.")
            raise ValidationError(text)
        return found

    @property
    def ticked(self) -> list[int]:
        """Numbers of deliveries, as they were sent."""
        return [int(text) for text, _label in self.fields["delivery"].choices]

    @property
    def verdict_of(self) -> Verdict:
        """What they are taken for."""
        return Verdict(self.cleaned_data["verdict"])

    @property
    def chosen(self) -> list[int] | None:
        """Numbers of deliveries, None for all."""
        if self.cleaned_data["which"] == "all":
            return None
        return self.cleaned_data["delivery"]


class AllowForm(forms.Form):
    """Why sendings go on in spite of complaints."""

    reason = forms.CharField(
        label=gettext_lazy("Why it may go on"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why.")},
    )
