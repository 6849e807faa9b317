"""What lists and search cost over many stories: `make bench-pages`, on a PostgreSQL of
its own. Over 1,000 stories first and then over 100,000.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.people import DURABLE, start_django
from scripts import servers


def main() -> int:
    """Start a database, measure, report; 1 where a limit was broken."""
    options = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    options.add_argument("--n", type=int, default=100_000, help="stories")
    stories = options.parse_args().n
    if not servers.find("postgres"):
        sys.exit("NOT MEASURED: there is no PostgreSQL here.")
    with tempfile.TemporaryDirectory(prefix="pregon-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        with servers.postgres(folder / "postgres", DURABLE) as url:
            start_django(folder, url)
            from bench.pages_measures import measure

            return measure(stories)


if __name__ == "__main__":
    sys.exit(main())
