"""Notes as the desk shows and takes them, with and without script."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from wagtail.admin import messages

from translations import notes
from translations.errors import NoteRefusedError

MAX_LENGTH = 4000
# The button pressed names what is done, its value the row or the note.
NOTE, REPLY, RESOLVE = "note", "reply", "resolve"
BEGUN = re.compile(r"(note|reply)-(\d{1,18})", re.ASCII)
MOST_AT_ONCE = 200  # fields looked at; a form has one per text and open note


class NoteForm(forms.Form):
    """What a note says."""

    text = forms.CharField(max_length=MAX_LENGTH, required=False)


@dataclass(frozen=True)
class Taken:
    """What to say about what became of a note."""

    words: str
    is_refused: bool = False

    def say(self, request):
        """Show it above the page."""
        (messages.error if self.is_refused else messages.success)(request, self.words)


def take_note(request, page, language):
    """Write, answer or settle a note where its button was pressed, else None."""
    pressed = [name for name in (NOTE, REPLY, RESOLVE) if name in request.POST]
    if not pressed:
        return None
    return _taken(request, page, language, pressed[0], request.POST[pressed[0]])


def take_notes(request, page, language):
    """The same, and whatever notes were begun: the page is about to be left."""
    taken = [take_note(request, page, language)]
    pressed = {f"{name}-{request.POST.get(name)}" for name in (NOTE, REPLY)}
    begun = [found for name in request.POST if (found := BEGUN.fullmatch(name))]
    for found in begun[:MOST_AT_ONCE]:
        name = found.group()
        if name not in pressed and request.POST[name].strip():
            taken.append(_taken(request, page, language, *found.groups()))
    return [each for each in taken if each]


def _taken(request, page, language, verb, value):
    try:
        return _TAKE[verb](request, {"page": page, "language": language}, value)
    except NoteRefusedError as error:
        return Taken(str(error), is_refused=True)


def with_notes(items, page, side):
    """The rows of the form, each with the notes that stand at it; and all others."""
    found = notes.open_notes(page, side)
    rows = [
        {
            **item,
            "threads": found.by_row.get(item["row"].key, []),
            "may_note": notes.may_note(side, item["row"]),
        }
        for item in items
    ]
    return rows, found.elsewhere


def notes_html(request, page, side, key):
    """The notes of a row anew; of no row where `key` is none's."""
    items = [{"row": row, "place": place} for place, row in enumerate(side.rows)]
    rows, elsewhere = with_notes(items, page, side)
    shown = next((item for item in rows if item["row"].key == key), None)
    context = {"page": page, "language": side.language, "is_open": True}
    context |= shown or {"threads": elsewhere}
    return render_to_string("translations/desk/_notes.html", context, request).strip()


def _add(request, where, place):
    key = request.POST.get(f"key-{place}", "")
    text = _text(request, f"{NOTE}-{place}")
    notes.add_note(**where, key=key, text=text, user=request.user)
    return Taken(_("Your note is written."))


def _answer(request, where, value):
    number = _number(value)
    text = _text(request, f"{REPLY}-{number}")
    notes.answer(**where, note_id=number, text=text, user=request.user)
    return Taken(_("Your answer is written."))


def _resolve(request, where, value):
    number = _number(value)
    notes.resolve(**where, note_id=number, user=request.user)
    return Taken(_("The note is resolved."))


_TAKE = {NOTE: _add, REPLY: _answer, RESOLVE: _resolve}


def _text(request, name):
    form = NoteForm({"text": request.POST.get(name, "")})
    if not form.is_valid():
        raise NoteRefusedError(" ".join(form.errors["text"]))
    return form.cleaned_data["text"]


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 19 else 0
