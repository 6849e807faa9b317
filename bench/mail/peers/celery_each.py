"""One Celery task for each recipient, with Django's `send_mail`; two worker processes.

Run in the competitors' environment: `celery_each.py COUNT PORT LETTER FOLDER`, with a
Redis server in REDIS_URL. The task only puts the link in: no query, no template.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import setting_up
from celery import Celery

count, letter = setting_up.start(apps=[])

from django.core.mail import send_mail  # noqa: E402

app = Celery("celery_each", broker=os.environ["REDIS_URL"])
app.conf.task_ignore_result = True


@app.task(name="send_one")
def send_one(address: str, token: str) -> None:
    """One mail."""
    link = f"https://pregon.example/leave/{token}/"
    text, html = (setting_up.with_link(letter[part], link) for part in ("text", "html"))
    sender = "news@pregon.example"
    send_mail(letter["subject"], text, sender, [address], html_message=html)


@contextmanager
def running_worker() -> Iterator[None]:
    """A worker that answers; it ends with the block."""
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "celery_each"]
    options = ["--concurrency", "2", "--loglevel", "ERROR", "--without-gossip"]
    worker = subprocess.Popen(
        [*celery, "worker", *options],
        cwd=Path(__file__).parent,
        env=os.environ | {"BENCH_ARGUMENTS": " ".join(sys.argv[1:])},
        stdout=subprocess.DEVNULL,
    )
    try:
        while not app.control.ping(timeout=0.5):
            if worker.poll() is not None:
                raise SystemExit("the Celery worker has ended")
        yield
    finally:
        worker.terminate()
        worker.wait()


def send_all() -> None:
    """Queue a task for everybody and wait until all are delivered."""
    for number, address in enumerate(setting_up.addresses(count)):
        send_one.delay(address, f"{number:060}")
    while setting_up.accepted() < count:
        time.sleep(0.05)


if __name__ == "__main__":
    with running_worker():
        setting_up.timed(send_all)
