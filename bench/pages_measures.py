"""The measurements of `bench.pages`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.http import QueryDict
from django.test.utils import override_settings

from bench.pages_archive import Archive
from bench.report import Report
from front.searching import search_context
from news.listing import AFTER, listing
from news.lists import listed, related
from topics.models import CountryPage, ProjectPage

FEW = 1_000
PAGE_500 = 500 * 12
TIMES = 15
SEARCH_MS = 100.0
MOST_RATIO = 1.5


def measure(number: int) -> int:
    """Measure over few stories and over many; the exit code of the report."""
    report = Report("pages", ["django", "wagtail", "psycopg"])
    archive = Archive()
    medians: dict[int, dict[str, float]] = {}
    for size in (FEW, number):
        archive.grow(size)
        medians[size] = {}
        with override_settings(DEBUG=False):
            for name, ask in _asked(archive, size).items():
                medians[size][name] = _median_ms(ask)
                is_search = name.startswith("search")
                limit = SEARCH_MS if is_search and size == number else None
                report.add(f"{name}, median", size, medians[size][name], "ms", limit)
    few, many = medians[FEW], medians[number]
    ratios = {
        "list_page_500_vs_1": many["list page 500"] / many["list page 1"],
        "list_rare_vs_big": many["list of a rare country"]
        / many["list of a big country"],
        **{
            f"{name.replace(' ', '_')}_100k_vs_1k": many[name] / few[name]
            for name in few
            if not name.startswith("search")
        },
    }
    report.ratios = ratios
    for name, ratio in ratios.items():
        report.add(name, number, ratio, "times", MOST_RATIO)
    return report.finish()


def _asked(archive: Archive, size: int) -> dict[str, Callable[[], Any]]:
    """What is measured, by name."""
    countries = list(CountryPage.objects.order_by("pk"))
    big, rare = countries[0], countries[-1]
    project = ProjectPage.objects.order_by("pk")[1]
    both = f"project={project.slug_es}&country={big.code.lower()}"
    names = {
        "list page 1": (archive.index, ""),
        "list of a big country": (big, ""),
        "list of a rare country": (rare, ""),
        "list of a year": (archive.index, "year=2019"),
        "list of a project in a country": (archive.index, both),
        "list of these in a year": (archive.index, f"{both}&year=2019"),
    }
    if size > PAGE_500:
        day, story = listed("es").values_list("day", "story")[PAGE_500 - 1]
        names["list page 500"] = (archive.index, f"{AFTER}={day.isoformat()}_{story}")
    lists = {name: _listing(page, query) for name, (page, query) in names.items()}
    queries = {
        "search for the commonest word": "q=es0",
        "search for a common word": "q=es20",
        "search for a rare word": "q=es9000",
        "search for two common words": "q=es1+es2",
        "search for a common word in a country": f"q=es3&country={big.code.lower()}",
        "search for one in a rare country": f"q=es3&country={rare.code.lower()}",
        "search for a common word in all filters": f"q=es3&{both}&year=2019",
        "search for what there is not": "q=zzyzx",
    }
    searches = {name: _search(query) for name, query in queries.items()}
    return (
        lists | {"lists under a story": lambda: related(archive.seed, "es")} | searches
    )


def _listing(page: Any, query: str) -> Callable[[], Any]:
    return lambda: listing(page, QueryDict(query), "es")


def _search(query: str) -> Callable[[], Any]:
    return lambda: search_context(QueryDict(query), "es")


def _median_ms(ask: Callable[[], Any]) -> float:
    """By the clock, once warm."""
    ask()
    times = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)
