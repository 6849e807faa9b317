"""What tests of projects and countries start from."""

from __future__ import annotations

import pytest

from tests.pages import factories
from tests.topics.factories import make_countries, make_projects


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def home(db):
    return factories.make_home()


@pytest.fixture
def index(home):
    return factories.make_index(home)


@pytest.fixture
def projects(home):
    return make_projects(home)


@pytest.fixture
def countries(home):
    return make_countries(home)
