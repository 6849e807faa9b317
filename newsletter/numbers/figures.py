"""The numbers of sendings, of one or of several together, as tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from newsletter.composing.moments import site_zone
from newsletter.models import Delivery, Dispatch, MailLink
from newsletter.numbers.concealing import FEWEST, is_small
from newsletter.numbers.counting import UNDECIDED
from newsletter.numbers.grids import TOGETHER, Given, Grid, Line, Words, grid
from newsletter.numbers.leaving import DAYS, leaves_after
from newsletter.subscribing.forms import TOPICS
from newsletter.subscribing.names import strip_accents, topic_names
from pages.languages import current_language, in_order, language_name
from pages.models import BilingualPage

State = Delivery.State
MOST_LINKS = 100  # listed, the most opened
SHORT = 24  # characters of a title in a chart
OUTCOMES: dict[str, Words] = {
    "delivered": pgettext_lazy("mails", "Delivered"),
    "failed": pgettext_lazy("mails", "Failed"),
    "uncertain": pgettext_lazy("mails", "Uncertain"),
    "open": pgettext_lazy("mails", "Not sent"),
}
PEOPLE: dict[str, Words] = {
    "audience": gettext_lazy("Audience"),
    **OUTCOMES,
    "left": pgettext_lazy("readers", "Left"),
}
WHOLE = {"audience": [*OUTCOMES]}
SPARED = ("audience", "delivered")
TITLES: dict[str, Words] = {
    "countries": gettext_lazy("By country"),
    "projects": gettext_lazy("By project"),
}
FOLLOW = gettext_lazy(
    "What readers followed when the sending was over. Who follows several counts in"
    " each."
)


@dataclass(frozen=True)
class Sendings:
    """Some sendings, and what is asked of the database about all of them at once."""

    dispatches: Sequence[Dispatch]

    @cached_property
    def leaves(self) -> Counter[tuple[int, str]]:
        """Sending and language → who left after it."""
        rows = leaves_after(self.dispatches)
        return Counter(rows.values_list("after", "subscriber__language"))

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """Each address in each edition that people got, with its clicks.

        Not where so few got it that what they opened would be known.
        """
        rows = MailLink.objects.filter(edition__dispatch__in=self.dispatches)
        rows = rows.order_by("edition", "number")
        names = ("page", "url", "clicks", "edition__dispatch", "edition__language")
        return [row for row in rows.values(*names) if self._had_readers(row)]

    def _had_readers(self, row: Mapping[str, Any]) -> bool:
        dispatch = self._by_number[row["edition__dispatch"]]
        states = dispatch.numbers.get("languages", {}).get(row["edition__language"], {})
        return sum(states.values()) >= FEWEST

    @cached_property
    def _by_number(self) -> dict[int, Dispatch]:
        return {each.pk: each for each in self.dispatches}

    @cached_property
    def clicks(self) -> Counter[tuple[int, str]]:
        """Sending and language → clicks."""
        found: Counter[tuple[int, str]] = Counter()
        for row in self.links:
            found[row["edition__dispatch"], row["edition__language"]] += row["clicks"]
        return found

    def by_language(self, dispatch: Dispatch) -> Grid:
        """A line per language: what became of its mails, who left, what was opened."""
        states = dispatch.numbers.get("languages", {})
        given = [
            Given(code, language_name(code), self._numbers(dispatch, code))
            for code in in_order(states)
        ]
        title, about, columns = _("By language"), _left_words(), self._columns
        return grid(
            "languages",
            title,
            about,
            columns,
            given,
            whole=WHOLE,
            with_total=True,
            spared=SPARED,
        )

    def _numbers(self, dispatch: Dispatch, language: str) -> dict[str, int]:
        of = dispatch.pk, language
        states = dispatch.numbers["languages"][language]
        others = {"left": self.leaves[of], "clicks": self.clicks[of]}
        return outcomes(states) | others

    def by_sending(self) -> Grid:
        """The same of each sending, the latest first.

        No sum of several: with what stands on the pages of each it could tell of a few.
        """
        made = [(each, self.by_language(each)) for each in self.dispatches]
        lines = [_of_issue(each, line) for each, own in made for line in own.every]
        columns = {key: str(word) for key, word in self._columns.items()}
        return Grid("issues", _("By issue"), _left_words(), columns, lines)

    def by_story(self) -> Grid | None:
        """A line per story or other address: how often it was opened, by language."""
        if not self.links:
            return None
        codes = in_order({row["edition__language"] for row in self.links})
        columns = {code: language_name(code) for code in codes}
        columns[TOGETHER] = _("Together")
        about = _("Clicks, not people: who opens a link twice counts twice.")
        whole, given = {TOGETHER: codes}, _stories(self.links)
        title = _("By story")
        return grid(
            "stories", title, about, columns, given, whole=whole, with_total=True
        )

    @property
    def _columns(self) -> Mapping[str, Words]:
        return PEOPLE | ({"clicks": _("Clicks")} if self.links else {})


def _of_issue(dispatch: Dispatch, line: Line) -> Line:
    """A line about one language of a sending, which leads to its page."""
    began = dispatch.started_at or dispatch.created_at
    day = date_format(localtime(began, site_zone()), "SHORT_DATE_FORMAT")
    return Line(
        key=f"{dispatch.pk}-{line.key}",
        label=f"{day} · {dispatch.title} · {line.label}",
        cells=line.cells,
        url=reverse("dispatches:numbers", args=[dispatch.pk]),
        short=f"{day} · {Truncator(dispatch.title).chars(SHORT)}",
    )


def _stories(links: Sequence[Mapping[str, Any]]) -> list[Given]:
    """The most opened first; beyond many, all others as one."""
    pages = BilingualPage.objects.filter(pk__in={row["page"] for row in links})
    titles = {page.pk: page.headline_for_lists for page in pages}
    opened: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in links:
        page, url = row["page"], row["url"]
        key = (f"page-{page}", titles[page]) if page in titles else (url, url)
        opened[key][row["edition__language"]] += row["clicks"]
        opened[key][TOGETHER] += row["clicks"]
    found = sorted(opened.items(), key=lambda pair: -pair[1][TOGETHER])
    given = [Given(key, label, numbers) for (key, label), numbers in found]
    others = sum((each.numbers for each in given[MOST_LINKS:]), Counter())
    rest = [Given("others", _("Other links"), others)] if others else []
    return given[:MOST_LINKS] + rest


def by_term(dispatch: Dispatch, name: str) -> Grid | None:
    """A line per country or project that readers of a sending follow, and one for who
    follows nothing; None until it is over and added up."""
    if UNDECIDED not in dispatch.numbers:
        return None
    followed = f"subscription__{name}"
    rows = leaves_after([dispatch]).values_list(followed).annotate(n=Count("pk"))
    left = {str(term): number for term, number in rows}
    groups = dict(dispatch.numbers[name])
    names = topic_names(TOPICS[name], current_language())
    given = [
        Given(
            term,
            names.get(term) or _("a topic that is gone"),
            outcomes(states) | {"left": left.get(term, 0)},
        )
        for term, states in groups.items()
    ]
    given.sort(key=lambda each: strip_accents(each.label))
    undecided = _undecided(dispatch)
    if not tells_of_few(_all(dispatch), undecided.numbers):
        given.append(undecided)
    about = f"{FOLLOW} {_left_words()}"
    title = TITLES[name]
    return grid(name, title, about, PEOPLE, given, whole=WHOLE, spared=SPARED)


def tells_of_few(everybody: Mapping[str, int], some: Mapping[str, int]) -> bool:
    """Whether a few are known by those who are not among these."""
    return any(is_small(number - some.get(key, 0)) for key, number in everybody.items())


def _all(dispatch: Dispatch) -> dict[str, int]:
    states: Counter[str] = Counter()
    for counts in dispatch.numbers["languages"].values():
        states.update(counts)
    return outcomes(states) | {"left": leaves_after([dispatch]).count()}


def _undecided(dispatch: Dispatch) -> Given:
    nothing = {"subscription__projects": None, "subscription__countries": None}
    left = leaves_after([dispatch]).filter(**nothing).count()
    numbers = outcomes(dispatch.numbers[UNDECIDED]) | {"left": left}
    return Given(UNDECIDED, _("Nothing in particular"), numbers)


def outcomes(states: Mapping[str, int]) -> dict[str, int]:
    """The columns that states add up to."""
    numbers = {
        "delivered": states.get(State.SENT, 0),
        "failed": states.get(State.FAILED, 0),
        "uncertain": states.get(State.UNCERTAIN, 0),
    }
    audience = sum(states.values())
    rest = audience - sum(numbers.values())
    return {"audience": audience, **numbers, "open": rest}


def complaints_about(dispatch: Dispatch) -> str:
    """How many complained, in words that name nobody."""
    number = dispatch.complaints.count()
    if is_small(number):
        return _("Fewer than %(number)d complaints.") % {"number": FEWEST}
    text = ngettext("%(number)d complaint.", "%(number)d complaints.", number)
    return text % {"number": number}


def reasons_shown(excluded: Mapping[str, int]) -> dict[str, int]:
    """Why subscriptions got nothing, without reasons of so few that they are known."""
    return {reason: n for reason, n in excluded.items() if not is_small(n)}


def _left_words() -> str:
    text = _("Left: within %(days)d days, if no later issue reached them before.")
    return text % {"days": DAYS}
