"""Run a command with private PostgreSQL and Redis servers: `servers.py COMMAND …`.

Both listen on free loopback ports, keep their data in a temporary folder and end with
the command. The command finds them in DATABASE_URL and REDIS_URL.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def main() -> int:
    """Start the servers, run the command, stop the servers, pass its exit code on."""
    missing = [name for name in ("postgres", "redis-server") if not find(name)]
    if missing:
        sys.stderr.write(f"NOT TESTED on PostgreSQL and Redis: no {missing} here.\n")
        return 1 if os.environ.get("CI") else 0
    with tempfile.TemporaryDirectory(prefix="pregon-servers-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with postgres(root / "postgres") as database, redis(root / "redis") as broker:
            environment = os.environ | {"DATABASE_URL": database, "REDIS_URL": broker}
            return subprocess.call(sys.argv[1:], env=environment)


def find(name: str) -> str | None:
    """The program's path: on PATH, or where Debian keeps PostgreSQL's."""
    found = shutil.which(name)
    if name == "postgres" or not found:
        folders = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        found = str(folders[-1]) if folders else found
    return found


def program(name: str) -> Path:
    """One of PostgreSQL's own, of the version that `find` finds."""
    return Path(str(find("postgres"))).resolve().parent / name


# Linux takes the ports of outgoing connections from 32768 up (ip_local_port_range):
# one of those may be gone before whoever asked for it listens there.
OWN_PORTS = range(10_000, 32_000)


def free_port() -> int:
    """A port nobody uses just now, and no outgoing connection will take."""
    while True:
        # Not `random`: tests give every process the same seed.
        port = OWN_PORTS[secrets.randbelow(len(OWN_PORTS))]
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


# For tests: nothing outlives a crash, and nothing is tidied up behind their back.
FORGETFUL = (
    "-c fsync=off -c full_page_writes=off -c jit=off -c autovacuum=off"
    " -c wal_level=minimal -c max_wal_senders=0"
)


@contextlib.contextmanager
def postgres(folder: Path, options: str = FORGETFUL) -> Iterator[str]:
    """A PostgreSQL server with our tables; yields the DATABASE_URL of one database."""
    with cluster(folder, options) as url:
        migrate(f"{url}/template1")
        into = f"--maintenance-db={url}/postgres"
        command = [program("createdb"), into, "-T", "template0", "pregon"]
        subprocess.run(command, check=True)
        yield f"{url}/pregon"


@contextlib.contextmanager
def cluster(folder: Path, options: str = FORGETFUL) -> Iterator[str]:
    """An empty PostgreSQL server; yields its URL, without the name of a database."""
    folder.mkdir()
    user = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        account = pwd.getpwnam("postgres")
        shutil.chown(folder, "postgres")
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, **user}
    subprocess.run(
        [
            program("initdb"),
            "-D",
            folder,
            "-U",
            "pregon",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ],
        check=True,
        **quiet,
    )
    port = free_port()
    options += " -c listen_addresses=127.0.0.1"
    server = subprocess.Popen(
        [program("postgres"), "-D", folder, "-p", str(port), "-k", folder]
        + options.split(),
        stderr=subprocess.DEVNULL,
        **quiet,
    )
    try:
        wait_for(port, server)
        yield f"postgres://pregon@127.0.0.1:{port}"
    finally:
        server.send_signal(2)  # SIGINT: PostgreSQL's fast shutdown
        server.wait(timeout=30)


def migrate(url: str) -> None:
    """Make the tables once: every database that tests make is a copy of this one."""
    with tempfile.TemporaryDirectory(prefix="pregon-migrate-") as folder:
        own = {"DATABASE_URL": url, "DATA_DIR": folder, "ENV_FILE": os.devnull}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, env=os.environ | own, check=True)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A Redis server that keeps nothing on disk; yields its REDIS_URL."""
    folder.mkdir()
    port = free_port()
    server = subprocess.Popen(
        [str(find("redis-server")), "--port", str(port), "--bind", "127.0.0.1"]
        + ["--save", "", "--appendonly", "no", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(port: int, server: subprocess.Popen, timeout_s: float = 30) -> None:
    """Return once the server accepts connections; fail loudly if it never does."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"{server.args!r} ended with {server.returncode}")
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port)),
        ):
            time.sleep(0.2)  # PostgreSQL accepts a moment before it answers
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port} after {timeout_s} s")


if __name__ == "__main__":
    sys.exit(main())
