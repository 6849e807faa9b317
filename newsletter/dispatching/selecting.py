"""Which of an edition's stories each person gets, worked out by the database.

By what they follow, and without those they got before, in whatever language and by
whatever sending. A row per person with two numbers (`delivery.parts.Choice`), written
by a few statements however many people there are.
"""

# ruff: noqa: S608 (the names in these statements are ours, the values are passed)
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from newsletter.delivery.parts import MOST_PARTS
from newsletter.dispatching.audience import FOLLOWS
from newsletter.models import Delivery, Dispatch, Edition, Newsletter

PEOPLE = "newsletter_people_looked_at"
CHOICES = "newsletter_choices"
TERMS = "newsletter_terms_told"
GONE = (Delivery.State.FAILED, Delivery.State.DROPPED)


@dataclass(frozen=True)
class Selection:
    """What can be chosen from in one language.

    `stories` are page ids, the nth for bit n. `terms` says for a project or country
    (kind, page id) which stories and which section are its own, as bits; None is an
    issue, which all get whole. `again` are told to whoever got them before.
    """

    stories: Sequence[int]
    terms: Mapping[tuple[str, int], tuple[int, int]] | None = None
    again: frozenset[int] = field(default_factory=frozenset)
    is_nothing_without: bool = True  # a mail without a story would say nothing

    @property
    def everything(self) -> int:
        return (1 << len(self.stories)) - 1


def write_choices(
    newsletter: Newsletter,
    selections: Mapping[str, Selection],
    apart_from: Dispatch | None = None,
) -> None:
    """Fill `CHOICES` from `PEOPLE`, and say there of whom nothing is left for.

    Whoever gets an edition whole has no row. What one sending told may not count.
    """
    _execute(f"CREATE TEMPORARY TABLE {CHOICES} ({COLUMNS})")
    earlier = [*_earlier(newsletter, selections, apart_from)]
    for language, selection in selections.items():
        told = [each for each in earlier if each.language == language]
        if selection.terms is None:
            _choose_all(language, selection, told)
        else:
            _choose_followed(language, selection)
        for each in told:
            _leave_out(each)
    _analyse()
    for language, selection in selections.items():
        if selection.is_nothing_without:
            _say_nothing_new(language)


def drop_choices() -> None:
    """Take the table away; whoever breaks a query takes it with the savepoint."""
    _execute(f"DROP TABLE {CHOICES}")


COLUMNS = (
    "subscriber_id bigint PRIMARY KEY, language varchar(10) NOT NULL,"
    " stories bigint NOT NULL, follows bigint NOT NULL"
)


@dataclass(frozen=True)
class _Told:
    """Stories of ours that an earlier edition has: bit there → bit here."""

    edition: int
    dispatch: int
    language: str  # in which we tell them
    bits: Mapping[int, int]


def _earlier(
    newsletter: Newsletter,
    selections: Mapping[str, Selection],
    apart_from: Dispatch | None,
) -> Iterator[_Told]:
    """Editions of this newsletter that told some of these stories already."""
    frozen = Dispatch.objects.filter(newsletter=newsletter, frozen_at__isnull=False)
    rows = Edition.objects.filter(dispatch__in=frozen.effective()).order_by("pk")
    if apart_from:
        rows = rows.exclude(dispatch=apart_from)
    for pk, dispatch, ids in rows.values_list("pk", "dispatch_id", "story_ids"):
        there = {page: bit for bit, page in enumerate(ids)}
        for language, selection in selections.items():
            bits = {
                1 << min(there[page], MOST_PARTS): 1 << here
                for here, page in enumerate(selection.stories)
                if page in there and page not in selection.again
            }
            if bits:
                yield _Told(pk, dispatch, language, bits)


def _choose_followed(language: str, selection: Selection) -> None:
    """For a digest: what each follows; who follows nothing gets everything."""
    rows = [(kind, pk, *bits) for (kind, pk), bits in (selection.terms or {}).items()]
    _execute(
        f"CREATE TEMPORARY TABLE {TERMS} (kind varchar(10), term bigint,"
        " stories bigint, follows bigint)"
    )
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {TERMS} VALUES (%s, %s, %s, %s)", rows)
    followed = " UNION ALL ".join(
        f"SELECT subscription_id, '{kind}' AS kind, {term}_id AS term"
        f" FROM {pairs._meta.db_table}"
        for kind, (pairs, term) in FOLLOWS.items()
    )
    _execute(
        f"INSERT INTO {CHOICES}"
        " SELECT p.subscriber_id, p.language, BIT_OR(COALESCE(t.stories, 0)),"
        " BIT_OR(COALESCE(t.follows, 0))"
        f" FROM {PEOPLE} p JOIN ({followed}) f ON f.subscription_id = p.subscription_id"
        f" LEFT JOIN {TERMS} t ON t.kind = f.kind AND t.term = f.term"
        " WHERE p.reason = '' AND p.language = %s"
        " GROUP BY p.subscriber_id, p.language",
        [language],
    )
    _execute(
        f"INSERT INTO {CHOICES}"
        " SELECT p.subscriber_id, p.language, %s, 0"
        f" FROM {PEOPLE} p LEFT JOIN {CHOICES} c ON c.subscriber_id = p.subscriber_id"
        " WHERE p.reason = '' AND p.language = %s AND c.subscriber_id IS NULL",
        [selection.everything, language],
    )
    _execute(f"DROP TABLE {TERMS}")


def _choose_all(language: str, selection: Selection, earlier: Sequence[_Told]) -> None:
    """For an issue: rows for those alone who got one of its stories before."""
    for told in earlier:
        _execute(
            f"INSERT INTO {CHOICES}"
            " SELECT p.subscriber_id, p.language, %s, 0"
            f" FROM {PEOPLE} p JOIN {Delivery._meta.db_table} d"
            " ON d.subscriber_id = p.subscriber_id"
            f" LEFT JOIN {CHOICES} c ON c.subscriber_id = p.subscriber_id"
            " WHERE p.reason = '' AND p.language = %s AND c.subscriber_id IS NULL"
            " AND d.dispatch_id = %s AND d.edition_id = %s"
            " AND d.state NOT IN (%s, %s)",
            [selection.everything, language, told.dispatch, told.edition, *GONE],
        )


def _leave_out(told: _Told) -> None:
    """Take away what the people of an earlier edition got by it."""
    parts, values = [], []
    for there, here in told.bits.items():
        parts.append(
            "CASE WHEN d.stories IS NULL OR d.stories & %s <> 0 THEN %s ELSE 0 END"
        )
        values += [there, here]
    got = " | ".join(f"({part})" for part in parts)
    _execute(
        f"UPDATE {CHOICES} SET stories = {CHOICES}.stories & ~({got})"
        f" FROM {Delivery._meta.db_table} d"
        f" WHERE d.subscriber_id = {CHOICES}.subscriber_id"
        f" AND {CHOICES}.language = %s"
        " AND d.dispatch_id = %s AND d.edition_id = %s AND d.state NOT IN (%s, %s)",
        [*values, told.language, told.dispatch, told.edition, *GONE],
    )


def _say_nothing_new(language: str) -> None:
    _execute(
        f"UPDATE {PEOPLE} SET reason = 'nothing_new' WHERE language = %s"
        f" AND subscriber_id IN (SELECT subscriber_id FROM {CHOICES}"
        " WHERE stories = 0)",
        [language],
    )


def _analyse() -> None:
    if connection.vendor == "postgresql":
        _execute(f"ANALYZE {CHOICES}")


def _execute(sql: str, values: Sequence[str | int] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
