"""The translation's texts as a form: a field per text of the original."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.languages import language_name
from pages.segments import Segment
from translations.markup import targets
from translations.side import Row, Side

TEXT, SEEN = "text", "seen"


class LineField(forms.CharField):
    """A text on one line, whatever was pasted: names end up in the headers of mails."""

    def to_python(self, value: Any) -> str:
        """The text without line breaks."""
        return " ".join(super().to_python(value).splitlines())


class SegmentsForm(forms.Form):
    """`text-N` is the translation of the original's N-th text, `seen-N` what the
    person started from, and `key-N` its name."""

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        self.side = side
        super().__init__(*args, **kwargs)
        for place, row in enumerate(side.rows):
            self.fields[f"{TEXT}-{place}"] = _field(row.original, side.language)
            self.initial[f"{TEXT}-{place}"] = row.value

    def _places(self) -> dict[int, Row]:
        """The rows that were sent: the page may have others by now."""
        by_key = {row.key: row for row in self.side.rows}
        sent = {
            place: by_key.get(self.data.get(f"key-{place}", ""))
            for place in range(len(self.side.rows))
        }
        return {place: row for place, row in sent.items() if row}

    def clean(self) -> dict[str, Any]:
        """Refuse links that the original does not have: they lead astray."""
        cleaned = super().clean() or {}
        for place, row in self._places().items():
            text = cleaned.get(f"{TEXT}-{place}") or ""
            if row.original.form == "rich" and _strange(row, text):
                self.add_error(
                    f"{TEXT}-{place}",
                    _("A link leads where none of the original’s does. Remove it."),
                )
        return cleaned

    def words(self) -> dict[str, str]:
        """What was written, by segment key."""
        return {
            row.key: self.cleaned_data.get(f"{TEXT}-{place}") or ""
            for place, row in self._places().items()
        }

    def seen(self) -> dict[str, str]:
        """What the person started from, by segment key."""
        return {
            row.key: self.data.get(f"{SEEN}-{place}", "")
            for place, row in self._places().items()
        }

    def add_conflicts(self, conflicts: dict[str, str]) -> None:
        """Note the words of others beside the person's own."""
        for place, row in self._places().items():
            if row.key in conflicts:
                said = _("Somebody else wrote meanwhile: %(words)s")
                said %= {"words": conflicts[row.key]}
                self.add_error(f"{TEXT}-{place}", said)

    def errors_by_key(self) -> dict[str, str]:
        """What is in the way, by segment key."""
        return {
            row.key: " ".join(self.errors[f"{TEXT}-{place}"])
            for place, row in self._places().items()
            if f"{TEXT}-{place}" in self.errors
        }

    def rows(self) -> list[dict[str, Any]]:
        """Each row with its field, for the template."""
        return [
            {"row": row, "place": place, "field": self[f"{TEXT}-{place}"]}
            for place, row in enumerate(self.side.rows)
        ]


def _field(original: Segment, language: str) -> forms.Field:
    """The field in which a text is translated; never required, drafts may be half."""
    named = f"{original.label} [{language_name(language)}]"
    attrs = {"lang": language, "aria-label": named, "data-pg-desk-target": "field"}
    if original.form == "rich":
        widget = get_rich_text_editor_widget(
            "default", features=list(original.features or ()) or None
        )
        return forms.CharField(required=False, strip=False, widget=widget, label=named)
    field, rows = (LineField, 1) if original.form == "line" else (forms.CharField, 2)
    return field(
        required=False,
        max_length=original.max_length,
        widget=AdminAutoHeightTextInput(attrs={**attrs, "rows": rows}),
        label=named,
    )


def _strange(row: Row, text: str) -> bool:
    """Whether the text links to a page, file or embed that it should not."""
    known = targets(row.original.value) | targets(row.value)
    return any(
        not target.startswith(":") for target in targets(text) if target not in known
    )
