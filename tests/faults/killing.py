"""What is killed, and how many connections may have had a mail in the air then.

Each function kills one thing of a site, starts it again where nobody else does, and
returns that number; None where there was nothing to kill just now.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.faults.site import Site, kill_all
from tests.processes import descendants

CONNECTIONS = 4  # of each host
# The backend that was used last for a sending.
BACKEND = """
    SELECT pid FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND query LIKE '%newsletter_%'
    ORDER BY state_change DESC LIMIT 1
"""
END = "SELECT pg_terminate_backend(%s)"

Kill = Callable[[Site, random.Random], int | None]


def worker(site: Site, chance: random.Random) -> int | None:
    """A whole host, with all its processes."""
    host = chance.choice(site.hosts)
    kill_all(site.workers[host])
    site.start_worker(host)
    return CONNECTIONS


def child(site: Site, chance: random.Random) -> int | None:
    """The pool process that sends, as an out-of-memory killer would."""
    children = [pid for each in site.workers.values() for pid in descendants(each.pid)]
    sending = [*filter(_is_sending, children)]
    if not sending:
        return None
    with contextlib.suppress(ProcessLookupError):
        os.kill(chance.choice(sending), signal.SIGKILL)
        return CONNECTIONS
    return None


def database(site: Site, chance: random.Random) -> int | None:
    """A backend of PostgreSQL: it ends all others and goes through recovery."""
    with contextlib.suppress(psycopg.OperationalError, ProcessLookupError):
        with psycopg.connect(site.database_url) as connection:
            found = connection.execute(BACKEND).fetchone()
        if found:
            os.kill(found[0], signal.SIGKILL)
            return CONNECTIONS * len(site.hosts)
    return None


def session(site: Site, chance: random.Random) -> int | None:
    """One worker's connection to PostgreSQL, as an administrator would end it."""
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(site.database_url) as connection,
    ):
        found = connection.execute(BACKEND).fetchone()
        if found and connection.execute(END, found).fetchone() == (True,):
            return CONNECTIONS
    return None


def redis(site: Site, chance: random.Random) -> int | None:
    """The broker; what was queued is gone. No mail in the air minds."""
    kill_all(site.redis)
    site.start_redis()
    return 0


def sink(site: Site, chance: random.Random) -> int | None:
    """The mail server."""
    site.restart_sink()
    return CONNECTIONS * len(site.hosts)


EMBEDDED: list[Kill] = [child, sink, worker]
ON_SERVERS: list[Kill] = [child, database, redis, session, sink, worker]


def _is_sending(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        files = Path(f"/proc/{pid}/fd").iterdir()
        return any(os.readlink(file).endswith(".journal") for file in files)
    return False
