"""`kill -9` of the worker in the middle of a sending; the sink's log is the truth."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.site import Site, kill_all, wait_until

RECIPIENTS = 500
CONNECTIONS = 4
LATENCY_S = 0.02
WORKERS = (
    "from newsletter.models import Chunk;"
    "print(*Chunk.objects.values_list('worker', flat=True))"
)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("faults"),
]


def server_urls():
    """The servers this run has: none for the embedded site, else both."""
    database = os.environ.get("DATABASE_URL", "")
    if not database.startswith("postgres"):
        return "", ""
    return database, os.environ.get("TEST_REDIS_URL", os.environ.get("REDIS_URL", ""))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("migrated"), *server_urls())
    try:
        site.migrate()
        yield site
    finally:
        site.close()


@pytest.fixture
def site(tmp_path, migrated):
    site = Site(tmp_path, *server_urls())
    try:
        site.copy_database(migrated)
        site.start_sink(LATENCY_S)
        yield site
    finally:
        site.close()


def start_sending(site) -> str:
    code = (
        "from tests.faults.prepare import start_sending;"
        f"print(start_sending({RECIPIENTS}, 100, {CONNECTIONS}))"
    )
    return site.manage("shell", "-v", "0", "-c", code).split()[-1]


def children_of(process) -> list[int]:
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in found.split()]


def kill_sending_child(process) -> None:
    """Kill the pool process that holds a journal, as an out-of-memory killer would."""
    for child in children_of(process):
        files = Path(f"/proc/{child}/fd").iterdir()
        if any(os.readlink(file).endswith(".journal") for file in files):
            os.kill(child, signal.SIGKILL)


def test_everyone_gets_one_mail_although_the_worker_is_killed_twice(site):
    dispatch = start_sending(site)
    worker = site.start_worker()
    wait_until(lambda: len(site.accepted()) >= 120, "the first hundred mails")
    kill_all(worker)
    killed_at = len(site.accepted())
    worker = site.start_worker()
    wait_until(lambda: len(site.accepted()) >= killed_at + 120, "a second hundred")
    kill_sending_child(worker)
    wait_until(lambda: len(site.accepted()) >= RECIPIENTS - 2 * CONNECTIONS, "most")
    wait_until(lambda: site.status(dispatch)["state"] == "sent", "the end")
    check(site, dispatch, kills=2)


def check(site, dispatch, kills):
    status = site.status(dispatch)
    accepted = Counter(site.accepted())
    uncertain = {
        line.partition("\t")[2]
        for line in site.manage("list_uncertain", dispatch).splitlines()
        if line
    }
    assert [to for to, mails in accepted.items() if mails > 1] == []
    assert status["sent"] + status["uncertain"] == status["audience"] == RECIPIENTS
    assert len(uncertain) == status["uncertain"] <= kills * CONNECTIONS
    everyone = {f"r{number}@lectores.example" for number in range(RECIPIENTS)}
    assert everyone - set(accepted) <= uncertain


def test_a_worker_that_is_asked_to_stop_leaves_nobody_uncertain(site):
    dispatch = start_sending(site)
    worker = site.start_worker()
    wait_until(lambda: len(site.accepted()) >= 60, "the first mails")
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=60)
    status = site.status(dispatch)
    assert status["claimed"] == status["uncertain"] == 0
    assert status["sent"] == len(site.accepted()) < RECIPIENTS
    site.start_worker()
    wait_until(lambda: len(site.accepted()) >= RECIPIENTS, "the rest")
    wait_until(lambda: site.status(dispatch)["state"] == "sent", "the end")
    check(site, dispatch, kills=0)


def test_two_machines_share_a_sending(site):
    dispatch = start_sending(site)
    code = (
        "from newsletter.dispatching.running import run_sender;"
        f"run_sender({dispatch}, 60)"
    )
    machines = [
        site.start("manage.py", "shell", "-c", code, DATA_DIR=str(site.folder / name))
        for name in ("one", "two")
    ]
    for machine in machines:
        assert machine.wait(timeout=120) == 0
    check(site, dispatch, kills=0)
    workers = site.manage("shell", "-v", "0", "-c", WORKERS).split()
    names = [
        (site.folder / name / "journal" / "folder-id").read_text()
        for name in ("one", "two")
    ]
    assert set(workers) == {f"{name}-1" for name in names}
