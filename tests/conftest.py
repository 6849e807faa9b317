"""What every test may count on."""

from __future__ import annotations

import gc
import os

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import translation
from modelsearch import signal_handlers
from modelsearch.tasks import insert_or_update_object_task

from config.celery import app
from pictures import rendering
from scripts.servers import find
from tests import migrated

# Every query that these make is made on servers too, by the tests of what they show,
# by `test_filled_pages.py`, which opens each kind of page, and by the browser's story.
WORDS_AND_LOOKS = (
    "tests/config/test_environment", "tests/config/test_workers", "tests/demo/",
    "tests/mail/", "tests/people/", "tests/pictures/", "tests/scripts/", "tests/test_",
    "front/test_home_page", "front/test_previews", "front/test_query_counts",
    "news/test_story_page", "newsletter/test_composing", "pages/test_alts",
    "newsletter/test_issue_admin_e", "newsletter/test_issue_admin_m",
    "pages/test_blocks", "pages/test_pictures", "pages/test_telling",
)  # fmt: skip

# What is clicked in the admin, over functions that are tested on servers by themselves.
CLICKED = (
    "news/test_admin", "newsletter/test_issue_admin_s", "newsletter/test_issue_archive",
    "newsletter/test_issue_as_reader", "newsletter/test_issue_filling",
    "newsletter/test_issue_links", "newsletter/test_issue_rights",
    "newsletter/test_issue_scheduling", "newsletter/test_issue_send_page",
    "newsletter/test_newsletter_index", "newsletter/test_subscribing_form",
    "offices/test_admin", "offices/test_pages", "pages/test_admin",
    "pages/test_approval", "pages/test_choosers", "pages/test_locks",
    "pages/test_rights",
    "pages/test_undo", "tests/starting/", "topics/test_hubs", "topics/test_uses",
    "translations/test_assigned", "translations/test_desk", "translations/test_notes",
    "translations/test_texts",
)  # fmt: skip

# An editor's and a translator's days by hand, in Chromium: minutes each.
DAYS = (
    "browser/test_article.py", "browser/test_desk", "browser/test_editor",
    "browser/test_up.py",
)  # fmt: skip

# More of what other tests have seen already.
ONLY_IN_AUDIT = (
    "::test_a_used_site_takes_it_when_told_to",
    *(f"::test_a_picture_fills_its_sheet_with_colour[{key}]" for key in (
        "boats", "cacao", "channel", "coffee", "delta", "loom", "paramo", "rain",
        "terraces", "vines",
    )),
)  # fmt: skip

# The way from the desk to the inbox; workers that stop, share a sending and vanish.
OF_SERVERS = (
    "browser/test_story.py",
    "::test_a_worker_that_is_asked_to_stop_leaves_nobody_uncertain",
    "::test_two_hosts_share_a_sending",
    "::test_a_vanished_hosts_mails_are_in_doubt_until_it_comes_back",
)


@pytest.fixture(scope="session")
def migrated_folder(request):
    """Where SQLite's tables are kept for other processes and the next run."""
    cache = getattr(request.config, "cache", None)  # gone with -p no:cacheprovider
    return cache.mkdir("migrated") if cache else settings.DATA_DIR


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, migrated_folder
):
    """SQLite's tables are not made again by every process."""
    if connection.vendor == "sqlite":
        migrated.Creation.folder = migrated_folder
        connection.creation.__class__ = migrated.Creation


@pytest.fixture(autouse=True)
def english():
    """English is active: a language that another test activated does not leak in."""
    with translation.override("en"):
        yield


class ReadersOnly:
    """Stands for modelsearch's task."""

    @staticmethod
    def enqueue(app_label, model_name, pk):
        if model_name == "searchentry":
            insert_or_update_object_task.enqueue(app_label, model_name, pk)


@pytest.fixture(autouse=True)
def _without_wagtails_index(request, monkeypatch):
    """Wagtail's own index of pages serves the admin's search only, and is a fourth of a
    save. What readers search is ours."""
    if "wagtails_index" not in request.fixturenames:
        monkeypatch.setattr(
            signal_handlers, "insert_or_update_object_task", ReadersOnly
        )


@pytest.fixture(autouse=True)
def _quick_encoder(request, monkeypatch):
    """Phones' pictures are encoded as quickly as all others: a second each."""
    if "patient_encoder" not in request.fixturenames:
        monkeypatch.setattr(rendering, "AVIF_FOR_PHONES", rendering.AVIF)


@pytest.fixture
def patient_encoder():
    """Kept, for tests of what they weigh."""


@pytest.fixture
def wagtails_index():
    """Kept, for tests that search in the admin."""


@pytest.fixture
def no_broker():
    """A broker that refuses every connection."""
    Celery("broken", broker="redis://127.0.0.1:1/0").set_current()
    yield
    app.set_current()


def pytest_collection_finish(session):
    """Python looks less often for garbage, and never at Django: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Groups that share a site stay on one worker and come first: they take longest."""
    # Who names a folder or a file runs all of it.
    is_whole = list(config.args) == config.getini("testpaths")
    if is_whole and not os.environ.get("AUDIT"):
        keep(config, items, wanted(items))
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if os.environ.get("PYTEST_XDIST_WORKER") and config.getvalue("loadgroup"):
        lost = [item.nodeid for item in grouped if "@" not in item.nodeid]
        assert not lost, f"pytest-xdist does not keep these together: {lost[:3]}"
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def wanted(items):
    """What `make test` runs here."""
    here = [item for item in items if not is_left_to_the_audit(item)]
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return list(first_values(filter(meets_a_server, here)))
    if find("postgres"):
        return [item for item in here if not is_of_servers(item)]
    return here


def keep(config, items, kept):
    """Run these only. `make audit` runs everything, on SQLite and on servers."""
    left_out = set(items) - set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = kept


def first_values(items):
    """Each test with the first of its values: the others passed on SQLite."""
    seen = set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        if name not in seen:
            seen.add(name)
            yield item


def is_left_to_the_audit(item):
    """What `make test` has no time for, by its name."""
    name = item.nodeid.partition("@")[0]
    return name.endswith(ONLY_IN_AUDIT) or any(day in name for day in DAYS)


def is_of_servers(item):
    """Long tests of how processes work together, at home where sites have servers."""
    return any(name in item.nodeid for name in OF_SERVERS)


def meets_a_server(item):
    """Whether a test says something new about a database server, Redis or a site.

    Tests of words and looks do not; of the browser's tests only the story does.
    """
    if item.get_closest_marker("browser"):
        return is_of_servers(item)
    if any(room in item.nodeid for room in (*WORDS_AND_LOOKS, *CLICKED)):
        return False
    marked = any(map(item.get_closest_marker, ("django_db", "xdist_group")))
    uses = {"db", "transactional_db"} & set(item.fixturenames)
    return marked or uses or "tests/guards/" in item.nodeid or "redis" in item.nodeid
