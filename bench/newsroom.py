"""A newsroom of any size: stories in every state, terms, deadlines, assignments."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.utils import timezone

from bench.filling import copies
from front.models import HomePage
from news.models import NewsIndexPage, NewsPage
from pages import actions
from pages.models import ScheduledPublication
from tests.pages.factories import make_story, save_draft
from tests.topics.factories import (
    make_countries,
    make_country,
    make_project,
    make_projects,
)
from translations.models import Assignment

PROJECTS = 20
COUNTRIES = {"PE": "Perú", "BO": "Bolivia", "EC": "Ecuador", "CO": "Colombia"}
SPANISH = "el puente nuevo une dos barrios y la gente vuelve a cruzar el río"
ENGLISH = "the new bridge joins two towns and people cross the river on foot"
# Of a hundred stories, how many are: live in both, behind, missing, drafts of both,
# English only.
SHARES = {"both": 50, "behind": 15, "missing": 20, "draft": 10, "english": 5}


def fill(index: NewsIndexPage, number: int) -> list[int]:
    """Put so many stories below the index, in the mix of SHARES; their ids."""
    seeds = make_seeds(index)
    ids = [seed.pk for seed in seeds.values()]
    for name, seed in seeds.items():
        share = number * SHARES[name] // 100
        if share > 1:
            ids += copies(seed, share - 1)
    return ids


def make_seeds(index: NewsIndexPage) -> dict[str, NewsPage]:
    """One story of each kind, made as an editor would."""
    behind = make_story(index, live=("es", "en"), **words("Puente", "Bridge"))
    save_draft(behind, lead_es=prose(SPANISH, 34))
    actions.publish_languages(page=behind, languages=["es"])
    english = {**words("", "Road"), "original_language": "en"}
    seeds = {
        "both": make_story(index, live=("es", "en"), **words("Plaza", "Square")),
        "behind": behind,
        "missing": make_story(index, live=("es",), **words("Calle", "")),
        "draft": make_story(index, **words("Mercado", "Market")),
        "english": make_story(index, live=("en",), **english),
    }
    return {name: NewsPage.objects.get(pk=seed.pk) for name, seed in seeds.items()}


def make_terms(home: HomePage) -> None:
    """Projects and countries to choose from above the queue."""
    copies(make_project(make_projects(home)), PROJECTS - 1)
    countries = make_countries(home)
    for code, name in COUNTRIES.items():
        make_country(countries, code, (name, name))


def make_busy(ids: list[int], person: Any, number: int = 100) -> None:
    """Deadlines for some stories, and some assigned."""
    chosen = random.Random(3).sample(ids, min(2 * number, len(ids)))  # noqa: S311
    soon = timezone.now() + dt.timedelta(days=1)
    ScheduledPublication.objects.bulk_create(
        ScheduledPublication(
            page_id=pk,
            languages=["es", "en"],
            content={"headline_es": "Puente", "body_es": prose(SPANISH, 2000)},
            at=soon + n * dt.timedelta(hours=1),
        )
        for n, pk in enumerate(chosen[:number])
    )
    Assignment.objects.bulk_create(
        Assignment(page_id=pk, language="en", translator=person)
        for pk in chosen[number:]
    )


def words(spanish: str, english: str) -> dict[str, Any]:
    """A story of some 600 words in the languages that have a headline."""
    found: dict[str, Any] = {}
    for code, headline, some in (("es", spanish, SPANISH), ("en", english, ENGLISH)):
        if headline:
            found[f"headline_{code}"] = f"{headline}: {prose(some, 6)}"
            found[f"slug_{code}"] = headline.lower()
            found[f"lead_{code}"] = prose(some, 30)
            found[f"author_{code}"] = "Itzel Huamán"
            found[f"body_{code}"] = body(some)
    return found


def body(some: str) -> list[tuple[str, str]]:
    """Ten paragraphs under three headings."""
    blocks = []
    for n in range(10):
        if n % 4 == 0:
            blocks.append(("heading", prose(some, 5)))
        blocks.append(("paragraph", f"<p>{prose(some, 60)}</p>"))
    return blocks


def prose(some: str, number: int) -> str:
    """So many words."""
    known = some.split()
    return " ".join(known[n % len(known)] for n in range(number)).capitalize()
