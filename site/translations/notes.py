"""Notes between editor and translator: Wagtail's own comments, text by text.

What is written at the desk shows in the page editor and the other way round. Wagtail
knows a field or a block in it by its content path, `headline_en` or
`body_en.<block id>.caption`; for inline rows and pictures it has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import COMMENTS_RELATION_NAME, Comment, CommentReply

from pages import actions as kernel
from pages.models import BilingualPage
from pages.words import translated_fields
from translations import notices
from translations.errors import LanguageRefusedError, NoteRefusedError
from translations.rights import may_translate
from translations.side import Row, Side, laid_out


@dataclass(frozen=True)
class Thread:
    """A note and what was answered; `place` names what it is about."""

    note: Comment
    replies: list[CommentReply]
    place: str


@dataclass
class Notes:
    """The open notes of a page: by the row they stand at, and those of no row."""

    by_row: dict[str, list[Thread]] = field(default_factory=dict)
    elsewhere: list[Thread] = field(default_factory=list)


def content_path(page: BilingualPage, key: str, language: str) -> str:
    """Where Wagtail keeps notes on a segment; "" where it can keep none."""
    name, dot, rest = key.partition(".")
    if name not in translated_fields(type(page)):
        return ""
    return f"{name}_{language}{dot}{rest}"


def paths_of(side: Side, row: Row) -> tuple[str, str]:
    """The content paths of a row's original and of its translation."""
    source = side.source
    return (
        content_path(source, row.key, source.original_language),
        content_path(source, row.theirs or row.key, side.language),
    )


def may_note(side: Side, row: Row) -> bool:
    """Whether notes can be kept on a row at all."""
    return any(paths_of(side, row))


def open_notes(page: BilingualPage, side: Side) -> Notes:
    """Every open note of a page, the oldest first."""
    rows = _rows_by_path(side)
    found = Notes()
    for note in _open(page).select_related("user").order_by("created_at", "pk"):
        row = rows.get(note.contentpath)
        if row is None:
            found.elsewhere.append(Thread(note, [], _place(page, note)))
        else:
            place = _("on the original") if _is_on_original(side, row, note) else ""
            found.by_row.setdefault(row.key, []).append(Thread(note, [], place))
    threads = [*found.elsewhere, *(t for row in found.by_row.values() for t in row)]
    _add_replies(threads)
    return found


@transaction.atomic
def add_note(
    *, page: BilingualPage, language: str, key: str, text: str, user: Any
) -> Comment:
    """Write a note on a text, known by the original's segment key.

    It stands at the translation, or at the original while that has no such text.
    Raises NoteRefusedError and LanguageRefusedError.
    """
    side = _opened(page, language, user)
    row = next((row for row in side.rows if row.key == key), None)
    if row is None or not may_note(side, row):
        raise NoteRefusedError(_("This text is no longer on the page."))
    original, translation = paths_of(side, row)
    note = Comment(
        page_id=page.pk,
        user=user,
        text=_written(text),
        contentpath=original if row.theirs is None else translation,
    )
    note.save()
    note.log_create(user=user)
    _tell(side, "note", note, note.text, user)
    return note


@transaction.atomic
def answer(
    *, page: BilingualPage, language: str, note_id: int, text: str, user: Any
) -> Comment:
    """Answer a note. Raises NoteRefusedError and LanguageRefusedError."""
    side = _opened(page, language, user)
    note = _found(page, note_id)
    reply = CommentReply(comment=note, user=user, text=_written(text))
    reply.save()
    reply.log_create(user=user)
    _tell(side, "reply", note, reply.text, user)
    return note


@transaction.atomic
def resolve(*, page: BilingualPage, language: str, note_id: int, user: Any) -> Comment:
    """Settle a note. Raises NoteRefusedError and LanguageRefusedError."""
    side = _opened(page, language, user)
    note = _found(page, note_id)
    note.resolved_at, note.resolved_by = timezone.now(), user
    note.save()
    note.log_resolve(user=user)
    _tell(side, "resolved", note, note.text, user)
    return note


def follow_blocks(side: Side, draft: BilingualPage) -> None:
    """Take notes along when blocks of the translation take the original's ids.

    `side` is as it was before they did.
    """
    moved = {
        content_path(draft, row.theirs, side.language): row.key
        for row in side.rows
        if row.theirs not in (None, row.key)
    }
    moved.pop("", None)
    if moved:
        for note in getattr(draft, COMMENTS_RELATION_NAME).get_object_list():
            key = moved.get(note.contentpath)
            if key:
                note.contentpath = content_path(draft, key, side.language)


def _opened(page: BilingualPage, language: str, user: Any) -> Side:
    """The page laid out, held until the transaction ends: a save of it waits.

    Saving a page deletes what notes it has not seen.
    """
    live = kernel.locked(page)
    if not may_translate(user, live, language):
        raise LanguageRefusedError
    return laid_out(live, live.get_latest_revision_as_object(), language)


def _open(page: BilingualPage) -> Any:
    return Comment.objects.filter(page_id=page.pk, resolved_at=None)


def _found(page: BilingualPage, note_id: int) -> Comment:
    note = _open(page).select_related("user").filter(pk=note_id).first()
    if note is None:
        raise NoteRefusedError(_("Somebody has resolved this note meanwhile."))
    return note


def _written(text: str) -> str:
    if not text.strip():
        raise NoteRefusedError(_("Write something first."))
    return text.strip()


def _rows_by_path(side: Side) -> dict[str, Row]:
    found = {path: row for row in side.rows for path in paths_of(side, row)}
    found.pop("", None)
    return found


def _is_on_original(side: Side, row: Row, note: Comment) -> bool:
    return note.contentpath == paths_of(side, row)[0]


def _place(page: BilingualPage, note: Comment) -> str:
    """What a note is about that stands at no row: the name of its field."""
    name = note.contentpath.partition(".")[0]
    try:
        column = page._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return capfirst(str(getattr(column, "verbose_name", "")))


def _add_replies(threads: Iterable[Thread]) -> None:
    by_note = {thread.note.pk: thread.replies for thread in threads}
    replies = CommentReply.objects.filter(comment__in=by_note).select_related("user")
    for reply in replies.order_by("created_at", "pk") if by_note else []:
        by_note[reply.comment_id].append(reply)


def _tell(side: Side, what: str, note: Comment, text: str, by: Any) -> None:
    row = _rows_by_path(side).get(note.contentpath)
    about = row.original.text if row else ""
    notices.tell_noted(side.source, side.language, note, (what, text, about), by)
