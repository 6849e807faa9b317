"""How fast issues are mailed, against the limit of the machine and against others.

Everything runs on this machine, over loopback, in turns (A B A B …); figures are the
medians of the rounds. Our engine: planned sendings on a PostgreSQL of its own with its
usual durability, by processes that do what a Celery worker does once it is woken. The
others send the same mail with their own code to the same sink. All are timed without
their start. After every run the sink must have accepted exactly the mails sent, of the
expected size.

The sink does no disk, DNS, TLS or queue: these are ceilings, not what a relay takes;
one row has a real Postfix that writes every mail to its queue.
Not measured: listmonk.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.mail import programs, rows
from bench.mail.sending import Senders
from bench.mail.site import Site, copied_database
from scripts import servers

DURABLE = "-c shared_buffers=256MB"  # and everything else as PostgreSQL comes


def main() -> int:
    """Measure what was asked for; 1 where a limit was broken or a row is missing."""
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="pregon-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        try:
            programs.build(folder)
        except programs.NoCompilerError as error:
            sys.exit(f"NOT MEASURED: {error}.")
        with (
            servers.postgres(folder / "postgres", DURABLE) as database,
            servers.redis(folder / "redis") as broker,
        ):
            url = copied_database(database.rpartition("/")[0], "bench")
            site = Site(folder, url, broker, options.connections)
            return rows.measure(options, Senders(folder), site)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bench.mail", description=__doc__)
    parser.add_argument("--n", type=int, default=100_000, help="mails of ours")
    parser.add_argument("--peers-n", type=int, default=2_000, help="mails of others")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2, help="of our engine")
    parser.add_argument("--connections", type=int, default=16, help="of each process")
    parser.add_argument("--only", default="", metavar="ROW,…", help=rows.NAMES)
    parser.add_argument("--quick", action="store_true", help="small, once, unjudged")
    parser.add_argument("--million", action="store_true", help="1,000,000 mails too")
    options = parser.parse_args()
    if options.quick:
        options.n, options.peers_n, options.rounds = 10_000, 300, 1
    wanted = [name for name in options.only.split(",") if name]
    if unknown := set(wanted) - set(rows.ALL):
        parser.error(f"no row is called {', '.join(unknown)}; there are {rows.NAMES}")
    options.only = wanted or [*rows.ALL]
    return options


if __name__ == "__main__":
    sys.exit(main())
