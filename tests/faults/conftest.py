"""One site for all fault tests: it takes longer to start than to break."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.faults.killing import CONNECTIONS
from tests.faults.site import embedded, on_servers

AUDIENCE = 1200


@pytest.fixture(scope="module")
def site(tmp_path_factory, migrated_folder):
    folder = tmp_path_factory.mktemp("faults")
    database = os.environ.get("DATABASE_URL", "")
    if database.startswith("postgres"):
        tables = urlunsplit(urlsplit(database)._replace(path="template1"))
        running = on_servers(folder, tables)
    else:
        running = embedded(folder, migrated_folder)
    with running as site:
        site.order("make_readers", AUDIENCE, CONNECTIONS)
        yield site
