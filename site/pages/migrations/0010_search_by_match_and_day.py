"""Search rows anew, with a full-text index that the database keeps by itself.

They are derived: `pages.rebuilding` writes them again once this has run.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

LANGUAGES = [("es", "Español"), ("en", "English")]
# Words are found by the row's own columns; a row is kept small, so that many are read.
# No `fastupdate`: what was just published is searched as fast as the rest.
POSTGRESQL = [
    """ALTER TABLE pages_searchentry
        ADD vector tsvector GENERATED ALWAYS AS
            (array_to_tsvector(string_to_array(btrim(stems || ' ' || marks), ' ')))
            STORED,
        ADD title_vector tsvector GENERATED ALWAYS AS
            (array_to_tsvector(string_to_array(title_stems, ' '))) STORED,
        SET (toast_tuple_target = 256)""",
    """CREATE INDEX search_entry_words ON pages_searchentry
        USING gin (vector) WITH (fastupdate = off)""",
    """CREATE INDEX search_entry_title ON pages_searchentry
        USING gin (title_vector) WITH (fastupdate = off)""",
]
OLD = "old.id, old.title_stems, old.stems, old.marks"
NEW = "new.id, new.title_stems, new.stems, new.marks"
COLUMNS = "rowid, title_stems, stems, marks"
TABLE = "pages_searchentry_fts"
FORGET = f"INSERT INTO {TABLE} ({TABLE}, {COLUMNS}) VALUES ('delete', {OLD});"  # noqa: S608
LEARN = f"INSERT INTO {TABLE} ({COLUMNS}) VALUES ({NEW});"  # noqa: S608
SQLITE = [
    f"""CREATE VIRTUAL TABLE {TABLE} USING fts5(
        title_stems, stems, marks, content = 'pages_searchentry', content_rowid = 'id',
        tokenize = "unicode61 remove_diacritics 0")""",
    *(
        f"CREATE TRIGGER {TABLE}_{when.lower()} AFTER {when} ON pages_searchentry"
        f" BEGIN {what} END"
        for when, what in {
            "INSERT": LEARN,
            "DELETE": FORGET,
            "UPDATE": f"{FORGET} {LEARN}",
        }.items()
    ),
]


def make_index(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgresql else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0008_still_right_when_approved"),
    ]

    operations = [
        migrations.DeleteModel(name="SearchEntry"),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("language", models.CharField(choices=LANGUAGES, max_length=10)),
                ("kind", models.CharField(max_length=100)),
                ("title", models.TextField()),
                ("body", models.TextField(blank=True)),
                ("title_stems", models.TextField(blank=True)),
                ("stems", models.TextField(blank=True)),
                ("marks", models.TextField(blank=True)),
                ("day", models.PositiveIntegerField()),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="pages.bilingualpage",
                    ),
                ),
            ],
            options={
                "verbose_name": "search entry",
                "verbose_name_plural": "search entries",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "language"), name="search_entry_once"
                    )
                ],
                "indexes": [
                    models.Index(
                        fields=["language", "-day", "-page"],
                        name="search_entry_newest",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("language", models.CharField(choices=LANGUAGES, max_length=10)),
                ("key", models.CharField(max_length=40)),
                ("word", models.CharField(max_length=40)),
            ],
            options={
                "verbose_name": "word of the site",
                "verbose_name_plural": "words of the site",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("language", "key", "word"), name="search_word_once"
                    )
                ],
            },
        ),
        migrations.RunPython(make_index, drop_index),
    ]
