"""The figures of `bench/desk.py`."""

from __future__ import annotations

import sys
import time
from statistics import median

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import newsroom
from bench.report import Report
from news.models import NewsIndexPage
from pages.actions import publish_languages
from tests.pages import factories

PACKAGES = ["django", "wagtail", "django-modeltranslation"]
DESK, EMPTY = "/cms/translations/?language=en", "/bench/empty/"
REQUESTS = 15
ROUNDS = 20
ROWS, FEW = 50, 10
# For a translator who opens the desk many times a day.
MOST_QUERIES = 12
MOST_MS = 300
MOST_TIMES_STOCK = 1.3


def measure(pages: int) -> int:
    """Fill the site with so many stories and measure; 1 where a limit was broken."""
    report = Report("desk", PACKAGES, versions={connection.vendor: server_version()})
    began = time.perf_counter()
    index, few = make_site(pages)
    report.add("making the stories", pages, time.perf_counter() - began, "s")
    client = Client()
    client.force_login(get_user_model().objects.get(username="itzel"))
    add_desk(report, client, pages)
    add_listing(report, client, index, few)
    return report.finish()


def make_site(pages: int) -> tuple[NewsIndexPage, NewsIndexPage]:
    """A translator and her newsroom: the index of all stories, and one of FEW."""
    person = factories.make_person("itzel", "translator_en")
    home = factories.make_home()
    newsroom.make_terms(home)
    index = factories.make_index(home)
    few = NewsIndexPage(headline_es="Archivo", headline_en="Archive", live=False)
    home.add_child(instance=few)
    few = publish_languages(page=few, languages=["es", "en"])
    for number in range(FEW):
        words = newsroom.words(f"Vieja-{number}", f"Old-{number}")
        factories.make_story(few, live=("es", "en")[: 1 + number % 2], **words)
    newsroom.make_busy(newsroom.fill(index, pages), person)
    if connection.vendor == "postgresql":  # what autovacuum does within a minute
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return index, few


def add_desk(report: Report, client: Client, pages: int) -> None:
    """Opening the desk: queries beyond an empty admin page's, and time."""
    empty = queries(client, EMPTY)
    report.add("queries of an empty admin page, not counted below", 1, empty, "queries")
    for subject, url in (
        ("the desk as its menu item opens it", "/cms/translations/"),
        ("the desk of a language", DESK),
        ("the desk, tenth page of the queue", f"{DESK}&p=10"),
    ):
        own = queries(client, url) - empty
        report.add(f"{subject}: queries", pages, own, "queries", MOST_QUERIES)
        wall, processor = middle([timed(client, url) for _ in range(REQUESTS)])
        report.add(f"{subject}: median of {REQUESTS}", pages, wall, "ms", MOST_MS)
        report.add(f"{subject}: processor time of that", pages, processor, "ms")
    wall, processor = middle([timed(client, EMPTY) for _ in range(REQUESTS)])
    report.add(f"an empty admin page: median of {REQUESTS}", 1, wall, "ms")
    report.add("an empty admin page: processor time of that", 1, processor, "ms")


def add_listing(
    report: Report, client: Client, index: NewsIndexPage, few: NewsIndexPage
) -> None:
    """The explorer with chips against Wagtail's own, one after the other in turns."""
    ours, stock = f"/cms/pages/{index.pk}/", f"/bench/stock/{index.pk}/"
    short = f"/cms/pages/{few.pk}/"
    many, fewer = queries(client, ours), queries(client, short)
    report.add("listing with chips: queries", FEW, fewer, "queries")
    report.add("listing with chips: queries", ROWS, many, "queries", fewer)
    report.add("stock listing: queries", ROWS, queries(client, stock), "queries")
    spent: dict[str, list[tuple[float, float]]] = {ours: [], stock: []}
    for number in range(ROUNDS):
        for url in (ours, stock) if number % 2 else (stock, ours):
            spent[url].append(timed(client, url))
    for subject, url in (("listing with chips", ours), ("stock listing", stock)):
        wall, processor = middle(spent[url])
        report.add(f"{subject}: median of {ROUNDS}", ROWS, wall, "ms")
        report.add(f"{subject}: processor time of that", ROWS, processor, "ms")
    ratio = middle(spent[ours])[0] / middle(spent[stock])[0]
    report.add("listing_vs_stock", ROWS, ratio, "times", MOST_TIMES_STOCK)
    report.ratios["listing_vs_stock"] = round(ratio, 3)


def queries(client: Client, url: str) -> int:
    """How many queries a request takes, once everything is warm."""
    get(client, url)
    with CaptureQueriesContext(connection) as captured:
        get(client, url)
    return len(captured)


def timed(client: Client, url: str) -> tuple[float, float]:
    """Milliseconds of one request: by the clock, and of this process's processor.

    They drift apart where other programs want the processor too, and by what a
    database server does itself.
    """
    began = time.perf_counter(), time.process_time()
    get(client, url)
    ended = time.perf_counter(), time.process_time()
    return (ended[0] - began[0]) * 1000, (ended[1] - began[1]) * 1000


def middle(spent: list[tuple[float, float]]) -> tuple[float, float]:
    """The median of each."""
    return median(wall for wall, _own in spent), median(own for _wall, own in spent)


def get(client: Client, url: str) -> None:
    """Ask for a page; anything but the page ends the run."""
    answer = client.get(url)
    if answer.status_code != 200:
        sys.exit(f"{url} answers {answer.status_code}.")


def server_version() -> str:
    """The database's version."""
    number = connection.get_database_version()
    return ".".join(str(part) for part in number)
