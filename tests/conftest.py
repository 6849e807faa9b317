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
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if os.environ.get("PYTEST_XDIST_WORKER") and config.getvalue("loadgroup"):
        lost = [item.nodeid for item in grouped if "@" not in item.nodeid]
        assert not lost, f"pytest-xdist does not keep these together: {lost[:3]}"
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
