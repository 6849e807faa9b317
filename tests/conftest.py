"""What every test may count on."""

from __future__ import annotations

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """English is active: a language that another test activated does not leak in."""
    with translation.override("en"):
        yield
