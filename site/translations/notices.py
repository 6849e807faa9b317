"""Mails to the people at the desk, each in the person's own language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from wagtail.models import Comment, PageSubscription, Revision

from mail.actions import queue_mail
from pages.languages import languages, name_in_words
from pages.models import BilingualPage
from translations.models import Assignment
from translations.rights import may_translate
from translations.subjects import assignments, side_path, title_of, words_left

ABOUT_LENGTH = 120  # characters of the original, enough to know the place


def language_of(person: Any) -> str:
    """The language a person has chosen for the admin, else the site's."""
    profile = getattr(person, "wagtail_userprofile", None)
    wanted = (profile.get_preferred_language() if profile else "").split("-")[0]
    return wanted if wanted in languages() else settings.LANGUAGE_CODE


def tell_assigned(assignment: Assignment) -> None:
    """Tell a translator that work has come."""
    by = assignment.assigned_by
    said = {"note": assignment.note, "by": by.get_full_name() if by else ""}
    subject, language = assignment.subject, assignment.language
    _tell("assigned", assignment.translator, subject, language, said)


def tell_landed(assignment: Assignment, by: Any) -> None:
    """Tell who asked for a translation that readers have it now."""
    _tell_who_asked("landed", assignment, by)


def tell_handed_back(assignment: Assignment, by: Any) -> None:
    """Tell who asked for a translation that it is without a translator again."""
    _tell_who_asked("handed_back", assignment, by)


def tell_behind(subject: Model, language: str, confirmed_by: Any) -> None:
    """Tell who confirmed a translation that its original has changed; once a day."""
    key = f"behind:{side_path(subject, language)}:{timezone.localdate()}"
    _tell("behind", confirmed_by, subject, language, {}, key)


def tell_noted(
    page: BilingualPage,
    language: str,
    note: Comment,
    said: tuple[str, str, str],
    by: Any,
) -> None:
    """Tell who works on a page of a note, of an answer, or that a note is settled.

    `said` is which of the three ("note", "reply", "resolved"), its words, and the
    original's text it is about.
    """
    what, text, about = said
    shown = {"what": what, "text": text, "about": Truncator(about).chars(ABOUT_LENGTH)}
    shown["by"] = by.get_full_name() or by.get_username()
    for person in _people_of(page, language, note, by):
        if page.permissions_for_user(person).can_edit():
            url = _own_url(person, page, language)
            _tell("noted", person, page, language, {**shown, "url": url})


def _people_of(
    page: BilingualPage, language: str, note: Comment, by: Any
) -> QuerySet[Any]:
    """Who has the translation, edited last, wrote in the thread, or asked to hear."""
    saved = Revision.page_revisions.filter(object_id=str(page.pk), user__isnull=False)
    last = saved.exclude(user=by).order_by("-created_at").values("user")[:1]
    asked = PageSubscription.objects.filter(page_id=page.pk, comment_notifications=True)
    having = assignments(page).filter(language=language)
    wanted = Q(pk__in=having.values("translator")) | Q(pk__in=last)
    wanted |= Q(pk__in=asked.values("user")) | Q(pk=note.user_id)
    wanted |= Q(pk__in=note.replies.values_list("user_id", flat=True))
    return get_user_model().objects.filter(wanted).exclude(pk=by.pk).order_by("pk")


def _own_url(person: Any, page: BilingualPage, language: str) -> str:
    """The desk, or the page editor for who does not write the language."""
    if may_translate(person, page, language):
        return desk_url(page, language)
    return settings.SITE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])


def desk_url(subject: Model, language: str) -> str:
    """Where something is translated, with the site before it."""
    return settings.SITE_URL + side_path(subject, language)


def _tell_who_asked(what: str, assignment: Assignment, by: Any) -> None:
    subject, language = assignment.subject, assignment.language
    _tell(what, assignment.assigned_by, subject, language, {"by": by.get_full_name()})


def _tell(
    what: str,
    person: Any,
    subject: Model,
    language: str,
    said: dict[str, Any],
    dedupe_key: str | None = None,
) -> None:
    if person is None or not (person.email and person.is_active):
        return
    own = language_of(person)
    with translation.override(own):
        title, into = title_of(subject), name_in_words(language)
    queue_mail(
        template=f"translations/mails/{what}",
        language=own,
        to=person.email,
        context={
            "title": title,
            "words": words_left(subject, language),
            "into": into,
            "url": desk_url(subject, language),
            "to_staff": True,
            **said,
        },
        dedupe_key=dedupe_key,
    )
