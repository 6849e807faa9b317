"""Which story of an issue is there in which language, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from news.models import NewsPage
from newsletter.composing.composition import newsletter_of
from newsletter.composing.repeats import sent_before
from newsletter.composing.stories import (
    CODES,
    picked_stories,
    rule_for,
    shown_language,
)
from newsletter.models import FallbackRule, IssuePage
from pages.languages import language_name
from translations.subjects import side_path


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
    HELD = "held"
    SENT_BEFORE = "sent-before"


STATE_NAMES: dict[State, Promise] = {
    State.READY: pgettext_lazy("story", "ready"),
    State.BEHIND: pgettext_lazy("story", "behind the original"),
    State.MISSING: pgettext_lazy("story", "not published"),
}
OUTCOME_NAMES: dict[Outcome, Promise] = {
    Outcome.SHOWN: _("in the mail"),
    Outcome.LINKED: _("links to the original"),
    Outcome.LEFT_OUT: _("left out"),
    Outcome.HELD: _("holds the issue back"),
    Outcome.SENT_BEFORE: _("was sent before"),
}


@dataclass(frozen=True)
class Cell:
    """One story in one language; `url` is where it is finished, "" where it is."""

    language: str
    state: State
    outcome: Outcome
    url: str = ""

    @property
    def state_name(self) -> Promise:
        return STATE_NAMES[self.state]

    @property
    def outcome_name(self) -> Promise:
        return OUTCOME_NAMES[self.outcome]


@dataclass(frozen=True)
class Row:
    """One story in every language; `fallback` is its own rule, "" the newsletter's."""

    page_id: int
    title: str
    fallback: str
    cells: list[Cell]


def language_names() -> list[str]:
    """The languages' own names, in the order of the cells."""
    return [language_name(code) for code in CODES]


def coverage(issue: IssuePage) -> list[Row]:
    """A row per picked story in the editor's order, a cell per language."""
    newsletter = newsletter_of(issue)
    known = {code: sent_before(issue, newsletter, code) for code in CODES}
    rows: dict[int, Row] = {}
    for pick, page in picked_stories(issue):
        rule = rule_for(pick, newsletter)
        cells = [_cell(page, code, rule) for code in CODES]
        cells = [
            replace(cell, outcome=Outcome.SENT_BEFORE)
            if page.pk in known[cell.language] and not pick.again
            else cell
            for cell in cells
        ]
        row = Row(page.pk, page.title, pick.fallback, cells)
        rows.setdefault(page.pk, row)
    return [*rows.values()]


def _cell(page: NewsPage, language: str, rule: FallbackRule) -> Cell:
    shown = shown_language(page, language, rule)
    if shown == language:
        if getattr(page, f"state_{language}") == State.BEHIND:
            url = _finish(page, language)
            return Cell(language, State.BEHIND, Outcome.SHOWN, url)
        return Cell(language, State.READY, Outcome.SHOWN)
    outcome = Outcome.HELD if rule == FallbackRule.HOLD else Outcome.LEFT_OUT
    outcome = Outcome.LINKED if shown else outcome
    return Cell(language, State.MISSING, outcome, _finish(page, language))


def _finish(page: NewsPage, language: str) -> str:
    """The translation desk, or the page's editor for the language it is written in."""
    if language != page.original_language:
        return side_path(page, language)
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
