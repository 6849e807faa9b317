"""docker-compose.yml without Docker: our services as processes of this machine.

Command lines, environments and health checks are the file's own. Only what a container
would give them is put in its place: folders, ports and server addresses.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from scripts.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120
STOP_S = 20
PORTS = ("8000", "2525", "8025")  # web, the catcher's SMTP and its inbox
VARIABLE = re.compile(r"\$(\$)|\$\{(\w+)(?:(:[-?])([^}]*))?\}")


@dataclass
class Services:
    """Our services, run in `folder` against these servers with this `.env`."""

    folder: Path
    database_url: str
    redis_url: str
    dotenv: dict[str, str]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the file; give every port of ours a free one of this machine."""
        text = fill_in((ROOT / "docker-compose.yml").read_text(), self.dotenv)
        self.every = yaml.safe_load(text)["services"]
        self.ours = {
            name: service for name, service in self.every.items() if "build" in service
        }
        self.ports = {port: str(free_port()) for port in PORTS}
        for name in ("data", "tmp"):
            (self.folder / name).mkdir()

    def here(self, text: str) -> str:
        """What a container calls so, by its name on this machine."""
        database, broker = urlsplit(self.database_url), urlsplit(self.redis_url)
        places = {
            "/app": str(ROOT),
            "/data": str(self.folder / "data"),
            "/tmp": str(self.folder / "tmp"),
            "0.0.0.0": "127.0.0.1",  # noqa: S104 - a container's, narrowed here
            "catcher:2525": f"127.0.0.1:{self.ports['2525']}",
            "postgres:5432/pregon": database.netloc.rpartition("@")[2] + database.path,
            "redis:6379/0": broker.netloc + broker.path,
        } | self.ports
        names = "|".join(map(re.escape, places))
        return re.sub(
            rf"(?<![\w.])({names})(?![\w.])", lambda found: places[found[1]], text
        )

    def environment(self, name: str) -> dict[str, str]:
        """What Docker would set: the image's, then env_file's, then the service's."""
        service = self.ours[name]
        given = dockerfile_environment() | self.dotenv | service["environment"]
        return {key: self.here(value) for key, value in given.items()} | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(self.folder / "tmp"),
            "ENV_FILE": os.devnull,
            "HOSTNAME": socket.gethostname(),
        }

    def command(self, name: str) -> list[str]:
        """The service's command line, else the image's."""
        words = self.ours[name].get("command") or dockerfile_command()
        return [self.here(word) for word in words]

    def run_once(self, name: str) -> None:
        """Run a service that ends by itself; it must end with 0."""
        done = self._run(self.command(name), name, PATIENCE_S)
        assert done.returncode == 0, done.stdout

    def start(self, name: str) -> None:
        """Start a service in a session of its own; its output lies in `folder`."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                self.command(name),
                cwd=ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_running(self, name: str) -> bool:
        """True from its start until it ended."""
        return name in self.processes and self.processes[name].poll() is None

    def wait_until_healthy(self, name: str) -> None:
        """Run the service's own health check until it passes."""
        check = self.ours[name]["healthcheck"]
        kind, *words = [self.here(word) for word in check["test"]]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        seconds = float(check["timeout"].removesuffix("s"))
        self.wait_for(name, lambda: self._passes(command, name, seconds))

    def wait_for(self, name: str, condition: Callable[[], bool]) -> None:
        """Wait, not for ever; fail with the log where the service ended."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.processes[name].poll() is None, self.log(name)
            assert time.monotonic() < deadline, self.log(name)
            time.sleep(0.3)

    def stop(self, name: str) -> int:
        """SIGTERM to its first process, as Docker does; returns its exit code."""
        process = self.processes[name]
        process.send_signal(signal.SIGTERM)
        return process.wait(timeout=STOP_S)

    def close(self) -> None:
        """End what a failed test left running."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=STOP_S)

    def log(self, name: str) -> str:
        """The last of what the service printed."""
        return f"{name}:\n" + (self.folder / f"{name}.log").read_text()[-4000:]

    def _passes(self, command: list[str], name: str, seconds: float) -> bool:
        try:
            return self._run(command, name, seconds).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def _run(
        self, command: list[str], name: str, seconds: float
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment(name),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )


def fill_in(text: str, variables: dict[str, str]) -> str:
    """`$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as Compose does."""

    def value(found: re.Match) -> str:
        dollar, name, operator, rest = found.groups()
        given = variables.get(name or "", "")
        assert given or operator != ":?", f"{name}: {rest}"
        return dollar or given or (rest if operator == ":-" else "")

    return VARIABLE.sub(value, text)


def dockerfile_command() -> list[str]:
    """The image's CMD."""
    found = re.search(r"^CMD (\[.*\])$", dockerfile(), re.MULTILINE)
    assert found, "no CMD in JSON form in the Dockerfile"
    return json.loads(found[1])


def dockerfile_environment() -> dict[str, str]:
    """The image's ENV."""
    lines = re.findall(r"^ENV (.*)$", dockerfile(), re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def dockerfile() -> str:
    """The Dockerfile with continued lines joined."""
    return (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
