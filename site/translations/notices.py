"""Mails to the people at the desk, each in the person's own language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mail.actions import queue_mail
from pages.languages import field, languages, name_in_words
from translations.models import Assignment


def language_of(person: Any) -> str:
    """The language a person has chosen for the admin, else the site's."""
    profile = getattr(person, "wagtail_userprofile", None)
    wanted = (profile.get_preferred_language() if profile else "").split("-")[0]
    return wanted if wanted in languages() else settings.LANGUAGE_CODE


def tell_assigned(assignment: Assignment) -> None:
    """Tell a translator that work has come."""
    by = assignment.assigned_by
    said = {"note": assignment.note, "by": by.get_full_name() if by else ""}
    _tell("assigned", assignment.translator, assignment, said)


def tell_landed(assignment: Assignment, by: Any) -> None:
    """Tell who asked for a translation that readers have it now."""
    _tell("landed", assignment.assigned_by, assignment, {"by": by.get_full_name()})


def tell_handed_back(assignment: Assignment, by: Any) -> None:
    """Tell who asked for a translation that it is without a translator again."""
    said = {"by": by.get_full_name()}
    _tell("handed_back", assignment.assigned_by, assignment, said)


def tell_behind(assignment: Assignment) -> None:
    """Tell a translator that the original of their work has changed."""
    _tell("behind", assignment.translator, assignment, {})


def desk_url(page_id: int, language: str) -> str:
    """Where a page is translated, with the site before it."""
    return settings.SITE_URL + reverse("translations_side", args=[page_id, language])


def _tell(what: str, person: Any, assignment: Assignment, said: dict[str, Any]) -> None:
    if person is None or not person.email:
        return
    language = language_of(person)
    page = assignment.page
    with translation.override(language):
        into = name_in_words(assignment.language)
    queue_mail(
        template=f"translations/mails/{what}",
        language=language,
        to=person.email,
        context={
            **said,
            "title": page.headline_for_lists(),
            "words": field(page, "words", assignment.language),
            "into": into,
            "url": desk_url(page.pk, assignment.language),
            "to_staff": True,
        },
    )
