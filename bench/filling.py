"""Thousands of pages in seconds: one made by the actions, the others copied in SQL.

Publishing ten thousand stories one by one takes an hour. A copy has everything its
seed has in the database (addresses, terms, what was confirmed) except revisions, log
entries, comments and search rows: seeds must have no draft apart from the live page.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Page

from pages.languages import languages
from pages.models import BilingualPage, Confirmation, PagePath

# Newest first, each copy this much older than the one before.
STEP = dt.timedelta(minutes=7)


@transaction.atomic
def copies(seed: BilingualPage, number: int) -> list[int]:
    """Put copies of a page beside it, with the same words, addresses numbered.

    Returns their ids.
    """
    parent = seed.get_parent()
    ids = _number_them(seed, parent, number)
    for model in (*seed._meta.get_parent_list()[::-1], type(seed)):
        _copy_rows(model, f"s.{_primary(model)} = {seed.pk:d}", _own(model, parent))
    for related, column in _related(seed):
        _copy_rows(related, f"s.{column} = {seed.pk:d}", {column: "c.id"})
    _copy_rows(
        PagePath,
        f"s.page_id = {seed.pk:d} AND s.is_current",
        {"page_id": "c.id", "url_path": _renamed("url_path")},
    )
    Page.objects.filter(pk=parent.pk).update(numchild=parent.numchild + number)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_copies")
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(statement)
    return ids


def _number_them(seed: BilingualPage, parent: Page, number: int) -> list[int]:
    """Lay out ids, tree paths and moments in a table that the copies are made from."""
    first = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    last = parent.get_last_child().path
    step = Page._str2int(last[-Page.steplen :])
    adapt, now = connection.ops.adapt_datetimefield_value, timezone.now()
    moment = models.DateTimeField().db_type(connection)
    rows = [
        (
            first + n,
            n + 1,
            Page._get_path(parent.path, seed.depth, step + 1 + n),
            uuid.uuid4().hex,
            adapt(now - n * STEP),
        )
        for n in range(number)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_copies (id integer, number integer,"
            f" path varchar(255), code varchar(32), moment {moment})"
        )
        cursor.executemany("INSERT INTO bench_copies VALUES (%s, %s, %s, %s, %s)", rows)
    return [row[0] for row in rows]


def _copy_rows(model: type[models.Model], where: str, own: dict[str, str]) -> None:
    """Insert a seed's rows again for each copy; `own` columns are the copy's."""
    columns = [
        column.column
        for column in model._meta.local_concrete_fields
        if not (isinstance(column, models.AutoField) and column.column not in own)
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(own.get(name, f's."{name}"') for name in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values}'  # noqa: S608
            f' FROM "{table}" s CROSS JOIN bench_copies c WHERE {where}'
        )


def _primary(model: type[models.Model]) -> str:
    return model._meta.pk.column


def _own(model: type[models.Model], parent: Page) -> dict[str, str]:
    """What a copy has otherwise than its seed, as SQL, by column."""
    own = {_primary(model): "c.id"}
    if model is Page:
        key = Page._meta.get_field("translation_key").db_type(connection)
        slug = "'n' || substr(c.code, 1, 16)"
        own |= {
            "path": "c.path",
            "translation_key": f"CAST(c.code AS {key})",
            "slug": slug,
            "url_path": f"'{parent.url_path}' || {slug} || '/'",
            "latest_revision_id": "NULL",
            "live_revision_id": "NULL",
            "latest_revision_created_at": "c.moment",
        }
    if model is BilingualPage:
        for code in languages():
            own[f"slug_{code}"] = _numbered(f"slug_{code}")
            own[f"public_path_{code}"] = _renamed(f"public_path_{code}")
            for name in ("since", "changed"):
                column = f"{name}_{code}"
                moment = f"CASE WHEN s.{column} IS NULL THEN NULL ELSE c.moment END"
                own[column] = moment
    return own


def _numbered(column: str) -> str:
    """A slug with the copy's number behind it; none stays none."""
    with_number = f"s.{column} || '-' || c.number"
    return f"CASE WHEN s.{column} = '' THEN '' ELSE {with_number} END"


def _renamed(column: str) -> str:
    """An address whose last part has the copy's number behind it."""
    return f"substr(s.{column}, 1, length(s.{column}) - 1) || '-' || c.number || '/'"


def _related(seed: BilingualPage) -> list[tuple[type[models.Model], str]]:
    """Tables of rows about a page that its copies have too, and their column for it."""
    terms = [relation.remote_field.through for relation in seed._meta.many_to_many]
    named = [
        (through, column.column)
        for through in terms
        for column in through._meta.local_concrete_fields
        if column.related_model is type(seed)
    ]
    return [(Confirmation, "page_id"), *named]
