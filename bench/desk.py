"""What the translation desk and the explorer cost over many pages: `make bench-desk`.

Everything runs in this process, through Django's test client and the whole middleware:
server time, without a network. SQLite in a folder of its own, or the empty database of
DATABASE_URL: `python scripts/servers.py make bench-desk`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Fill a site, measure, report; 1 where a limit was broken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=10_000)
    pages = options.parse_args().pages
    with tempfile.TemporaryDirectory(prefix="pregon-bench-") as folder:
        start_django(folder)
        from bench.desk_measures import measure

        return measure(pages)


def start_django(folder: str) -> None:
    """The site in a folder of its own, with its tables and nothing in them."""
    os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    if connection.introspection.table_names():
        sys.exit("The database in DATABASE_URL is not empty; the bench would spoil it.")
    settings.ROOT_URLCONF = "bench.desk_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    sys.exit(main())
