"""Processes that are measured: how long together, and how much processor time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        processes = [
            subprocess.Popen(command, env=dict(each), stdout=output)
            for each in environments
        ]
        cpu_s = sum(map(_wait, processes))
        wall_s = time.perf_counter() - began
        output.seek(0)
        lines = output.read().decode().splitlines()
    if any(process.returncode for process in processes):
        sys.exit(f"{command} failed")
    return Usage(wall_s, cpu_s, [json.loads(line) for line in lines])


def _wait(process: subprocess.Popen) -> float:
    """Wait for its end; the processor time it took."""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime
