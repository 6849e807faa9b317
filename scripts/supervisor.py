"""Run commands side by side until one ends or we are told to stop; leave none behind.

Each command leads a session of its own, so that neither Ctrl-C nor a closing terminal
reaches it: they reach us, and we ask the commands to end, one after the other in the
order given. What still runs after `GRACE_S`, or was left by a command that ended, is
killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import IO

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 30  # a worker hands over the mails it holds; idle it takes 7 s (Celery 5.7)


class Supervisor:
    """Shell commands by name, run together; call `run` once."""

    def __init__(self, commands: Mapping[str, str], grace_s: float = GRACE_S) -> None:
        self._commands = commands
        self._grace_s = grace_s
        self._children: dict[str, subprocess.Popen] = {}
        self._relays: list[threading.Thread] = []
        self._asked = False

    def run(self) -> int:
        """Run them; 0 where we were told to stop, 1 where a command ended by itself."""
        for number in STOPPING:
            signal.signal(number, self._ask)
        try:
            for name, command in self._commands.items():
                self._start(name, command)
            while not self._asked and not self._ended():
                time.sleep(0.1)
            for name in self._ended():
                code = self._children[name].returncode
                say(f"{name} ended with {code}; stopping the rest.\n")
        finally:
            self._stop()
        return 0 if self._asked else 1

    def _ask(self, number: int, frame: object) -> None:
        self._asked = True

    def _start(self, name: str, command: str) -> None:
        child = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._children[name] = child
        relay = threading.Thread(
            target=self._relay, args=[name, child.stdout], daemon=True
        )
        relay.start()
        self._relays.append(relay)

    def _relay(self, name: str, output: IO[str]) -> None:
        wide = max(map(len, self._commands))
        for line in output:
            say(f"{time.strftime('%H:%M:%S')} {name:<{wide}} | {line.rstrip()}\n")

    def _ended(self) -> list[str]:
        return [
            name for name, child in self._children.items() if child.poll() is not None
        ]

    def _stop(self) -> None:
        say("Stopping; what has been begun is finished first.\n")
        deadline = time.monotonic() + self._grace_s
        for child in self._children.values():
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0, deadline - time.monotonic()))
        for child in self._children.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        for relay in self._relays:
            relay.join(timeout=1)


def parse_procfile(text: str) -> dict[str, str]:
    """The commands of a Procfile by name, in its order."""
    lines = (line.partition(":") for line in text.splitlines())
    return {
        name.strip(): command.strip()
        for name, colon, command in lines
        if colon and not name.startswith("#")
    }


def say(text: str) -> None:
    """Print, unless nobody reads any more: stopping matters more."""
    with contextlib.suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()
