"""What is waiting for one person: on the admin's home page, and by mail each day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from mail.actions import queue_mail
from pages.languages import field, name_in_words, names_in_words
from pages.models import BilingualPage, ScheduledPublication
from pages.models.columns import State
from translations import desk, texts
from translations.models import Assignment
from translations.notices import desk_url, language_of
from translations.rights import languages_of

SHOWN = 5


@dataclass(frozen=True)
class Into:
    """How many pages wait in one language, and how many texts outside of pages."""

    language: str
    missing: int
    begun: int
    behind: int
    texts: int = 0

    @property
    def name(self) -> str:
        """The language in the one being shown."""
        return name_in_words(self.language)

    @property
    def total(self) -> int:
        """All pages."""
        return self.missing + self.begun + self.behind

    @property
    def is_empty(self) -> bool:
        """Nothing at all."""
        return not (self.total or self.texts)


@dataclass(frozen=True)
class Waiting:
    """What one person may want to turn to."""

    mine: list[Assignment]
    into: list[Into]
    drafts: list[BilingualPage]
    planned: list[tuple[ScheduledPublication, str]]

    @property
    def is_empty(self) -> bool:
        """Nothing at all."""
        all_done = all(into.is_empty for into in self.into)
        return all_done and not (self.mine or self.drafts or self.planned)


def waiting_for(person: Any) -> Waiting:
    """Their translations and drafts, what waits in their languages, what is planned."""
    return Waiting(
        mine=list(
            Assignment.objects.filter(translator=person)
            .select_related("page")
            .order_by("assigned_at")[:SHOWN]
        ),
        into=_into_all(languages_of(person)),
        drafts=list(
            BilingualPage.objects.filter(
                has_unpublished_changes=True, latest_revision__user=person
            ).order_by("-latest_revision_created_at")[:SHOWN]
        ),
        planned=[
            (due, names_in_words(due.languages))
            for due in ScheduledPublication.objects.filter(done_at=None).select_related(
                "page"
            )[:SHOWN]
        ],
    )


def _into_all(codes: list[str]) -> list[Into]:
    found = texts.all_texts() if codes else []
    return [_into(code, len(texts.waiting(code, found))) for code in codes]


def _into(code: str, number_of_texts: int) -> Into:
    state = f"state_{code}"
    numbers = desk.waiting(code).aggregate(
        missing=Count("pk", filter=Q(**{state: State.MISSING})),
        begun=Count("pk", filter=Q(**{state: State.DRAFT})),
        behind=Count("pk", filter=Q(**{state: State.BEHIND})),
    )
    return Into(code, texts=number_of_texts, **numbers)


def send_summaries() -> int:
    """Queue today's summary for everyone who wants one and has something waiting.

    Twice on one day is harmless. Returns how many were queued.
    """
    people = get_user_model().objects.filter(
        is_active=True, desk_preference__daily_summary=True
    )
    return sum(_send(person) for person in people.exclude(email=""))


def _send(person: Any) -> bool:
    language = language_of(person)
    with translation.override(language):
        found = waiting_for(person)
        if not found.mine and all(into.is_empty for into in found.into):
            return False
        context = {
            "mine": [_as_line(assignment) for assignment in found.mine],
            "into": [
                {
                    "name": into.name,
                    "total": into.total,
                    "behind": into.behind,
                    "texts": into.texts,
                    "url": f"{settings.SITE_URL}{reverse('translations_desk')}"
                    f"?language={into.language}",
                }
                for into in found.into
                if not into.is_empty
            ],
            "day": date_format(timezone.localdate(), "DATE_FORMAT"),
            "to_staff": True,
        }
    mail = queue_mail(
        template="translations/mails/summary",
        language=language,
        to=person.email,
        context=context,
        dedupe_key=f"desk-summary:{person.pk}:{timezone.localdate()}",
    )
    return mail is not None


def _as_line(assignment: Assignment) -> dict[str, Any]:
    return {
        "title": assignment.page.headline_for_lists(),
        "into": name_in_words(assignment.language),
        "words": field(assignment.page, "words", assignment.language),
        "url": desk_url(assignment.page_id, assignment.language),
    }
