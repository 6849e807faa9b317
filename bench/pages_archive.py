"""An archive of any size: stories of fifteen years, in projects and countries.

One country has two stories in five, another one in two thousand. Words of the search
rows are drawn as words of a language are: the n-th is n times as rare as the first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.db import connection

from bench.filling import copies
from news import listed
from news.models import NewsPage
from pages.languages import languages
from pages.models import SearchEntry
from tests.news.factories import make_story
from tests.pages.factories import make_home, make_index
from tests.topics.factories import (
    make_countries,
    make_country,
    make_project,
    make_projects,
)
from topics.models import CountryPage, ProjectPage

PROJECTS, COUNTRIES = 40, 20
YEARS = 15
VOCABULARY = 20_000
WORDS = 120  # different ones of a story of some 400
BATCH = 1_000
# What a search row says; the database's own columns are written by the database.
TEXT = " ".join(f"palabra{n}" for n in range(400))


class Archive:
    """A site whose stories can be made more."""

    def __init__(self) -> None:
        home = make_home()
        self.index = make_index(home)
        self.stories: list[int] = []
        copies(make_project(make_projects(home)), PROJECTS - 1)
        countries = make_countries(home)
        for number in range(COUNTRIES):
            code = "AB"[number // 10] + "ABCDEFGHIJ"[number % 10]
            make_country(countries, code, (f"País {code}", f"Country {code}"))
        self.random = random.Random(6)  # noqa: S311 the same archive each time

    def grow(self, number: int) -> None:
        """Have so many stories, with their places in lists and their search rows."""
        self.seed = make_story(self.index, len(self.stories))
        new = copies(self.seed, number - len(self.stories))
        self.stories += new
        self._spread(new)
        listed.rebuild()
        self._write_entries(new)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _spread(self, new: list[int]) -> None:
        """Dates over the years, a project or two and a country or two each."""
        projects = list(ProjectPage.objects.order_by("pk").values_list("pk", flat=True))
        countries = list(
            CountryPage.objects.order_by("pk").values_list("pk", flat=True)
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE news_newspage SET date = date '2026-11-01'"
                " - (bilingualpage_ptr_id * 7919 %% %s)::int"
                " WHERE bilingualpage_ptr_id = ANY(%s)",
                [YEARS * 365, new],
            )
        self._tag(NewsPage.projects.through, "projectpage_id", new, projects)
        self._tag(NewsPage.countries.through, "countrypage_id", new, countries)

    def _tag(self, through: Any, column: str, new: list[int], terms: list[int]) -> None:
        weights = [0.42, *[0.58 / (len(terms) - 2)] * (len(terms) - 2), 0.0005]
        rows = []
        for pk in new:
            chosen = {*self.random.choices(terms, weights, k=1 + pk % 2)}
            rows += [through(newspage_id=pk, **{column: term}) for term in chosen]
        through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)

    def _write_entries(self, new: list[int]) -> None:
        for language in languages():
            SearchEntry.objects.bulk_create(self._entries(new, language), BATCH)

    def _entries(self, new: list[int], language: str) -> Iterator[SearchEntry]:
        words = [f"{language}{n}" for n in range(VOCABULARY)]
        weights = list(accumulate(1 / (n + 1) for n in range(VOCABULARY)))
        for start in range(0, len(new), BATCH):
            some = new[start : start + BATCH]
            marks = listed.marks_of(some)
            days = NewsPage.objects.in_bulk(some)
            for pk in some:
                drawn = self.random.choices(words, cum_weights=weights, k=WORDS)
                found = list(dict.fromkeys(drawn))
                yield SearchEntry(
                    page_id=pk,
                    language=language,
                    kind="news.newspage",
                    title=" ".join(found[-6:]),
                    body=TEXT,
                    title_stems=" ".join(found[-6:]),
                    stems=" ".join(found),
                    marks=" ".join(sorted(marks[pk])),
                    day=days[pk].date.toordinal(),
                )
