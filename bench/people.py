"""What many readers cost: `make bench-people`, on a PostgreSQL of its own.

With `--million` over a million of them, else over 100,000: a look, of which no ratio
is judged.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from scripts import servers

ROOT = Path(__file__).resolve().parents[1]
DURABLE = "-c shared_buffers=256MB"  # and everything else as PostgreSQL comes
MILLION = 1_000_000


def main() -> int:
    """Start a database, measure, report; 1 where a limit was broken."""
    options = argparse.ArgumentParser(prog="bench.people", description=__doc__)
    options.add_argument("--n", type=int, default=100_000, help="readers")
    options.add_argument("--million", action="store_true", help="1,000,000 readers")
    given = options.parse_args()
    if not servers.find("postgres"):
        sys.exit("NOT MEASURED: there is no PostgreSQL here.")
    with tempfile.TemporaryDirectory(prefix="pregon-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        with servers.postgres(folder / "postgres", DURABLE) as url:
            start_django(folder, url)
            from bench.people_measures import measure

            return measure(MILLION if given.million else given.n)


def start_django(folder: Path, url: str) -> None:
    """The site on this database, with its tables and nothing in them."""
    os.environ |= {
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    sys.exit(main())
