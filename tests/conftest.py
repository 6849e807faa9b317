"""What every test may count on."""

from __future__ import annotations

import os

import pytest
from celery import Celery
from django.db import connection
from django.utils import translation

from config.celery import app
from tests import migrated


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, request):
    """SQLite's tables are not made again by every process."""
    if connection.vendor == "sqlite":
        migrated.Creation.folder = request.config.cache.mkdir("migrated")
        connection.creation.__class__ = migrated.Creation


@pytest.fixture(autouse=True)
def english():
    """English is active: a language that another test activated does not leak in."""
    with translation.override("en"):
        yield


@pytest.fixture
def no_broker():
    """A broker that refuses every connection."""
    Celery("broken", broker="redis://127.0.0.1:1/0").set_current()
    yield
    app.set_current()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Groups that share a site stay on one worker and come first: they take longest."""
    on_server = os.environ.get("DATABASE_URL", "").startswith("postgres")
    if on_server and not os.environ.get("AUDIT"):
        leave_out_what_servers_do_not_change(config, items)
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if os.environ.get("PYTEST_XDIST_WORKER") and config.getvalue("loadgroup"):
        lost = [item.nodeid for item in grouped if "@" not in item.nodeid]
        assert not lost, f"pytest-xdist does not keep these together: {lost[:3]}"
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def leave_out_what_servers_do_not_change(config, items):
    """Not again what has passed on SQLite and says nothing new about a server.

    A test runs with the first of its values, and of the browser's stories the one that
    goes from the desk to the inbox. `make audit` runs everything.
    """
    again, seen = [], set()
    for item in items:
        name = item.nodeid.partition("[")[0]
        if meets_a_server(item) and name not in seen:
            again.append(item)
            seen.add(name)
    left_out = set(items) - set(again)
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = again


def meets_a_server(item):
    """Whether a test uses the database, Redis or a site of its own."""
    if item.get_closest_marker("browser"):
        return "test_story.py" in item.nodeid
    if "tests/demo/" in item.nodeid:
        return False  # the browser's site loads it there
    marked = any(map(item.get_closest_marker, ("django_db", "xdist_group")))
    uses = {"db", "transactional_db"} & set(item.fixturenames)
    return marked or uses or "tests/guards/" in item.nodeid or "redis" in item.nodeid
