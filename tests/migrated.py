"""SQLite's tables, made once for all test processes and kept until they change.

Running every migration takes some ten seconds, in each of pytest's processes. The
first makes a file, the others load it; Django still looks whether anything is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.db.backends.sqlite3.creation import DatabaseCreation

ROOT = Path(__file__).resolve().parent.parent


class Creation(DatabaseCreation):
    """Makes a test database in memory that has its tables already."""

    folder: Path
    filled: sqlite3.Connection  # the database lives as long as this

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False):
        name = super()._create_test_db(verbosity, autoclobber, keepdb)
        self.filled = sqlite3.connect(name, uri=True)
        with closing(sqlite3.connect(made_once(self.folder))) as made:
            made.backup(self.filled)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        self.filled.close()
        super()._destroy_test_db(test_database_name, verbosity)


def made_once(folder: Path) -> Path:
    """The file for the migrations as they are, made where it is missing."""
    path = folder / f"{_digest()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            _migrate(path.with_suffix(".part"))
            path.with_suffix(".part").rename(path)
    return path


def _digest() -> str:
    sources = [ROOT / "requirements.lock"]
    for room in ("site", "news", "newsletter"):
        for kind in ("migrations/*.py", "models.py", "models/*.py"):
            sources += sorted((ROOT / room).rglob(kind))
    whole = hashlib.sha256()
    for source in sources:
        whole.update(source.read_bytes())
    return whole.hexdigest()[:16]


def _migrate(path: Path) -> None:
    path.unlink(missing_ok=True)
    own = {"DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=os.environ | own, cwd=ROOT, check=True)
