"""What was assigned before texts outside of pages could be is still assigned."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from tests.pages.factories import make_story
from translations.models import Assignment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="copies a file"),
]
BEFORE = [("translations", "0002_confirmed_texts")]
AFTER = [("translations", "0003_assigned_texts")]


@pytest.fixture
def story(index):
    return make_story(index, live=("es",), headline_es="El puente")


@pytest.fixture
def copy(story, translator, tmp_path):
    """A copy of the database, as another that Django knows."""
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(connection.connection.serialize())
    made = connection.copy("copy")
    made.settings_dict["NAME"] = str(path)
    # Before Django knows it: a test may not connect to others that it knows.
    made.connect()
    connections["copy"] = made
    yield made
    made.close()
    del connections["copy"]


def migrate(copy, target):
    """Another database with the tables of then; its Assignment."""
    executor = MigrationExecutor(copy)
    executor.migrate(target)
    state = MigrationExecutor(copy).loader.project_state(target)
    return state.apps.get_model("translations", "Assignment").objects.using("copy")


def test_old_assignments_are_kept(copy, story, translator):
    old = migrate(copy, BEFORE)
    old.create(page_id=story.pk, language="en", translator_id=translator.pk, note="Hoy")
    migrate(copy, AFTER)
    kept = Assignment.objects.using("copy").get()
    assert (kept.page_id, kept.translator_id, kept.note) == (
        story.pk,
        translator.pk,
        "Hoy",
    )
    assert kept.text_key == (None, None)


def test_the_way_back_keeps_those_of_pages(copy, story, translator):
    rows = Assignment.objects.using("copy")
    given = {"language": "en", "translator_id": translator.pk}
    kind = ContentType.objects.get_for_model(translator)
    rows.create(page_id=story.pk, **given)
    rows.create(content_type_id=kind.pk, object_id=7, **given)
    assert [row.page_id for row in migrate(copy, BEFORE)] == [story.pk]
