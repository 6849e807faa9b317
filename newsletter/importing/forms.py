"""What is asked of an import: the file, what its columns hold, how people agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from newsletter.importing.plans import ADDRESS, ROLES, Plan, guess
from newsletter.importing.reading import Shape
from newsletter.importing.rows import EARLIEST, LONGEST_PROOF
from newsletter.models import Newsletter, SubscriberImport
from newsletter.readership.adding import today

LARGEST = 150 * 1024 * 1024  # bytes: a million readers; deploy/Caddyfile lets it pass
DAY_FIRST, MONTH_FIRST = "day", "month"


class UploadForm(forms.Form):
    """Which file, and for which newsletter."""

    newsletter = forms.ModelChoiceField(
        label=gettext_lazy("Newsletter"), queryset=Newsletter.objects.none()
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=gettext_lazy(
            "A table as your spreadsheet or your former newsletter service saves it,"
            " with a column of e-mail addresses. Nobody is added yet."
        ),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newsletters = Newsletter.objects.active()
        self.fields["newsletter"].queryset = newsletters
        if len(newsletters) == 1:
            self.fields["newsletter"].initial = newsletters[0]

    def clean_file(self) -> Any:
        """Not more than a proxy lets pass and a request can keep."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            text = _(
                "The file is larger than %(most)s. Divide it, or leave out columns that"
                " are not needed."
            )
            raise ValidationError(text % {"most": filesizeformat(LARGEST)})
        return file


class Column(NamedTuple):
    """A column of the file, for the form: its name, its first cells, what it holds."""

    name: str
    cells: list[str]
    field: forms.BoundField


class PlanForm(forms.Form):
    """What each column holds, and what holds where a row does not say."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mails"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("For rows that do not say."),
    )
    agreed_on = forms.DateField(
        label=gettext_lazy("Agreed on"),
        widget=AdminDateInput,
        initial=today,
        help_text=gettext_lazy("For rows that do not say."),
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("03/04/2025 is"),
        choices=[
            (DAY_FIRST, gettext_lazy("3 April 2025")),
            (MONTH_FIRST, gettext_lazy("4 March 2025")),
        ],
        initial=DAY_FIRST,
    )
    proof = forms.CharField(
        label=gettext_lazy("How they agreed"),
        max_length=LONGEST_PROOF,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "What you could show if they asked: where the list comes from and how its"
            " people said yes. It is kept as proof of their consent; a column of the"
            " file may say it for each."
        ),
    )

    def __init__(self, source: SubscriberImport, data: Any = None) -> None:
        self.shape = Shape.from_json(source.shape)
        super().__init__(data, initial=_initial(source, self.shape))
        choices = [("", _("leave out")), *ROLES.items()]
        for number, name in enumerate(self._names()):
            field = forms.ChoiceField(label=name, choices=choices, required=False)
            self.fields[f"column_{number}"] = field

    @property
    def columns(self) -> Iterator[Column]:
        """Each with the cells of the first rows."""
        for number, name in enumerate(self._names()):
            cells = [row[number] for row in self.shape.preview if len(row) > number]
            shown = [cell for cell in cells if cell.strip()]
            yield Column(name, shown, self[f"column_{number}"])

    def _names(self) -> list[str]:
        return [
            name or _("Column %(number)s") % {"number": number}
            for number, name in enumerate(self.shape.header, 1)
        ]

    def clean_agreed_on(self) -> date:
        """A day that has come."""
        day = self.cleaned_data["agreed_on"]
        if day > today():
            raise ValidationError(_("This day has not come yet."))
        if day < EARLIEST:
            raise ValidationError(_("This day is too long ago."))
        return day

    def clean(self) -> dict[str, Any]:
        """One column of addresses, and no two that hold the same."""
        found = super().clean() or {}
        held = [found.get(f"column_{n}", "") for n in range(len(self.shape.header))]
        for role, name in ROLES.items():
            if held.count(role) > 1:
                text = _("Only one column can hold this: %(name)s.")
                self.add_error(None, text % {"name": name})
        if ADDRESS not in held:
            text = _("Say which column holds the e-mail addresses.")
            self.add_error(None, text)
        return found

    def plan(self) -> Plan:
        """What was answered; only of a valid form."""
        found = self.cleaned_data
        held = ((found[f"column_{n}"], n) for n in range(len(self.shape.header)))
        return Plan(
            columns={role: number for role, number in held if role},
            language=found["language"],
            agreed_on=found["agreed_on"].isoformat(),
            proof=found["proof"],
            is_day_first=found["dates"] == DAY_FIRST,
        )


def _initial(source: SubscriberImport, shape: Shape) -> dict[str, Any]:
    """As answered before, else what the columns seem to hold."""
    if source.plan:
        plan = Plan.from_json(source.plan)
        known = {
            "language": plan.language,
            "agreed_on": date.fromisoformat(plan.agreed_on),
            "dates": DAY_FIRST if plan.is_day_first else MONTH_FIRST,
            "proof": plan.proof,
        }
        columns = plan.columns
    else:
        known = {"language": source.newsletter.default_language}
        columns = guess(shape.header, shape.preview)
    return known | {f"column_{number}": role for role, number in columns.items()}
