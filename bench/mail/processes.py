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
    """Run a command once in each environment, until each has said what it has to."""
    processes = [_start(command, each) for each in environments]
    return _measured(command, processes, time.perf_counter(), 0)


def run_once_ready(
    command: Sequence[str], environments: Sequence[Mapping[str, str]]
) -> Usage:
    """The same from the moment at which all have said that they are ready.

    A worker waits for work for days: its start and its end are not part of a sending.
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
    said, cpu_s = [], -before_s
    for process in processes:
        said.append(process.stdout.readline())
        cpu_s += _cpu_s(process.pid)
    wall_s = time.perf_counter() - began
    codes = [process.wait() for process in processes]
    if any(codes) or not all(said):
        sys.exit(f"{command} failed")
    return Usage(wall_s, cpu_s, [json.loads(line) for line in said])


def _cpu_s(pid: int) -> float:
    """The processor time that a process and its ended children have taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
