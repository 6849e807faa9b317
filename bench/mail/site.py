"""Our site as the bench needs it: a database with its tables, and steps run inside."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.mail.processes import Usage, run_once_ready, run_together

ROOT = Path(__file__).resolve().parents[2]
INSIDE = [sys.executable, "-m", "bench.mail.inside"]


@dataclass
class Site:
    """A site whose processes each take a data folder of their own, as machines do."""

    folder: Path
    database_url: str
    redis_url: str = ""
    connections: int = 16  # of each process
    _key: str = field(default_factory=lambda: secrets.token_urlsafe(50))

    def variables(self, machine: int, smtp_port: int = 25) -> dict[str, str]:
        """The environment of a process on one of its machines."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "ENV_FILE": os.devnull,
            "SECRET_KEY": self._key,
            "SITE_URL": "https://pregon.example",
            "DATA_DIR": str(self.folder / f"machine-{machine}"),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "BENCH_CONNECTIONS": str(self.connections),
        }

    def migrate(self) -> None:
        """Make the tables; on PostgreSQL those of template1 are copied."""
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=self.variables(0), check=True)

    def step(self, *step: str | int) -> dict[str, Any]:
        """One step of `inside` in a process of its own; what it said."""
        command = [*INSIDE, *map(str, step)]
        return run_together(command, [self.variables(0)]).said[0]

    def send(self, dispatch: int, smtp_port: int, processes: int) -> Usage:
        """Send a dispatch with processes that wait for it, as workers do."""
        machines = [self.variables(each, smtp_port) for each in range(processes)]
        return run_once_ready([*INSIDE, "send", str(dispatch)], machines)


def copied_database(server_url: str, name: str) -> str:
    """A database with the tables that the server's template1 has; its URL."""
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"{server_url}/{name}"
