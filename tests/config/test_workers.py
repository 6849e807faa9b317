"""How the worker and beat are set up: their logs, and jobs that do not pile up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "1.c3Vic2NyaXB0aW9uOjc.6745a0f0.0123456789abcdefghijkl"
# What a worker does before its first task, then a line by each way into the log.
WORK = f"""
import logging
import django
from celery import current_app
from celery.utils.log import get_task_logger

django.setup()
SET_UP
names = ["celery.app.trace", "celery.worker", "django.request", "mail.actions"]
for logger in [*map(logging.getLogger, names), get_task_logger("any.task")]:
    logger.error("GET %s failed", "/en/subscription/leave/{TOKEN}/")
    try:
        raise ValueError("no page at /u/{TOKEN}/")
    except ValueError:
        logger.exception("Task raised unexpected error")
"""


@pytest.mark.parametrize(
    "set_up", ["current_app.log.setup(loglevel='INFO', redirect_stdouts=True)", ""]
)
def test_no_token_reaches_the_log_of_a_worker_or_of_web(tmp_path, set_up):
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(tmp_path),
        "ENV_FILE": os.devnull,
    }
    result = subprocess.run(
        [sys.executable, "-c", WORK.replace("SET_UP", set_up)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    written = result.stdout + result.stderr
    assert TOKEN not in written
    assert written.count("GET /en/subscription/leave/-/ failed") == 5, written
    assert written.count("ValueError: no page at /u/-/") == 5, written


def test_a_job_that_is_due_again_replaces_the_one_that_waits():
    jobs = settings.CELERY_BEAT_SCHEDULE.values()
    frequent = [job for job in jobs if isinstance(job["schedule"], int)]
    assert len(frequent) > 5
    for job in frequent:
        assert 0 < job["options"]["expires"] <= job["schedule"], job["task"]
