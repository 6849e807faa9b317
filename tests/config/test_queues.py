"""Slow work waits in a queue of its own, and workers are told to take from each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from celery import current_app

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r'--queues[", ]+([a-z,]+)')
IN = ("Procfile", "docker-compose.yml", "docs/operators.md", "tests/faults/site.py")


def queue_of(task: str) -> str:
    """Where this task is sent."""
    return current_app.amqp.router.route({}, task)["queue"].name


@pytest.fixture
def tasks() -> list[str]:
    current_app.loader.import_default_modules()
    return [name for name in current_app.tasks if not name.startswith("celery.")]


def test_what_draws_pictures_keeps_nothing_else_waiting(tasks):
    drawing = [name for name in tasks if queue_of(name) == "pictures"]
    assert set(drawing) == {
        "pictures.tasks.make_renditions",
        "pictures.tasks.make_waiting_renditions",
        "front.tasks.make_share_picture",
        "front.tasks.make_due_share_pictures",
    }
    assert queue_of("config.tasks.heartbeat") == "default"


@pytest.mark.parametrize("name", IN)
def test_workers_take_from_each_queue(name, tasks):
    wanted = {queue_of(task) for task in tasks}
    told = [set(found.split(",")) for found in NAMED.findall((ROOT / name).read_text())]
    assert told
    assert all(queues == wanted for queues in told)
