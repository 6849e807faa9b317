from __future__ import annotations

import pytest

from tests.pages import factories


@pytest.fixture
def home(db):
    return factories.make_home()


@pytest.fixture
def index(home):
    return factories.make_index(home)


@pytest.fixture
def translator(db):
    return factories.make_person("itzel", "translator_en")


@pytest.fixture
def editor(db):
    return factories.make_person("lucia", "editor")
