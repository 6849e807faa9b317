"""A row of cells as a reader to be added, or why it is none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from babel import Locale

from guards.addresses import AddressError, check_quickly
from newsletter.importing.outcomes import Outcome
from newsletter.importing.plans import ADDRESS, Plan
from newsletter.importing.reading import UNREADABLE
from newsletter.models import Frequency, address_hash
from newsletter.subscribing.names import strip_accents
from pages.languages import languages
from topics.models import CountryPage, ProjectPage, TermPage

MOST_UNKNOWN = 20  # different words told of each kind
LONGEST_PROOF = 500
EARLIEST = date(1990, 1, 1)  # older than any list of addresses
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
NUMBERED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
FREQUENCIES = {
    Frequency.EACH: ("each", "every issue", "cada numero", "todos", "all"),
    Frequency.STORY: ("story", "each new story", "cada noticia nueva"),
    Frequency.WEEKLY: (
        "weekly",
        "once a week",
        "semanal",
        "una vez por semana",
        "una vez a la semana",
    ),
    Frequency.MONTHLY: ("monthly", "once a month", "mensual", "una vez al mes"),
}
KINDS = ("language", "frequency", "projects", "countries")


class Reader(NamedTuple):
    """Whom a row is about; `digest` is the address's hash, `agreed_on` the day."""

    address: str
    digest: str
    language: str
    agreed_on: date
    proof: str
    frequency: str
    projects: tuple[int, ...]
    countries: tuple[int, ...]


class RowReader:
    """Reads rows by one plan; `unknown` counts words that mean nothing to us.

    They refuse nobody: what holds for empty cells holds for them.
    """

    def __init__(self, plan: Plan, width: int, today: date, usual: Frequency) -> None:
        self._usual = usual
        self.plan, self.width, self.today = plan, width, today
        self.unknown: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self._words: dict[str, dict[str, str | int]] = {
            "language": _language_words(),
            "frequency": {
                word: key for key, some in FREQUENCIES.items() for word in some
            },
            "projects": _topic_words(ProjectPage),
            "countries": _topic_words(CountryPage),
        }
        self._days: dict[str, date | Outcome] = {}
        self._default_day = date.fromisoformat(plan.agreed_on)

    def read(self, cells: Sequence[str] | None) -> Reader | Outcome:
        """The reader of a row, or what it is instead."""
        if cells is None or len(cells) != self.width:
            return self._misshapen(cells)
        line = "".join(cells)
        if not line.strip():
            return Outcome.EMPTY
        if not line.isascii() and UNREADABLE in line or "\0" in line:
            return Outcome.UNREADABLE
        try:
            address = check_quickly(self._cell(cells, ADDRESS))
        except AddressError:
            is_empty = not self._cell(cells, ADDRESS)
            return Outcome.NO_ADDRESS if is_empty else Outcome.BAD_ADDRESS
        day = self._day(self._cell(cells, "agreed_on"))
        if not isinstance(day, date):
            return day
        return self._reader(cells, address, day)

    def _misshapen(self, cells: Sequence[str] | None) -> Reader | Outcome:
        if cells is not None and not any(cell.strip() for cell in cells):
            return Outcome.EMPTY
        # Some programs write empty cells behind the last column.
        if cells and len(cells) > self.width and not any(cells[self.width :]):
            return self.read(cells[: self.width])
        return Outcome.BROKEN

    def _reader(self, cells: Sequence[str], address: str, day: date) -> Reader:
        plan = self.plan
        return Reader(
            address,
            address_hash(address),
            str(self._one(cells, "language") or plan.language),
            day,
            self._cell(cells, "proof")[:LONGEST_PROOF] or plan.proof,
            str(self._one(cells, "frequency") or self._usual),
            self._several(cells, "projects"),
            self._several(cells, "countries"),
        )

    def address_in(self, cells: Sequence[str] | None) -> str:
        """What stands where the address should, for a report."""
        column = self.plan.columns[ADDRESS]
        found = cells[column].strip() if cells and len(cells) > column else ""
        return found.replace("\0", UNREADABLE)  # PostgreSQL keeps none

    def _cell(self, cells: Sequence[str], role: str) -> str:
        column = self.plan.columns.get(role)
        return "" if column is None else cells[column].strip()

    def _one(self, cells: Sequence[str], kind: str) -> str | int | None:
        text = self._cell(cells, kind)
        return self._meaning(kind, text) if text else None

    def _several(self, cells: Sequence[str], kind: str) -> tuple[int, ...]:
        text = self._cell(cells, kind)
        if not text:
            return ()
        found = {
            self._meaning(kind, part)
            for some in _parts(r"[;|]", text)
            for part in ([some] if self._is_known(kind, some) else _parts(",", some))
        }
        return tuple(sorted(pk for pk in found if isinstance(pk, int)))

    def _is_known(self, kind: str, text: str) -> bool:
        """Also a name with a comma in it."""
        words = self._words[kind]
        return text in words or _plain(text) in words

    def _meaning(self, kind: str, text: str) -> str | int | None:
        words = self._words[kind]
        if (found := words.get(text)) is not None:
            return found
        found = words.get(_plain(text))
        if found is None and kind == "language":
            found = words.get(_plain(re.split("[-_]", text)[0]))  # es-PE, en_GB
        if found is None:
            counter = self.unknown[kind]
            if text in counter or len(counter) < MOST_UNKNOWN:
                counter[text[:100]] += 1
        else:
            words[text] = found
        return found

    def _day(self, text: str) -> date | Outcome:
        if not text:
            return self._default_day
        if text not in self._days:
            if len(self._days) > 50_000:  # moments to the second are all different
                self._days.clear()
            self._days[text] = self._new_day(text)
        return self._days[text]

    def _new_day(self, text: str) -> date | Outcome:
        day = day_in(text, is_day_first=self.plan.is_day_first)
        if day is None or day < EARLIEST:
            return Outcome.BAD_DATE
        return Outcome.FUTURE if day > self.today else day


def day_in(text: str, *, is_day_first: bool) -> date | None:
    """The day of 2025-12-31, 31/12/2025 and the like, whatever hour follows it."""
    if found := ISO.match(text):
        year, month, day = map(int, found.groups())
    elif found := NUMBERED.match(text):
        one, two, year = map(int, found.groups())
        day, month = (one, two) if is_day_first else (two, one)
    else:
        return None
    try:
        return datetime(year, month, day).date()
    except ValueError:
        return None


def _plain(text: str) -> str:
    return strip_accents(text).strip()


def _language_words() -> dict[str, str | int]:
    """Codes, and names in each of the site's languages."""
    words: dict[str, str | int] = {code: code for code in languages()}
    for spoken in languages():
        names = Locale.parse(spoken).languages
        words |= {_plain(names[code]): code for code in languages()}
    return words | ({"castellano": "es"} if "es" in words else {})


def _topic_words(model: type[TermPage]) -> dict[str, str | int]:
    """Names and addresses of projects or countries, in every language."""
    fields = [f"{name}_{code}" for name in ("slug", "headline") for code in languages()]
    rows = model.objects.values_list("pk", "title", *fields)
    return {_plain(name): pk for pk, *names in rows for name in names if name}


def _parts(at: str, text: str) -> list[str]:
    return [part for part in map(str.strip, re.split(at, text)) if part]
