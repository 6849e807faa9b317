"""The freeze: who is eligible now, what each language gets, one row per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from newsletter.delivery import message
from newsletter.dispatching.links import links_in
from newsletter.errors import NothingToSendError
from newsletter.models import (
    Chunk,
    Delivery,
    Dispatch,
    Edition,
    IssuePage,
    Newsletter,
    Subscriber,
    Subscription,
)

# People: to claim and close has a price each, and a lost machine leaves whole chunks
# uncertain, which should be few of all.
SMALLEST_CHUNK, LARGEST_CHUNK = 100, 2_000
FEWEST_CHUNKS = 20
# Columns that the database fills for each person; the others are empty.
ROW = (
    "dispatch_id", "subscriber_id", "edition_id", "chunk_id", "state", "epoch",
    "attempts", "code",
)  # fmt: skip


class Words(Protocol):
    """What a reader of one language sees."""

    @property
    def subject(self) -> str: ...

    @property
    def html(self) -> str: ...

    @property
    def text(self) -> str: ...


class EditionContent(Words, Protocol):
    """What composing hands over for one language."""

    @property
    def preheader(self) -> str: ...

    @property
    def story_ids(self) -> Sequence[int]: ...

    @property
    def is_empty(self) -> bool: ...


def write_editions(
    dispatch: Dispatch, contents: Mapping[str, EditionContent]
) -> dict[str, Edition]:
    """Compile and store what each language is sent."""
    newsletter, page = dispatch.newsletter, dispatch.issue_page
    return {
        language: Edition.objects.create(
            dispatch=dispatch,
            language=language,
            subject=content.subject,
            preheader=content.preheader,
            html=content.html,
            text=content.text,
            story_ids=list(content.story_ids),
            headers={"mail_from": message.ascii_address(newsletter.from_address)},
            wire=wire_of(newsletter, language, content, page).to_json(),
        )
        for language, content in sorted(contents.items())
    }


def wire_of(
    newsletter: Newsletter,
    language: str,
    content: Words,
    page: IssuePage | None,
) -> message.Wire:
    """One language's mail with slots for each person. Raises `MessageError`."""
    return message.compile(
        subject=content.subject,
        html=content.html,
        text=content.text,
        language=language,
        sender=sender_of(newsletter, language),
        view_url=_view_url(page, language),
        links=links_in(language),
    )


def sender_of(newsletter: Newsletter, language: str) -> message.Sender:
    """Who this newsletter's mails come from, in one language."""
    names = (f"sender_name_{language}", f"name_{language}", "key")
    said = (message.header_text(getattr(newsletter, name) or "") for name in names)
    return message.Sender(
        name=next(filter(None, said)),
        address=newsletter.from_address,
        reply_to=newsletter.reply_to,
        list_id=f"{newsletter.key}.{urlsplit(settings.SITE_URL).hostname}",
    )


def _view_url(page: IssuePage | None, language: str) -> str:
    """The issue on the site in this language, else the site."""
    found = page.url_in(language) if page else None
    return urljoin(settings.SITE_URL, found or "/")


def count_people(
    newsletter: Newsletter, languages: Collection[str], at: datetime
) -> tuple[dict[str, int], dict[str, int]]:
    """Language → readers, and reason → subscriptions that get nothing; in one look."""
    rows = Subscription.objects.filter(newsletter=newsletter).with_suppression()
    rows = rows.annotate(reason=_reason([*languages], at)).order_by()
    readers, excluded = dict.fromkeys(languages, 0), Counter[str]()
    for reason, language, number in rows.values_list(
        "reason", "subscriber__language"
    ).annotate(n=Count("pk")):
        if reason:
            excluded[reason] += number
        else:
            readers[language] = number
    return readers, dict(excluded)


def _reason(languages: list[str], at: datetime) -> Case:
    """Why a subscription is left out, or nothing; mirrors `receivable`."""
    state = Subscription.State
    return Case(
        When(state=state.PENDING, then=Value("pending")),
        When(state=state.UNSUBSCRIBED, then=Value("unsubscribed")),
        When(Q(state=state.PAUSED) | Q(paused_until__gt=at), then=Value("paused")),
        When(confirmed_at=None, then=Value("pending")),
        When(~Q(subscriber__health=Subscriber.Health.OK), then=F("subscriber__health")),
        When(subscriber__address=None, then=Value("erased")),
        When(is_suppressed=True, then=Value("suppressed")),
        When(~Q(subscriber__language__in=languages), then=Value("no_edition")),
        default=Value(""),
        output_field=CharField(),
    )


def audience_in(
    newsletter: Newsletter, language: str, at: datetime
) -> QuerySet[Subscription]:
    """Everyone who gets this newsletter in this language at this moment."""
    rows = Subscription.objects.filter(newsletter=newsletter)
    return rows.receivable(at).in_language(language).order_by("subscriber_id")


def write_deliveries(
    dispatch: Dispatch,
    editions: Mapping[str, Edition],
    at: datetime,
    chunk_size: int | None = None,
) -> tuple[int, dict[str, int]]:
    """One row per eligible person, with edition and chunk.

    Returns how many, and how many others get nothing, by reason.
    """
    _sort_in_memory()
    readers, excluded = count_people(dispatch.newsletter, editions, at)
    chunk_size = chunk_size or chunk_size_for(sum(readers.values()))
    audience = 0
    first = 1
    for language, edition in editions.items():
        people = audience_in(dispatch.newsletter, language, at)
        chunks = _write_chunks(edition, readers[language], first, chunk_size)
        if chunks:
            audience += _write_rows(edition, people, first, chunks, chunk_size)
        first += chunks
    if not audience:
        raise NothingToSendError("Nobody may receive this issue now.")
    return audience, excluded


def _sort_in_memory() -> None:
    """Until the transaction ends: PostgreSQL's usual 4 MB hold some 50,000 people."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")


def chunk_size_for(people: int) -> int:
    """How many people of such an audience a worker claims at once."""
    return min(max(people // FEWEST_CHUNKS, SMALLEST_CHUNK), LARGEST_CHUNK)


def _write_chunks(edition: Edition, people: int, first: int, chunk_size: int) -> int:
    """Chunks numbered from `first` on for so many people; returns how many."""
    chunks = -(-people // chunk_size)
    Chunk.objects.bulk_create(
        Chunk(dispatch_id=edition.dispatch_id, edition=edition, number=number)
        for number in range(first, first + chunks)
    )
    return chunks


def _write_rows(
    edition: Edition,
    people: QuerySet[Subscription],
    first: int,
    chunks: int,
    chunk_size: int,
) -> int:
    """A row per person, written by the database itself: it takes seconds a million.

    Whoever has come since the chunks were counted goes into the last one.
    """
    place = Window(RowNumber(), order_by="subscriber_id")
    asked = people.order_by().annotate(place=place).values("subscriber_id", "place")
    sql, values = asked.query.sql_with_params()
    into = ", ".join(map(connection.ops.quote_name, ROW))
    number = f"CASE WHEN p.place > {chunks * chunk_size} THEN {chunks}"
    number += f" ELSE (p.place + {chunk_size - 1}) / {chunk_size} END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Delivery._meta.db_table} ({into})"  # noqa: S608
            " SELECT c.dispatch_id, p.subscriber_id, c.edition_id, c.id, %s, 0, 0, ''"
            f" FROM ({sql}) p JOIN {Chunk._meta.db_table} c ON c.edition_id = %s"
            f" AND c.number = {first - 1} + {number}",
            [Delivery.State.WAITING, *values, edition.pk],
        )
        return cursor.rowcount
