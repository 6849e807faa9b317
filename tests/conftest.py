"""What every test may count on."""

from __future__ import annotations

import os

import pytest
from celery import Celery
from django.utils import translation

from config.celery import app


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
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        leave_out_what_servers_do_not_change(config, items)
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if os.environ.get("PYTEST_XDIST_WORKER") and config.getvalue("loadgroup"):
        lost = [item.nodeid for item in grouped if "@" not in item.nodeid]
        assert not lost, f"pytest-xdist does not keep these together: {lost[:3]}"
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


def leave_out_what_servers_do_not_change(config, items):
    """Tests without database or broker have passed on SQLite and say nothing new."""
    again = [item for item in items if meets_a_server(item)]
    config.hook.pytest_deselected(items=[i for i in items if i not in set(again)])
    items[:] = again


def meets_a_server(item):
    """Whether a test uses the database, Redis or a site of its own."""
    marked = any(map(item.get_closest_marker, ("django_db", "xdist_group")))
    uses = {"db", "transactional_db"} & set(item.fixturenames)
    return marked or uses or "tests/guards/" in item.nodeid or "redis" in item.nodeid
