"""Processes that are measured: how long together, and how much processor time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Usage:
    """What processes that ran at the same time took; `said` is the JSON of each."""

    wall_s: float
    cpu_s: float
    said: list[dict[str, Any]]


def run_together(
    command: Sequence[str], environments: Sequence[Mapping[str, str]]
) -> Usage:
    """Run a command once in each environment, from its start to the last one's end."""
    processes = [_start(command, each) for each in environments]
    return _measured(command, processes, time.perf_counter(), 0)


def run_once_ready(
    command: Sequence[str], environments: Sequence[Mapping[str, str]]
) -> Usage:
    """The same from the moment at which all have said that they are ready.

    A worker waits for work for days: its start is not part of a sending.
    """
    processes = [_start(command, each) for each in environments]
    for process in processes:
        if process.stdout.readline() != b"ready\n":
            sys.exit(f"{command} did not start")
    before_s = sum(_cpu_s(process.pid) for process in processes)
    began = time.perf_counter()
    for process in processes:
        process.stdin.write(b"go\n")
        process.stdin.flush()
    return _measured(command, processes, began, before_s)


def _start(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, env=dict(environment), **pipes)


def _measured(
    command: Sequence[str],
    processes: list[subprocess.Popen],
    began: float,
    before_s: float,
) -> Usage:
    cpu_s = sum(map(_wait, processes)) - before_s
    wall_s = time.perf_counter() - began
    if any(process.returncode for process in processes):
        sys.exit(f"{command} failed")
    said = [json.loads(process.stdout.read()) for process in processes]
    return Usage(wall_s, cpu_s, said)


def _cpu_s(pid: int) -> float:
    """The processor time a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait(process: subprocess.Popen) -> float:
    """Wait for its end; the processor time it took."""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
