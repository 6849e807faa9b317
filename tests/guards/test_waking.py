"""Waking a worker: on commit, by name, and never at the cost of what was committed."""

from __future__ import annotations

import pytest
from django.db import transaction

from config.celery import app
from guards.waking import wake_on_commit

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("no_broker")
def test_a_broker_that_is_down_breaks_nothing(
    django_capture_on_commit_callbacks, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        wake_on_commit("newsletter.tasks.run_dispatch", 7)
    assert "newsletter.tasks.run_dispatch(7,) waits" in caplog.text


@pytest.mark.usefixtures("no_broker")
def test_nothing_is_tried_before_the_commit(django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks() as waiting, transaction.atomic():
        wake_on_commit("newsletter.tasks.run_dispatch", 7)
    assert len(waiting) == 1
    assert not caplog.text


def test_the_task_goes_to_its_own_queue(django_capture_on_commit_callbacks):
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue("mail")
        queue.clear()  # other tests have left theirs
        with django_capture_on_commit_callbacks(execute=True):
            wake_on_commit("mail.tasks.send_queued", 7)
        found = queue.get(timeout=5)
    assert found.headers["task"] == "mail.tasks.send_queued"
    assert found.headers["argsrepr"] in {"[7]", "(7,)"}
    found.ack()
