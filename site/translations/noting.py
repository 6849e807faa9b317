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
    given_back: str = ""

    def say(self, request):
        """Show it above the page, with the words that found no place."""
        if not self.is_refused:
            messages.success(request, self.words)
        elif self.given_back:
            said = _("%(reason)s Your note is not kept; it said: “%(words)s”")
            named = {"reason": self.words, "words": self.given_back}
            messages.error(request, said % named)
        else:
            messages.error(request, self.words)


def take_note(request, page, language):
    """Write, answer or settle a note where its button was pressed, else None."""
    pressed = [name for name in (NOTE, REPLY, RESOLVE) if name in request.POST]
    if not pressed:
        return None
    return _taken(request, page, language, pressed[0], request.POST[pressed[0]])


def take_notes(request, page, language):
    """The same, and whatever notes were begun: the page is about to be left."""
    taken = [take_note(request, page, language)]
    pressed = {
        _words_at(verb, request.POST[verb]) for verb in _TAKE if verb in request.POST
    }
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
        words = request.POST.get(_words_at(verb, value), "").strip()
        return Taken(str(error), is_refused=True, given_back=words[:MAX_LENGTH])


def _words_at(verb, value):
    """The field whose words a button takes: settling a note takes its answer along."""
    return f"{NOTE if verb == NOTE else REPLY}-{value}"


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
    """The notes of a row anew, of no row where `key` is ""; "" where none is left.

    The row keeps the number it has in the browser: its key is sent under that.
    """
    place = request.POST.get("place", "")
    items = [
        {"row": row, "place": _number(place) if place else number}
        for number, row in enumerate(side.rows)
    ]
    rows, elsewhere = with_notes(items, page, side)
    shown = next((item for item in rows if item["row"].key == key), None)
    context = {"page": page, "language": side.language, "is_open": True}
    context |= shown or {"threads": [] if key else elsewhere}
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
    if request.POST.get(f"{REPLY}-{number}", "").strip():
        _answer(request, where, value)
    notes.resolve(**where, note_id=number, user=request.user)
    return Taken(_("The note is resolved."))


_TAKE = {NOTE: _add, REPLY: _answer, RESOLVE: _resolve}


def _text(request, name):
    # A browser counts a line break once and sends it as two characters.
    form = NoteForm({"text": request.POST.get(name, "").replace("\r\n", "\n")})
    if not form.is_valid():
        raise NoteRefusedError(" ".join(form.errors["text"]))
    return form.cleaned_data["text"]


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 19 else 0
