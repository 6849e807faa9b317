"""`kill -9` of the worker in the middle of a sending; the sink's log is the truth.

KILLS says how often; `make audit` kills more often than `make test`.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from tests.faults.site import Site, kill_all, wait_until

KILLS = int(os.environ.get("KILLS") or 2)
BETWEEN_KILLS = 120  # mails: a chunk and some
RECIPIENTS = 260 + KILLS * BETWEEN_KILLS
CONNECTIONS = 4
LATENCY_S = 0.02
WORKERS = (
    "from newsletter.models import Chunk;"
    "print(*Chunk.objects.values_list('worker', flat=True))"
)

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(200 + 50 * KILLS),
    pytest.mark.xdist_group("faults"),
]


def server_urls():
    """The servers this run has: none for the embedded site, else both."""
    database = os.environ.get("DATABASE_URL", "")
    if not database.startswith("postgres"):
        return "", ""
    return database, os.environ.get("TEST_REDIS_URL", os.environ.get("REDIS_URL", ""))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory, migrated_folder):
    site = Site(tmp_path_factory.mktemp("migrated"), *server_urls())
    try:
        site.migrate(migrated_folder)
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


def kill_sending_child(process) -> bool:
    """Kill the pool process that holds a journal, as an out-of-memory killer would."""
    for child in children_of(process):
        files = Path(f"/proc/{child}/fd").iterdir()
        if any(os.readlink(file).endswith(".journal") for file in files):
            os.kill(child, signal.SIGKILL)
            return True
    return False


def test_everyone_gets_one_mail_however_often_the_worker_is_killed(site):
    dispatch = start_sending(site)
    worker = site.start_worker()
    for number in range(KILLS):
        wait_for_mails(site, len(site.accepted()) + BETWEEN_KILLS)
        if number % 2:
            wait_until(partial(kill_sending_child, worker), "a child that sends")
        else:
            kill_all(worker)
            worker = site.start_worker()
    wait_for_mails(site, RECIPIENTS - KILLS * CONNECTIONS)
    wait_until(lambda: site.status(dispatch)["state"] == "sent", "the end")
    check(site, dispatch, kills=KILLS)


def wait_for_mails(site, count):
    wait_until(lambda: len(site.accepted()) >= count, f"{count} mails")


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
