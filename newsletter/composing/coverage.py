"""Which story of an issue is there in which language, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from news.models import NewsPage
from newsletter.composing.composition import newsletter_of
from newsletter.composing.stories import CODES, picked_stories, shown_language
from newsletter.models import IssuePage
from pages.languages import language_name


class State(StrEnum):
    """How far a story is in a language, as a sending sees it."""

    READY = "ready"
    BEHIND = "behind"
    MISSING = "missing"


class Outcome(StrEnum):
    """What the edition of a language does with a story."""

    SHOWN = "shown"
    LINKED = "linked"
    LEFT_OUT = "left-out"


STATE_NAMES: dict[State, Promise] = {
    State.READY: pgettext_lazy("story", "ready"),
    State.BEHIND: pgettext_lazy("story", "behind the original"),
    State.MISSING: pgettext_lazy("story", "not published"),
}
OUTCOME_NAMES: dict[Outcome, Promise] = {
    Outcome.SHOWN: _("in the mail"),
    Outcome.LINKED: _("links to the original"),
    Outcome.LEFT_OUT: _("left out"),
}


@dataclass(frozen=True)
class Cell:
    """One story in one language."""

    language: str
    state: State
    outcome: Outcome

    @property
    def state_name(self) -> Promise:
        return STATE_NAMES[self.state]

    @property
    def outcome_name(self) -> Promise:
        return OUTCOME_NAMES[self.outcome]


@dataclass(frozen=True)
class Row:
    """One story in every language."""

    page_id: int
    title: str
    cells: list[Cell]


def language_names() -> list[str]:
    """The languages' own names, in the order of the cells."""
    return [language_name(code) for code in CODES]


def coverage(issue: IssuePage) -> list[Row]:
    """A row per picked story in the editor's order, a cell per language."""
    rule = newsletter_of(issue).fallback_rule
    pages = {page.pk: page for _pick, page in picked_stories(issue)}
    return [
        Row(page.pk, page.title, [_cell(page, code, rule) for code in CODES])
        for page in pages.values()
    ]


def _cell(page: NewsPage, language: str, rule: str) -> Cell:
    shown = shown_language(page, language, rule)
    if shown == language:
        is_behind = getattr(page, f"state_{language}") == State.BEHIND
        state = State.BEHIND if is_behind else State.READY
        return Cell(language, state, Outcome.SHOWN)
    outcome = Outcome.LINKED if shown else Outcome.LEFT_OUT
    return Cell(language, State.MISSING, outcome)
