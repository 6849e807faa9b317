"""What changes texts outside of pages and what is known of them: save, confirm, note.

What is saved here is before readers at once: offices, newsletters and brands have no
languages that are published one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, RevisionMixin, TaskState

from pages.languages import other_languages
from pages.models.columns import State
from translations import notices
from translations.actions import Saved, finish, sort_out
from translations.errors import (
    LanguageRefusedError,
    OriginalChangedError,
    UnfinishedError,
)
from translations.models import TextConfirmation
from translations.rights import may_translate_texts
from translations.side import text_laid_out
from translations.subjects import assignments
from translations.texts import Text, confirmations, held, text_of, type_of


@transaction.atomic
def save_text(
    *,
    obj: Model,
    language: str,
    words: Mapping[str, str],
    seen: Mapping[str, str],
    user: Any,
    original: str | None = None,
) -> Saved:
    """Put texts of one language before readers and into the drafts; nothing else.

    `words`, `seen` and conflicts are as at `actions.save_translation`; `original` is
    the `digest` of what was translated, if known. A translation that is whole for the
    first time is confirmed, or is behind at once where the original says something
    else by now. Once it is whole and right, the assignment, if any, is done.
    Raises LanguageRefusedError.
    """
    text = _opened(obj, language, user)
    obj = text.obj
    side = text_laid_out(text, draft_of(obj), language)
    wanted, conflicts = sort_out(side, words, seen)
    if wanted:
        columns = {f"{key}_{language}": value for key, value in wanted.items()}
        _put(obj, columns)
        # Before the row is saved: while it is whole in two languages and nothing is
        # confirmed, it does not show which one the original is.
        if not (text.confirmation(language) or text.missing(language)):
            _confirm(text, language, user, is_right=original in (None, text.digest))
        obj.save(update_fields=list(columns))
        _write_drafts(obj, columns, user)
        log(instance=obj, action="wagtail.edit", user=user, content_changed=True)
    if text_of(obj).standing(language).state == State.LIVE:
        finish(subject=obj, language=language, by=user)
    return Saved(obj, sorted(wanted), conflicts)


@transaction.atomic
def confirm_text(*, obj: Model, language: str, seen: str, user: Any) -> None:
    """Say that a translation is right although the original changed.

    `seen` is the `digest` of the original that the person looked at. The assignment, if
    any, is done. Raises LanguageRefusedError, OriginalChangedError where the original
    says something else by now, and UnfinishedError where readers lack a text.
    """
    text = _opened(obj, language, user)
    if text.digest != seen:
        raise OriginalChangedError
    missing = text.missing(language)
    if missing:
        raise UnfinishedError(len(missing))
    _confirm(text, language, user)
    finish(subject=text.obj, language=language, by=user)


def draft_of(obj: Any) -> Any:
    """The latest draft of an object, itself where it has none."""
    if isinstance(obj, RevisionMixin):
        return obj.get_latest_revision_as_object()
    return obj


def take_note(obj: Model) -> None:
    """Note of an object, as it is in the database, what is right and what fell behind.

    A translation that was made elsewhere is taken as right once it is whole. Who made
    one that fell behind is told.
    """
    text = text_of(obj)
    if text.original is None:
        return
    for code in other_languages(text.original):
        row = text.confirmation(code)
        if row is None and not text.missing(code):
            _confirm(text, code, None)
        elif row is not None and (row.segments != text.words) != bool(row.behind_since):
            row.behind_since = None if row.behind_since else timezone.now()
            row.save(update_fields=["behind_since"])
            if row.behind_since:
                notices.tell_behind(obj, code, row.user)


def forget(obj: Model) -> None:
    """Drop what was confirmed and assigned of an object that is no more."""
    confirmations(obj).delete()
    assignments(obj).delete()


def _opened(obj: Model, language: str, user: Any) -> Text:
    """The text as it is now, held until the transaction ends."""
    text = text_of(held(obj))
    allowed = may_translate_texts(user, language)
    if not (allowed and text.is_translated_into(language)):
        raise LanguageRefusedError(language)
    return text


def _confirm(text: Text, language: str, user: Any, *, is_right: bool = True) -> None:
    now = timezone.now()
    TextConfirmation.objects.update_or_create(
        content_type=type_of(text.obj),
        object_id=text.obj.pk,
        language=language,
        defaults={
            "original": text.original,
            "segments": text.words if is_right else {},
            "confirmed_at": now,
            "behind_since": None if is_right else now,
            "user": user,
        },
    )


def _put(obj: Any, columns: Mapping[str, str]) -> None:
    for column, value in columns.items():
        setattr(obj, column, value)


def _write_drafts(obj: Any, columns: Mapping[str, str], user: Any) -> None:
    """Put the words wherever they would be undone from: the latest draft, and what is
    scheduled or waits for approval. What else these hold stays as it is."""
    if not (isinstance(obj, RevisionMixin) and obj.latest_revision_id):
        return
    draft = obj.get_latest_revision_as_object()
    _put(draft, columns)
    is_live = getattr(obj, "live_revision_id", None) == obj.latest_revision_id
    latest = draft.save_revision(user=user, changed=False, clean=False)
    if isinstance(obj, DraftStateMixin) and is_live:
        type(obj)._default_manager.filter(pk=obj.pk).update(live_revision=latest)
    due = Q(approved_go_live_at__isnull=False) | Q(
        task_states__status=TaskState.STATUS_IN_PROGRESS
    )
    for revision in obj.revisions.filter(due).exclude(pk=latest.pk).distinct():
        obj.revisions.filter(pk=revision.pk).update(
            content=revision.content | dict(columns)
        )
