"""The supervisor ends whatever it started, however it is told to stop."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from scripts.supervisor import parse_procfile
from tests.processes import descendants, left_of

ROOT = Path(__file__).resolve().parents[2]
RUN = (
    "import json, sys; from scripts.supervisor import Supervisor;"
    "sys.exit(Supervisor(json.loads(sys.argv[1]), grace_s=2).run())"
)
SLEEPERS = dict.fromkeys(("web", "worker"), "sh -c 'echo up; exec sleep 60'")
DEAF = "sh -c 'trap \"\" TERM; echo up; sleep 60; sleep 60'"
WITH_CHILD = "sh -c 'sleep 60 & echo up; wait'"


@pytest.fixture
def run():
    """`run(commands)`: a supervisor whose commands have all said that they are up."""
    started = []

    def start(commands: dict[str, str], **options) -> tuple[subprocess.Popen, list]:
        options = {"stdout": subprocess.PIPE, "start_new_session": True, **options}
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, json.dumps(commands)],
            cwd=ROOT,
            text=True,
            **options,
        )
        started.append(process)
        if process.stdout:
            wait_for_all(process.stdout, commands)
        return process, descendants(process.pid)

    yield start
    for process in started:
        for pid in [*descendants(process.pid), process.pid]:
            if left_of([pid], 0):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


def wait_for_all(output, commands: dict[str, str]) -> None:
    """Read until each command has printed `up`."""
    waiting = set(commands)
    while waiting:
        found = re.search(r"(\w+) +\| up", output.readline())
        waiting -= {found[1]} if found else set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_leaves_nothing_behind(run, number):
    process, children = run({**SLEEPERS, "beat": WITH_CHILD})
    assert len(children) >= 4
    process.send_signal(number)
    assert process.wait(timeout=20) == 0
    assert left_of(children) == []


def test_what_does_not_listen_is_killed(run):
    process, children = run({**SLEEPERS, "deaf": DEAF})
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    assert left_of(children) == []


def test_when_one_ends_the_rest_is_stopped_and_it_is_named(run):
    process, children = run({**SLEEPERS, "brief": "sh -c 'echo up; sleep 1; exit 3'"})
    said = process.stdout.read()
    assert process.wait(timeout=20) == 1
    assert "brief ended with 3" in said
    assert left_of(children) == []


def test_commands_are_stopped_in_their_order(run, tmp_path):
    """The mail server outlives the worker, which hands it the mails it holds."""
    log = tmp_path / "order"

    def slow(name: str, wait_s: float) -> str:
        ending = f"sleep {wait_s}; echo {name} >> {log}; exit"
        return (
            f"""sh -c 'trap "{ending}" TERM; echo up; while :; do sleep 0.05; done'"""
        )

    process, _children = run({"worker": slow("worker", 0.5), "mail": slow("mail", 0)})
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert log.read_text().split() == ["worker", "mail"]


def test_a_reader_that_went_away_does_not_keep_it_from_stopping(run):
    """As in `make up | head`."""
    talker = "sh -c 'echo up; while :; do echo more; sleep 0.05; done'"
    process, children = run({**SLEEPERS, "talker": talker})
    process.stdout.close()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    assert left_of(children) == []


def test_a_closed_terminal_ends_everything(run):
    talker = "sh -c 'echo up; while :; do echo more; sleep 0.05; done'"
    ours, theirs = pty.openpty()

    def take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    commands = {**SLEEPERS, "talker": talker}
    process, _none_yet = run(
        commands, stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=take_terminal
    )
    os.close(theirs)
    with os.fdopen(ours, errors="replace") as terminal:
        wait_for_all(terminal, commands)
        children = descendants(process.pid)
        assert len(children) >= 3
    process.wait(timeout=20)
    assert left_of(children) == []


def test_a_procfile_is_read_in_its_order():
    text = "# comment: no\nweb: run --port $PORT a:b\n\nworker:  run\n"
    assert list(parse_procfile(text).items()) == [
        ("web", "run --port $PORT a:b"),
        ("worker", "run"),
    ]
