"""What the translation desk does: assign, save, confirm, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from wagtail.models import PageSubscription

from pages import actions as kernel
from pages import locks
from pages.languages import languages
from pages.models import BilingualPage
from translations import notes, notices
from translations.errors import (
    LanguageRefusedError,
    NotTranslatorError,
    OriginalChangedError,
    PageLockedError,
    UnfinishedError,
)
from translations.markup import same_words
from translations.models import Assignment
from translations.rights import may_translate
from translations.side import Side, laid_out
from translations.subjects import assignments, place_of
from translations.texts import held
from translations.writing import write, write_pictures

# A translator's saves within this time are one entry of the page's history.
ONE_SITTING = timedelta(minutes=10)


@dataclass(frozen=True)
class Saved:
    """What became of a save: texts written, and texts somebody else changed meanwhile.

    `conflicts` holds their words by segment key; they were not overwritten.
    """

    subject: Any
    written: list[str] = field(default_factory=list)
    conflicts: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def assign(
    *, subject: Model, language: str, to: Any, by: Any, note: str = ""
) -> Assignment:
    """Give a translation to somebody; who had it before no longer has it.

    `subject` is a page, or an object with words outside of pages. Raises
    NotTranslatorError where that person may not write it in the language, and the
    object's DoesNotExist where it was deleted meanwhile.
    """
    _require(language)
    if not may_translate(to, subject, language):
        raise NotTranslatorError
    if isinstance(subject, BilingualPage):
        _subscribe(subject, to)
    else:
        held(subject)
    made, _new = Assignment.objects.update_or_create(
        **place_of(subject),
        language=language,
        defaults={
            "translator": to,
            "assigned_by": by,
            "assigned_at": timezone.now(),
            "note": note,
        },
    )
    if to != by:
        notices.tell_assigned(made)
    return made


def _subscribe(page: BilingualPage, user: Any) -> None:
    """Wagtail tells subscribers of notes written in the page editor."""
    PageSubscription.objects.get_or_create(
        page_id=page.pk, user=user, defaults={"comment_notifications": True}
    )


@transaction.atomic
def hand_back(*, subject: Model, language: str, by: Any) -> bool:
    """End an assignment unfinished; False where there was none."""
    found = assignments(subject).filter(language=language).first()
    if found is None:
        return False
    found.delete()
    if found.assigned_by and found.assigned_by not in (by, found.translator):
        notices.tell_handed_back(found, by)
    return True


def finish(*, subject: Model, language: str, by: Any) -> None:
    """End an assignment, if there is one, that is done: readers see the translation."""
    done = assignments(subject).filter(language=language).first()
    if done is None:
        return
    done.delete()
    if done.assigned_by and done.assigned_by != by:
        notices.tell_landed(done, by)


@transaction.atomic
def save_translation(
    *,
    page: BilingualPage,
    language: str,
    words: Mapping[str, str],
    seen: Mapping[str, str],
    user: Any,
) -> Saved:
    """Put texts of one language into the page's draft; nothing else changes.

    `words` are new texts and `seen` the texts the person started from, both by segment
    key. A text that somebody else changed meanwhile is left as it is and returned as a
    conflict. Raises LanguageRefusedError and PageLockedError, changing nothing.
    """
    live, draft = _opened(page, language, user)
    side = laid_out(live, draft, language)
    wanted, conflicts = sort_out(side, words, seen)
    if wanted:
        write_pictures(language, wanted)
        write(side.source, draft, language, wanted)
        notes.follow_blocks(side, draft)
        _save_draft(draft, user)
    return Saved(draft, sorted(wanted), conflicts)


def sort_out(
    side: Side, words: Mapping[str, str], seen: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What of the words is to be written, and what others wrote there meanwhile."""
    current = {row.key: row.value for row in side.rows}
    unseen = {row.key for row in side.rows if row.shown is not None}
    changed = {
        key: text
        for key, text in words.items()
        if key in current and (key in unseen or not same_words(text, current[key]))
    }
    conflicts = {
        key: current[key]
        for key in changed
        if not same_words(seen.get(key, ""), current[key])
    }
    wanted = {key: text for key, text in changed.items() if key not in conflicts}
    return wanted, conflicts


@transaction.atomic
def publish_translation(
    *, page: BilingualPage, language: str, user: Any, seen: str | None = None
) -> BilingualPage:
    """Put a finished translation before readers and confirm that it is up to date.

    `seen` is the `digest` of the original that the person looked at, if any. Raises
    OriginalChangedError where it says something else by now, UnfinishedError where
    texts are missing or links were lost, and the kernel's form errors. The assignment,
    if any, is done.
    """
    live, draft = _opened(page, language, user)
    if not live.permissions_for_user(user).can_publish_language(language):
        raise LanguageRefusedError
    side = laid_out(live, draft, language)
    if seen not in (None, side.digest):
        raise OriginalChangedError
    unfinished = side.unfinished
    if unfinished:
        raise UnfinishedError(len(unfinished))
    published = kernel.publish_languages(page=live, languages=[language], user=user)
    kernel.confirm_translation(page=published, language=language, user=user)
    finish(subject=published, language=language, by=user)
    return published


@transaction.atomic
def confirm_up_to_date(
    *, page: BilingualPage, language: str, user: Any, seen: str | None = None
) -> None:
    """Say that a translation is right although the original changed.

    `seen` and OriginalChangedError are as at `publish_translation`.
    """
    live, draft = _opened(page, language, user)
    if not live.permissions_for_user(user).can_publish_language(language):
        raise LanguageRefusedError
    if seen not in (None, laid_out(live, draft, language).digest):
        raise OriginalChangedError
    kernel.confirm_translation(page=page, language=language, user=user)
    finish(subject=page, language=language, by=user)


def _opened(
    page: BilingualPage, language: str, user: Any
) -> tuple[BilingualPage, BilingualPage]:
    """The page as live and as drafted, held until the transaction ends."""
    _require(language)
    live = kernel.locked(page)
    if not may_translate(user, live, language):
        raise LanguageRefusedError
    if reason := locks.why_held(live, language, user):
        raise PageLockedError(reason)
    return live, live.get_latest_revision_as_object()


def _require(language: str) -> None:
    if language not in languages():
        raise LanguageRefusedError(language)


def _save_draft(draft: BilingualPage, user: Any) -> None:
    latest = draft.latest_revision
    same_sitting = (
        latest is not None
        and latest.user_id == user.pk
        and latest.pk != draft.live_revision_id
        and timezone.now() - latest.created_at < ONE_SITTING
        and not latest.task_states.exists()
    )
    draft.save_revision(
        user=user,
        log_action=not same_sitting,
        clean=False,
        overwrite_revision=latest if same_sitting else None,
    )
