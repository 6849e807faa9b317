"""What the audit looks at: one demo site, and every page of it in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.browser import conftest
from tests.browser.kinds import Kinds, kinds_of

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var/audit"

database_url = conftest.database_url
site = conftest.site
browser = conftest.browser
open_page = conftest.open_page


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Everything in this folder is long, and shares one site."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.audit)
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="package")
def kinds(site) -> Kinds:
    """Every kind of page."""
    return kinds_of(site)


@pytest.fixture(scope="package")
def pictures() -> Path:
    """An empty folder for what pages look like; `index.html` in it shows them."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    return PICTURES


@pytest.fixture(scope="package")
def tools() -> Path:
    """Where npm put what is not Python: see `scripts/install audit`."""
    folder = Path(__file__).parent / "node_modules"
    if not folder.exists():
        pytest.fail("Run scripts/install audit first.")
    return folder
