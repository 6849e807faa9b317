"""/readyz says 503 and what is missing, one cause at a time; /healthz never asks."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from config import health

NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue(settings, tmp_path):
    """The embedded default: a queue in a folder."""
    folder = tmp_path / "queue"
    folder.mkdir()
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(folder)}
    return folder


@pytest.fixture
def well(queue, monkeypatch, tmp_path):
    """A site where all is in order."""
    monkeypatch.setattr(health, "BEAT_FILE", tmp_path / "last-beat")
    health.note_beat()
    return queue


def missing(client) -> set[str]:
    answer = client.get("/readyz")
    checks = answer.json()
    assert answer.status_code == (200 if all(checks.values()) else 503)
    assert set(checks) == {"database", "broker", "beat"}
    return {name for name, is_well in checks.items() if not is_well}


def test_a_site_in_order_is_ready(well, client):
    assert missing(client) == set()


def test_a_database_that_does_not_answer_is_named(well, client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    assert missing(client) == {"database"}


def test_a_queue_folder_that_cannot_be_written_is_named(well, client):
    well.rmdir()
    assert missing(client) == {"broker"}


def test_a_check_leaves_nothing_in_the_queue(well, client):
    missing(client)
    assert list(well.iterdir()) == []


@pytest.mark.parametrize("text", ["", "nonsense", "1700000000.5"])
def test_a_beat_that_is_late_is_named(well, client, text):
    health.BEAT_FILE.write_text(text)
    assert missing(client) == {"beat"}


def test_a_redis_that_does_not_answer_is_named_and_is_no_error(
    client, settings, monkeypatch
):
    settings.CELERY_BROKER_URL = NOBODY
    settings.CACHES = {
        "default": {"BACKEND": "config.caches.ForgivingRedisCache", "LOCATION": NOBODY}
    }
    monkeypatch.setenv("CELERY_BROKER_READ_URL", NOBODY)
    assert missing(client) == {"broker", "beat"}


def test_the_process_is_alive_whatever_is_missing(queue, client):
    queue.rmdir()
    assert client.get("/healthz").status_code == 200
