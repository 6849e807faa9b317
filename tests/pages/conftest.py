"""What tests of the kernel start from."""

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
def editor(db):
    return factories.make_person("editor", "editor")


@pytest.fixture
def admin_client(client, db):
    client.force_login(factories.make_person("boss", superuser=True))
    return client


@pytest.fixture
def editor_client(client, editor):
    client.force_login(editor)
    return client
