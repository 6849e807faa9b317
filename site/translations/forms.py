"""The translation's texts as a form: a field per text of the original."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.languages import language_name
from pages.segments import Segment
from pages.words import plain
from translations.markup import same_words, targets
from translations.side import Row, Side

TEXT, SEEN = "text", "seen"
MOST_GONE = 50  # texts that leave an original while somebody translates it


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
        by_key = {row.key: row for row in side.rows}
        self.keys = self._sent_keys()
        self.sent = {p: by_key[key] for p, key in self.keys.items() if key in by_key}
        known = {row.key for row in self.sent.values()}
        others = (row for row in side.rows if row.key not in known)
        self.places = {
            **self.sent,
            **dict(enumerate(others, max(self.keys, default=-1) + 1)),
        }
        for place, row in self.places.items():
            self.fields[f"{TEXT}-{place}"] = _field(row.original, side.language)
            self.initial[f"{TEXT}-{place}"] = row.value

    def _sent_keys(self) -> dict[int, str]:
        """What was sent, by place: the page may have other texts by now."""
        places = range(len(self.side.rows) + MOST_GONE)
        found = {place: self.data.get(f"key-{place}") for place in places}
        return {place: key for place, key in found.items() if key}

    def gone(self) -> dict[str, str]:
        """What was written for texts that the original no longer has, by key."""
        known = {row.key for row in self.side.rows}
        found = {}
        for place, key in self.keys.items():
            text = _stored(self.data.get(f"{TEXT}-{place}", ""))
            seen = self.data.get(f"{SEEN}-{place}", "")
            if text and key not in known and not same_words(text, seen):
                found[key] = plain(text)
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse links that the original does not have: they lead astray."""
        cleaned = super().clean() or {}
        for place, row in self.sent.items():
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
            for place, row in self.sent.items()
        }

    def seen(self) -> dict[str, str]:
        """What the person started from, by segment key."""
        return {
            row.key: self.data.get(f"{SEEN}-{place}", "")
            for place, row in self.sent.items()
        }

    def add_conflicts(self, conflicts: dict[str, str]) -> None:
        """Note the words of others beside the person's own."""
        for place, row in self.sent.items():
            if row.key in conflicts:
                said = _("Somebody else wrote meanwhile: %(words)s")
                said %= {"words": conflicts[row.key]}
                self.add_error(f"{TEXT}-{place}", said)

    def errors_by_key(self) -> dict[str, str]:
        """What is in the way, by segment key."""
        return {
            row.key: " ".join(self.errors[f"{TEXT}-{place}"])
            for place, row in self.sent.items()
            if f"{TEXT}-{place}" in self.errors
        }

    def rows(self) -> list[dict[str, Any]]:
        """Each row with its field, for the template, in the page's order."""
        order = {row.key: place for place, row in enumerate(self.side.rows)}
        return [
            {"row": row, "place": place, "field": self[f"{TEXT}-{place}"]}
            for place, row in sorted(
                self.places.items(), key=lambda item: order[item[1].key]
            )
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


def _stored(text: str) -> str:
    """A text as it is stored: the text editor sends its own form of it."""
    if not text.startswith("{"):
        return text
    try:
        widget = get_rich_text_editor_widget("default")
        return widget.value_from_datadict({TEXT: text}, {}, TEXT) or ""
    except (AttributeError, KeyError, TypeError, ValueError):
        return text


def _strange(row: Row, text: str) -> bool:
    """Whether the text links to a page, file or embed that it should not."""
    known = targets(row.original.value) | targets(row.value)
    return any(
        not target.startswith(":") for target in targets(text) if target not in known
    )
