"""A site of its own for one fault test: folder, database, broker, real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE_S} s in vain: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def own_redis(url: str) -> str:
    """An emptied database of its own on this server for each pytest process."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    own = urlunsplit(urlsplit(url)._replace(path=f"/{8 + int(process) % 8}"))
    with redis.from_url(own) as server:
        server.flushdb()
    return own


class Site:
    """Everything lies in `folder`; `close` ends what was started and nothing else."""

    def __init__(
        self, folder: Path, database_url: str = "", redis_url: str = ""
    ) -> None:
        self.folder = folder
        self.log = folder / "accepted.log"
        self.port = free_port()
        self._server_url = database_url
        self._database = f"faults_{uuid.uuid4().hex[:12]}"
        self._processes: list[subprocess.Popen] = []
        own = f"sqlite:///{folder / 'site.sqlite3'}"
        if database_url:
            parts = urlsplit(database_url)
            own = urlunsplit(parts._replace(path=self._database))
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "DATA_DIR": str(folder / "data"),
            "ENV_FILE": os.devnull,
            "DATABASE_URL": own,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        if redis_url:
            self.env["REDIS_URL"] = own_redis(redis_url)

    def migrate(self, made_before: Path) -> None:
        """An empty database with all tables; SQLite's are in that folder."""
        if self._server_url:
            self._sql(f"CREATE DATABASE {self._database}")
        else:
            tables = migrated.made_once(made_before)
            shutil.copy(tables, self.folder / "site.sqlite3")
        self.manage("migrate", "--verbosity", "0")

    def copy_database(self, other: Site) -> None:
        """The tables of another site; migrating takes longer than the test."""
        if self._server_url:
            self._sql(f"CREATE DATABASE {self._database} TEMPLATE {other._database}")
        else:
            shutil.copy(other.folder / "site.sqlite3", self.folder / "site.sqlite3")

    def _sql(self, statement: str) -> None:
        admin = urlunsplit(urlsplit(self._server_url)._replace(path="postgres"))
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(statement.encode())

    def manage(self, *arguments: str) -> str:
        """Run one management command; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self, dispatch: str) -> dict:
        return json.loads(self.manage("send_status", dispatch, "--json"))

    def start(self, *command: str, **variables: str) -> subprocess.Popen:
        """Start a process in a session of its own."""
        output = (self.folder / "processes.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env | variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        output.close()
        self._processes.append(process)
        return process

    def start_sink(self, latency_s: float) -> None:
        sink = str(ROOT / "tests/faults/sink.py")
        self.start(sink, str(self.port), str(self.log), str(latency_s))
        wait_until(self.log.exists, "the sink is up")

    def start_worker(self, concurrency: int = 2) -> subprocess.Popen:
        """The worker as the Procfile starts it."""
        worker = ["-m", "celery", "-A", "config", "worker", "--queues", "mail,default"]
        options = ["--concurrency", str(concurrency), "--loglevel", "INFO"]
        return self.start(*worker, *options, "--without-gossip", "--without-mingle")

    def accepted(self) -> list[str]:
        """Every address the sink took a mail for, once per mail."""
        return self.log.read_text().split()

    def close(self) -> None:
        for process in self._processes:
            kill_all(process)
        if self._server_url:
            self._sql(f"DROP DATABASE IF EXISTS {self._database} WITH (FORCE)")


def kill_all(process: subprocess.Popen) -> None:
    """`kill -9` for a process and its children, all at once."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()
