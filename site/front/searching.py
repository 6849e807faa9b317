"""What the search page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext

from news.filters import Filters, filters
from pages.fulltext import by_index
from pages.languages import field, language_name, other_languages
from pages.models import BilingualPage, SearchEntry
from pages.searching import DATED, Question, cleaned, highlight
from pages.stemming import WORD
from pages.suggesting import near
from topics.searching import mark_of

RESULTS = 20
MOST_SCREENS = 50
# Past this nobody counts: on a large site a common word is in nearly every story.
MOST_COUNTED = 10_000
MOST_WORDS = 8
PAGE_DIGITS = 7
WORDS_TRIED = 2


@dataclass(frozen=True)
class Result:
    """One page found: its address, its title, where the words stand, what it is."""

    url: str
    title: SafeString
    excerpt: SafeString
    kind: str
    date: date | None


@dataclass(frozen=True)
class Screen:
    """Which part of the results is shown, and the addresses before and after it."""

    number: int
    last: int
    previous: str
    next: str


@dataclass(frozen=True)
class Total:
    """How many results there are; `is_more` where there are more than that."""

    number: int
    is_more: bool


def search_context(asked: QueryDict, language: str) -> dict[str, Any]:
    """A screen of results in one language, and how many there are in the others."""
    chosen = filters(asked, language)
    with by_index():
        return _context(asked, chosen, language)


def _context(asked: QueryDict, chosen: Filters, language: str) -> dict[str, Any]:
    query = cleaned(asked.get("q", ""))
    question = _question(query, chosen)
    total = _total(question)
    screen = _screen(query, chosen, asked.get("page", ""), total.number)
    is_lost = query and not total.number
    is_asked = bool(query or chosen.chosen)
    return {
        "query": query,
        "lang": language,
        "is_asked": is_asked,
        "noindex": is_asked,
        "description": gettext("Search news, projects, countries and newsletters."),
        "total": total,
        "screen": screen,
        "results": _results(question, total, screen.number),
        "suggestion": _suggestion(query, chosen, language) if is_lost else None,
        "elsewhere": _elsewhere(query, chosen),
        "selects": chosen.counts().selects(),
        "chips": chosen.chips(**({"q": query} if query else {})),
        "is_known": chosen.is_known,
    }


def first_results(text: str, language: str, number: int) -> list[Result]:
    """The best results for words that nobody typed, like those of an address.

    Where none has all of them, those for the longest word that is found.
    """
    query = cleaned(text)
    longest = sorted(query.split(), key=len, reverse=True)[:WORDS_TRIED]
    with by_index():
        for tried in dict.fromkeys([query, *longest]):
            question = Question(tried, language)
            if results := _results(question, _total(question), 1):
                return results[:number]
    return []


def _question(query: str, chosen: Filters) -> Question:
    """What is asked for; words that say nothing (punctuation) find nothing."""
    days, year = None, chosen.year
    if year:
        days = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    marks = [mark_of(number) for number in chosen.terms.values() if number]
    says_nothing = query and not WORD.search(query)
    return Question(
        query=query,
        language=chosen.language,
        pages=[] if says_nothing else None,
        marks=marks,
        days=days,
    )


def _total(question: Question) -> Total:
    number = question.found()[: MOST_COUNTED + 1].count()
    return Total(min(number, MOST_COUNTED), number > MOST_COUNTED)


def _screen(query: str, chosen: Filters, page: str, total: int) -> Screen:
    """The screen asked for; the nearest there is for a number that makes no sense."""
    last = min(MOST_SCREENS, max(1, -(-total // RESULTS)))
    is_number = page.isascii() and page.isdecimal() and len(page) < PAGE_DIGITS
    number = min(max(1, int(page)), last) if is_number else 1

    def address(number: int) -> str:
        parts = {"q": query} if query else {}
        more = {"page": number} if number > 1 else {}
        return chosen.query(**parts, **more)

    return Screen(
        number=number,
        last=last,
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )


def _results(question: Question, total: Total, number: int) -> list[Result]:
    """First which, then what: joining before ranking would join all that is found."""
    start, stop = (number - 1) * RESULTS, number * RESULTS
    if total.is_more:
        ids = question.ranked_of_many(stop)[start:]
    else:
        ids = list(question.ranked().values_list("pk", flat=True)[start:stop])
    entries = SearchEntry.objects.select_related("page").in_bulk(ids)
    query, language = question.query, question.language
    return [_result(entries[pk], query, language) for pk in ids if pk in entries]


def _result(entry: SearchEntry, query: str, language: str) -> Result:
    return Result(
        url=entry.page.url_in(language) or "",
        title=highlight(entry.title, query, language),
        excerpt=highlight(entry.body, query, language),
        kind=capfirst(str(apps.get_model(entry.kind)._meta.verbose_name)),
        date=entry.date if entry.kind in DATED else None,
    )


def _suggestion(query: str, chosen: Filters, language: str) -> dict[str, Any] | None:
    """The query with its unknown words as the site writes them, if that finds more."""
    text = query
    for word in {*WORD.findall(query)[:MOST_WORDS]}:
        if not _is_found(word, language):
            known = (each for each in near(word, language) if _is_found(each, language))
            nearest = next(known, word)
            text = re.sub(rf"\b{re.escape(word)}\b", nearest, text)
    if text == query or not _question(text, chosen).found().exists():
        return None
    return {"text": text, "query": chosen.query(q=text)}


def _is_found(word: str, language: str) -> bool:
    return Question(word, language).found().exists()


def _elsewhere(query: str, chosen: Filters) -> list[dict[str, Any]]:
    """How much the same question finds in each other language, and where."""
    if not query and not chosen.chosen:
        return []
    counted = []
    for code in other_languages(chosen.language):
        there = _translated(chosen, code)
        total = _total(_question(query, there)) if there else Total(0, False)
        if there and total.number:
            asked = there.query(**({"q": query} if query else {}))
            url = reverse(f"search-{code}") + asked
            name = language_name(code)
            counted.append({"code": code, "name": name, "total": total, "url": url})
    return counted


def _translated(chosen: Filters, language: str) -> Filters | None:
    """The same filters as another language names them; None where it lacks one."""
    numbers = [chosen.number(name) for name in ("project", "country")]
    pages = BilingualPage.objects.readable_in(language).in_bulk(
        [number for number in numbers if number]
    )
    values = QueryDict(mutable=True)
    for name, choice in chosen.chosen.items():
        values[name] = choice.value
        if name == "project" and choice.number in pages:
            values[name] = field(pages[choice.number], "slug", language)
    there = filters(values, language)
    return there if there.is_known else None
