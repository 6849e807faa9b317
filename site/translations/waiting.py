"""What is waiting for one person: on the admin's home page, and by mail each day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Model, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from mail.actions import queue_mail
from pages.languages import name_in_words, names_in_words
from pages.models import BilingualPage, ScheduledPublication
from pages.models.columns import State
from translations import desk, texts
from translations.models import Assignment
from translations.notices import language_of
from translations.rights import languages_of
from translations.subjects import side_path, title_of, words_left
from translations.texts import Text

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
class Mine:
    """A translation that a person has."""

    subject: Model
    language: str

    @property
    def title(self) -> str:
        """What it is of, in the active language."""
        return title_of(self.subject)

    @property
    def path(self) -> str:
        """Where it is translated."""
        return side_path(self.subject, self.language)


@dataclass(frozen=True)
class Waiting:
    """What one person may want to turn to."""

    mine: list[Mine]
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
    codes = languages_of(person)
    found = texts.all_texts() if codes else []
    return Waiting(
        mine=_mine(person, found),
        into=[_into(code, len(texts.waiting(code, found))) for code in codes],
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


def _mine(person: Any, found: list[Text]) -> list[Mine]:
    """What they have had longest; not what of the texts is shown to nobody by now."""
    by_key = {text.key: text for text in found}
    rows = [
        row
        for row in Assignment.objects.filter(translator=person).order_by("assigned_at")
        if row.page_id or _is_open(by_key.get(row.text_key), row.language)
    ][:SHOWN]
    prefetch_related_objects(rows, "page")
    return [Mine(row.page or by_key[row.text_key].obj, row.language) for row in rows]


def _is_open(text: Text | None, language: str) -> bool:
    return text is not None and text.is_translated_into(language)


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
            "mine": [_as_line(mine) for mine in found.mine],
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


def _as_line(mine: Mine) -> dict[str, Any]:
    return {
        "title": mine.title,
        "into": name_in_words(mine.language),
        "words": words_left(mine.subject, mine.language),
        "url": settings.SITE_URL + mine.path,
    }
