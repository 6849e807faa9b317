"""Adding a batch of readers: subscribers, subscriptions and proofs, at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

from newsletter.composing.moments import site_zone
from newsletter.importing.rows import Reader
from newsletter.importing.standing import Known
from newsletter.models import Consent, Newsletter, Subscriber, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import SUBSCRIBED
from newsletter.subscribing.wording import shown_text

SUBSCRIBER = ("address", "address_hash", "language", "health", "created_at")
SUBSCRIPTION = (
    "subscriber_id", "newsletter_id", "state", "frequency", "created_at",
    "confirmed_at", "left_at", "paused_until",
)  # fmt: skip
CONSENT = (
    "subscriber_id", "subscription_id", "kind", "text_version", "shown_text", "answer",
    "where", "language", "network_hash", "at",
)  # fmt: skip


@dataclass(frozen=True)
class Occasion:
    """To which newsletter, where in the admin, and when."""

    newsletter: Newsletter
    where: str
    at: datetime


def add(
    readers: Sequence[Reader], people: Mapping[str, Known], occasion: Occasion
) -> None:
    """Subscribe readers of whom none is subscribed; `people` are those we know.

    For use in a transaction that holds their subscribers. Raises `IntegrityError` where
    one of the others signs up at this moment: then nothing of the batch is written.
    """
    numbers = {digest: known.pk for digest, known in people.items()}
    # In one order, so that two imports do not wait for one another.
    new = sorted((each for each in readers if each.digest not in numbers), key=_digest)
    made = insert(Subscriber, SUBSCRIBER, [_subscriber(row, occasion) for row in new])
    numbers |= {each.digest: pk for each, pk in zip(new, made, strict=True)}
    _speak([each for each in readers if each.digest in people], people)
    rows = (_subscription(each, numbers[each.digest], occasion) for each in readers)
    subscriptions = insert(Subscription, SUBSCRIPTION, list(rows))
    pairs = list(zip(readers, subscriptions, strict=True))
    _follow(pairs)
    proofs = [_consent(one, numbers[one.digest], pk, occasion) for one, pk in pairs]
    insert(Consent, CONSENT, proofs)


def _digest(reader: Reader) -> str:
    return reader.digest


def _subscriber(reader: Reader, occasion: Occasion) -> tuple[object, ...]:
    health = Subscriber.Health.OK.value
    return reader.address, reader.digest, reader.language, health, occasion.at


def _subscription(
    reader: Reader, subscriber: int, occasion: Occasion
) -> tuple[object, ...]:
    agreed_at, active = moment_of(reader.agreed_on), Subscription.State.ACTIVE.value
    newsletter, frequency = occasion.newsletter.pk, reader.frequency
    known = (subscriber, newsletter, active, frequency)
    return *known, agreed_at, agreed_at, None, None


@lru_cache(maxsize=4096)
def moment_of(day: date) -> datetime:
    """When a day begins in the site's time zone."""
    return datetime.combine(day, time(), site_zone())


def _consent(
    reader: Reader, subscriber: int, subscription: int, occasion: Occasion
) -> tuple[object, ...]:
    answer = {
        "proof": reader.proof,
        "agreed_on": reader.agreed_on.isoformat(),
        "newsletter": occasion.newsletter.key,
        "language": reader.language,
        "frequency": reader.frequency,
        "projects": reader.projects,
        "countries": reader.countries,
    }
    words = _words(reader.language)
    kind, version = Consent.Kind.IMPORTED.value, wording.IMPORT
    known = (subscriber, subscription, kind, version, words, answer)
    return *known, occasion.where, reader.language, "", occasion.at


@lru_cache
def _words(language: str) -> str:
    return shown_text(wording.IMPORT, language)


def _speak(readers: Iterable[Reader], people: Mapping[str, Known]) -> None:
    """Take over the language, unless another newsletter has one, as `by_hand` does."""
    wanted = defaultdict(list)
    for each in readers:
        known = people[each.digest]
        if known.language != each.language:
            wanted[each.language].append(known.pk)
    for language, numbers in wanted.items():
        others = Subscription.objects.filter(
            subscriber__in=numbers, state__in=SUBSCRIBED
        )
        bound = set(others.values_list("subscriber", flat=True))
        free = [pk for pk in numbers if pk not in bound]
        Subscriber.objects.filter(pk__in=free).update(language=language)


def _follow(pairs: Iterable[tuple[Reader, int]]) -> None:
    pairs = [pair for pair in pairs if pair[0].projects or pair[0].countries]
    for field in (Subscription.projects, Subscription.countries):
        through, name = field.through, field.field.name
        columns = ("subscription_id", f"{field.field.m2m_reverse_field_name()}_id")
        rows = [(pk, topic) for each, pk in pairs for topic in getattr(each, name)]
        insert(through, columns, rows)


def insert(
    model: type[Model], names: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> list[int]:
    """Write rows of one table, and return their numbers in order.

    `names` are all of its columns but the number. On PostgreSQL by COPY, which takes a
    third of the time.
    """
    if not rows:
        return []
    if connection.vendor == "postgresql":
        return _copy(model, names, rows)
    made = model._default_manager.bulk_create(
        model(**dict(zip(names, row, strict=True))) for row in rows
    )
    return [each.pk for each in made]


def _copy(
    model: type[Model], names: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> list[int]:
    quoted = ", ".join(map(connection.ops.quote_name, ["id", *names]))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
            " FROM generate_series(1, %s)",
            [table, len(rows)],
        )
        numbers = [number for (number,) in cursor.fetchall()]
        copied = cursor.copy(f"COPY {table} ({quoted}) FROM STDIN")
        cells = _as_copied(model, names, rows)
        with connection.wrap_database_errors, copied as copy:
            for number, row in zip(numbers, cells, strict=True):
                copy.write_row((number, *row))
    return numbers


def _as_copied(
    model: type[Model], names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> Iterator[Sequence[object]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    places = [n for n, field in enumerate(fields) if isinstance(field, JSONField)]
    for row in rows:
        if places:
            cells = list(row)
            for place in places:
                cells[place] = json.dumps(cells[place])
            yield cells
        else:
            yield row
