"""The two forms: sign up, and preferences; without token in them, without cookie."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guards.addresses import Address, AddressError, check_address
from newsletter.models import Frequency, Newsletter, Subscription
from newsletter.subscribing.frequencies import current_of, offered_by
from newsletter.subscribing.names import description_in, name_in, terms_in
from newsletter.subscribing.resting import LONGEST
from newsletter.subscribing.wording import SIGN_UP, shown_text
from topics.models import CountryPage, ProjectPage

TOPICS = {"projects": ProjectPage, "countries": CountryPage}


class InterestsForm(forms.Form):
    """Language, frequency and interests, the part the forms share.

    How often is asked where the newsletter offers more than one way: see `offer`.
    """

    language = forms.ChoiceField(
        label=_("Language of the mails"), choices=settings.LANGUAGES
    )
    frequency = forms.ChoiceField(label=_("How often"), required=False)
    projects = forms.MultipleChoiceField(
        label=_("Projects"), required=False, widget=forms.CheckboxSelectMultiple
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, language: str, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.language = language
        for name, model in TOPICS.items():
            chosen = self.kept_choices().get(name, ())
            self.fields[name].choices = terms_in(
                model, language, chosen, self.offered_in()
            )

    def offer(self, newsletter: Newsletter | None) -> None:
        """Ask how often, as far as this newsletter leaves a choice."""
        offered = offered_by(newsletter) if newsletter else [Frequency.EACH]
        if len(offered) > 1:
            field = forms.ChoiceField(label=_("How often"), required=False)
            field.choices = [(each.value, each.label) for each in offered]
        else:  # whatever an older form says
            field = forms.CharField(required=False, widget=forms.HiddenInput())
        self.fields["frequency"] = field
        self._offered = offered

    @property
    def asks_how_often(self) -> bool:
        """Whether there is more than one way to hear of it."""
        return "frequency" in self.fields and not self["frequency"].is_hidden

    def offered_in(self) -> list[str]:
        """In one of which languages a hub has to be readable; that of the form."""
        return [self.language]

    def kept_choices(self) -> Mapping[str, list[str]]:
        """What was chosen before and may stay, whether it is offered or not."""
        return {}

    @property
    def has_interests(self) -> bool:
        """Whether there is anything to choose from."""
        return bool(self.fields["projects"].choices or self.fields["countries"].choices)

    @property
    def is_open(self) -> bool:
        """Whether the interests should show: something is chosen, or wrong, there."""
        both = self.interest_fields
        return any(bound.errors or any(bound.value() or ()) for bound in both)

    @property
    def interest_fields(self) -> list[forms.BoundField]:
        """Projects and countries, where there are any."""
        both = (self["projects"], self["countries"])
        return [bound for bound in both if bound.field.choices]

    def interests(self) -> dict:
        """What `actions` want to know, from checked input."""
        chosen = self.cleaned_data
        return {
            "language": chosen["language"],
            "frequency": self.wanted_frequency(),
            "projects": ProjectPage.objects.filter(pk__in=chosen["projects"]),
            "countries": CountryPage.objects.filter(pk__in=chosen["countries"]),
        }

    def wanted_frequency(self) -> Frequency:
        """What was chosen of what is on offer, else what is usual."""
        wanted = self.cleaned_data.get("frequency")
        return Frequency(wanted) if wanted in self._offered else self._offered[0]

    def mark_errors(self) -> None:
        """Give the first wrong field the focus and tie each message to its field."""
        for number, name in enumerate(self.errors):
            if (field := self.fields.get(name)) is None:
                continue
            field.widget.attrs["aria-invalid"] = "true"
            field.widget.attrs["aria-describedby"] = f"{self[name].auto_id}_error"
            if number == 0:
                field.widget.attrs["autofocus"] = True


class AddressField(forms.CharField):
    """An e-mail address, checked as every address is; its value is an `Address`."""

    def __init__(
        self,
        *,
        required_error=_("Please enter your e-mail address."),  # noqa: B008 (lazy)
        autocomplete="email",
        **kwargs,
    ):
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
        required = {"required": required_error}
        super().__init__(
            max_length=254, widget=widget, error_messages=required, **kwargs
        )

    def clean(self, value: str) -> Address:
        """The checked address with its mailbox, or why it cannot be used."""
        try:
            return check_address(super().clean(value))
        except AddressError as error:
            raise ValidationError(error.reason) from error


class AddressForm(forms.Form):
    """Where the mails shall go instead."""

    address = AddressField(label=_("Your new e-mail address"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", auto_id="address_%s", **kwargs)

    mark_errors = InterestsForm.mark_errors


class AskForm(forms.Form):
    """Whose preferences a link is wanted for."""

    address = AddressField(label=_("Your e-mail address"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", auto_id="ask_%s", **kwargs)

    mark_errors = InterestsForm.mark_errors


class SignUpForm(InterestsForm):
    """One address, one language; interests are optional."""

    field_order = [
        "address", "language", "frequency", "projects", "countries", "newsletter",
    ]  # fmt: skip

    address = AddressField(label=_("Your e-mail address"))
    newsletter = forms.ChoiceField(widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, language: str, **kwargs):
        super().__init__(*args, language=language, **kwargs)
        rows = Newsletter.objects.active().prefetch_related("digests")
        self.newsletters = {str(row.pk): row for row in rows}
        names = [(pk, name_in(row, language)) for pk, row in self.newsletters.items()]
        self.fields["newsletter"].choices = names
        self.offer(self.newsletters.get(self.data.get("newsletter", "")))

    @classmethod
    def blank(cls, language: str, wanted: Mapping, place: str = "join") -> SignUpForm:
        """An empty form in this language; `wanted` may name newsletter and one hub.

        `place` starts every id, so that two forms can stand on one page.
        """
        form = cls(language=language, auto_id=f"{place}_%s")
        newsletter = str(wanted.get("newsletter") or "")
        if newsletter not in form.newsletters:
            newsletter = next(iter(form.newsletters), "")
        form.initial = {
            "language": language,
            "newsletter": newsletter,
            "projects": [str(wanted.get("project") or "")],
            "countries": [str(wanted.get("country") or "")],
        }
        form.offer(form._shown)
        form.initial["frequency"] = form._offered[0]
        return form

    def is_trap_sprung(self) -> bool:
        """Whether someone filled in the field that people cannot see."""
        return bool(self.data.get("website"))

    @property
    def chosen_newsletter(self) -> Newsletter:
        """The newsletter that was asked for; only on a valid form."""
        return self.newsletters[self.cleaned_data["newsletter"]]

    @property
    def consent_text(self) -> str:
        """What pressing the button means, as it is kept with the answer."""
        return shown_text(SIGN_UP, self.language)

    @property
    def newsletter_name(self) -> str:
        """Which newsletter the button subscribes to."""
        return name_in(self._shown, self.language) if self._shown else ""

    @property
    def description(self) -> str:
        """What the newsletter says of itself: what it brings and how often."""
        return description_in(self._shown, self.language) if self._shown else ""

    @property
    def _shown(self) -> Newsletter | None:
        return self.newsletters.get(str(self["newsletter"].value()))


class PreferencesForm(InterestsForm):
    """What someone who is subscribed may change."""

    def kept_choices(self) -> Mapping[str, list[str]]:
        """What this subscription holds by now."""
        return self.initial

    @classmethod
    def of(cls, subscription: Subscription, data=None) -> PreferencesForm:
        """The form as it stands for this subscription, in its reader's language."""
        language = subscription.subscriber.language
        chosen = {"language": language, "frequency": current_of(subscription)}
        for field in ("projects", "countries"):
            rows = getattr(subscription, field).values_list("pk", flat=True)
            chosen[field] = [str(pk) for pk in rows]
        form = cls(data, initial=chosen, language=language, auto_id="preferences_%s")
        form.offer(subscription.newsletter)
        return form


class PauseForm(forms.Form):
    """Until when nothing is to come: some months from now, or a day."""

    MONTHS = {"1": 30, "3": 91, "6": 182}

    months = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            ("1", _("one month")),
            ("3", _("three months")),
            ("6", _("half a year")),
            ("", "—"),
        ],
        required=False,
        initial="1",
    )
    until = forms.DateField(
        label=_("Or until a day of your choice"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", auto_id="pause_%s", **kwargs)

    def clean(self) -> dict:
        """One day to come, not further away than we can promise."""
        found, today = super().clean(), timezone.localdate()
        if self.errors:
            return found
        if not (found["months"] or found["until"]):
            self.add_error("until", _("Choose a day."))
        elif not found["until"]:
            found["until"] = today + timedelta(days=self.MONTHS[found["months"]])
        elif not today < found["until"] <= today + LONGEST:
            text = _("Choose a day after today, at most two years away.")
            self.add_error("until", text)
        return found
