"""Asking the full-text index that the database keeps of search rows.

PostgreSQL has columns of its own beside `stems` and `title_stems`, SQLite a table of
its own: Django's models know neither. The migration of the rows makes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

# All of these; of each, any one will do. Letters and digits only.
Wanted = Sequence[Sequence[str]]

ON_POSTGRESQL = '"pages_searchentry"."{column}" @@ %s::tsquery'
ON_SQLITE = (
    '"pages_searchentry"."id" IN (SELECT rowid FROM pages_searchentry_fts'
    " WHERE pages_searchentry_fts MATCH %s)"
)


@contextmanager
def by_index() -> Iterator[None]:
    """Have PostgreSQL look words up, and never look through the rows for them.

    For a few rows, or whether there are any, it would: it does not know how long it
    takes to read a text that is stored apart from its row.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield


def holding(wanted: Wanted, *, in_title: bool = False) -> RawSQL:
    """The condition that a search row holds what is wanted, or its title does."""
    if connection.vendor == "postgresql":
        sql = ON_POSTGRESQL.format(column="title_vector" if in_title else "vector")
        asked = _joined(wanted, "'", " | ", " & ")
    else:
        sql = ON_SQLITE
        asked = ("{title_stems} : " if in_title else "") + _joined(
            wanted, '"', " OR ", " AND "
        )
    is_true = BooleanField()
    # The statement is one of the two above; what was asked for is a parameter.
    return RawSQL(sql, [asked], output_field=is_true)  # noqa: S611


def _joined(wanted: Wanted, quote: str, either: str, both: str) -> str:
    groups = [either.join(f"{quote}{word}{quote}" for word in any_) for any_ in wanted]
    return f"({both.join(f'({group})' for group in groups)})"
