"""A site of its own for fault tests: folder, database, broker, sink, real processes.

On servers it has a PostgreSQL and a Redis that nobody else uses, as both are killed,
and two hosts: workers with data folders of their own. Embedded it has one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scripts import servers
from scripts.servers import free_port
from tests import migrated
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def embedded(folder: Path, made_before: Path) -> Iterator[Site]:
    """A site on SQLite and files; its tables are copied from that folder."""
    database = folder / "site.sqlite3"
    shutil.copy(migrated.made_once(made_before), database)
    with contextlib.closing(Site(folder, f"sqlite:///{database}")) as site:
        yield site


@contextlib.contextmanager
def on_servers(folder: Path, tables_from: str) -> Iterator[Site]:
    """A site on servers of its own; its tables are copied from that database."""
    with tempfile.TemporaryDirectory(prefix="pregon-faults-") as own:
        Path(own).chmod(0o755)  # PostgreSQL runs as somebody else
        with servers.cluster(Path(own) / "postgres") as url:
            dump = [servers.program("pg_dump"), tables_from]
            tables = subprocess.run(dump, capture_output=True, check=True).stdout
            load = [servers.program("psql"), "--quiet", f"{url}/postgres"]
            quiet = {"stdout": subprocess.DEVNULL, "check": True}
            subprocess.run(load, input=tables, **quiet)
            with contextlib.closing(Site(folder, f"{url}/postgres", free_port())) as it:
                it.start_redis()
                yield it


class Site:
    """Everything lies in `folder`; `close` ends what was started and nothing else."""

    def __init__(self, folder: Path, database_url: str, redis_port: int = 0) -> None:
        self.folder = folder
        self.hosts = ["one", "two"] if redis_port else ["one"]
        self.workers: dict[str, subprocess.Popen] = {}
        self.sink: subprocess.Popen | None = None
        self.redis: subprocess.Popen | None = None
        self.log = folder / "accepted.log"
        self._latency_s = 0.0
        self.database_url = database_url
        self._port = free_port()
        self._redis_port = redis_port
        self._processes: list[subprocess.Popen] = []
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "DATA_DIR": str(folder / "one"),
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "for tests only " * 4,
            "DATABASE_URL": database_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self._port}",
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }
        if redis_port:
            self.env["REDIS_URL"] = f"redis://127.0.0.1:{redis_port}/0"
        obey = "from tests.faults import prepare; prepare.obey()"
        shell = [sys.executable, "manage.py", "shell", "-v", "0", "-c", obey]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._desk = self._start(shell, {}, **pipes)

    @property
    def is_embedded(self) -> bool:
        return not self._redis_port

    def order(self, name: str, *arguments: Any) -> Any:
        """Have a function of `prepare` run; returns what it does."""
        print(json.dumps([name, *arguments]), file=self._desk.stdin, flush=True)
        answer = self._desk.stdout.readline()
        assert answer, self.last_words()
        return json.loads(answer)

    def last_words(self) -> str:
        """The end of what all processes wrote."""
        return (self.folder / "processes.log").read_text(errors="replace")[-8000:]

    def start(self, *command: str, **variables: str) -> subprocess.Popen:
        """Start a process of Python in a session of its own."""
        return self._start([sys.executable, *command], variables)

    def _start(
        self, command: list, variables: dict[str, str], **pipes: Any
    ) -> subprocess.Popen:
        with (self.folder / "processes.log").open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env | variables,
                start_new_session=True,
                **({"stdout": output, "stderr": output} | pipes),
            )
        self._processes.append(process)
        return process

    def start_sink(self, log: str, latency_s: float) -> None:
        """A mail server that writes a log of that name; the one before is killed."""
        self.log, self._latency_s = self.folder / log, latency_s
        self.restart_sink()

    def restart_sink(self) -> None:
        if self.sink:
            kill_all(self.sink)
        options = [str(self._port), str(self.log), str(self._latency_s)]
        self.sink = self.start(str(ROOT / "tests/faults/sink.py"), *options)
        wait_until(self.log.exists, "the sink is up")

    def start_redis(self) -> None:
        """On the same port as before, and as empty as a Redis without a disk is."""
        options = ["--port", str(self._redis_port), "--bind", "127.0.0.1"]
        options += ["--save", "", "--appendonly", "no"]
        self.redis = self._start([servers.find("redis-server"), *options], {})

    def start_worker(self, host: str) -> None:
        """The worker as the Procfile starts it."""
        worker = ["-m", "celery", "-A", "config", "worker"]
        options = ["--queues", "mail,default,pictures", "--concurrency", "2"]
        options += ["--loglevel", "INFO", "--hostname", host]
        options += ["--without-gossip", "--without-mingle"]
        data = {"DATA_DIR": str(self.folder / host)}
        self.workers[host] = self.start(*worker, *options, **data)

    def start_beat(self) -> subprocess.Popen:
        beat = ["-m", "celery", "-A", "config", "beat", "--pidfile="]
        return self.start(*beat, "--loglevel", "WARNING")

    def accepted(self) -> list[str]:
        """Every address the sink took a mail for, once per mail."""
        return self.log.read_text().split()

    def close(self) -> None:
        for process in self._processes:
            kill_all(process)
        self._desk.stdin.close()
        self._desk.stdout.close()


def kill_all(process: subprocess.Popen) -> None:
    """`kill -9` for a process and its children, all at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
