"""The freeze: who is eligible now, what each language gets, one row per person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Q,
    QuerySet,
    Value,
    When,
)

from newsletter.clicking.links import CountedLinks, write_links
from newsletter.delivery import message
from newsletter.delivery.parts import Choice, Parts, Piece
from newsletter.dispatching import selecting
from newsletter.dispatching.audience import EVERYONE, Audience, audience_of
from newsletter.dispatching.links import links_in
from newsletter.dispatching.selecting import CHOICES, PEOPLE, Selection
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
CHOSEN = ("stories", "follows")  # and those where people get different parts


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

    @property
    def layout(self) -> Layout | None: ...


@dataclass(frozen=True)
class Layout:
    """An edition as it is joined for each person.

    `text` and `html` hold `{{parts}}` once each, where what a person gets of `parts`
    belongs; `selection` says who gets what. Without both all get it whole.
    """

    text: str
    html: str
    parts: Parts[str] | None = None
    selection: Selection | None = None

    def for_one(self, choice: Choice | None) -> Piece[str]:
        """The mail of one person; without a choice all of it."""
        if self.parts is None:
            return Piece(self.text, self.html)
        told = self.parts.joined(choice or self.parts.everything, "")
        text = self.text.replace(message.PARTS, told.text)
        return Piece(text, self.html.replace(message.PARTS, told.html))

    def with_links(self, links: CountedLinks) -> Layout:
        """The same with links that are counted."""
        parts = self.parts and self.parts.turned(links.in_text, links.in_html)
        text, html = links.in_text(self.text), links.in_html(self.html)
        return Layout(text, html, parts, self.selection)


def write_editions(
    dispatch: Dispatch, contents: Mapping[str, EditionContent]
) -> dict[str, Edition]:
    """Compile and store what each language is sent."""
    return {
        language: _write_edition(dispatch, language, content)
        for language, content in sorted(contents.items())
    }


def _write_edition(
    dispatch: Dispatch, language: str, content: EditionContent
) -> Edition:
    newsletter = dispatch.newsletter
    edition = Edition(
        dispatch=dispatch,
        language=language,
        subject=content.subject,
        preheader=content.preheader,
        html=content.html,
        text=content.text,
        story_ids=list(content.story_ids),
        headers={"mail_from": message.ascii_address(newsletter.from_address)},
    )
    layout = content.layout or Layout(content.text, content.html)
    if newsletter.counts_clicks:
        edition.save()  # its links have to point to it
        layout = layout.with_links(write_links(edition))
    wire = wire_of(newsletter, language, content, dispatch.issue_page, layout)
    edition.wire = wire.to_json()
    edition.save()
    return edition


def wire_of(
    newsletter: Newsletter,
    language: str,
    content: Words,
    page: IssuePage | None,
    layout: Layout | None = None,
) -> message.Wire:
    """One language's mail with slots for each person. Raises `MessageError`."""
    words = layout or content
    return message.compile(
        subject=content.subject,
        html=words.html,
        text=words.text,
        parts=layout.parts if layout else None,
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
    newsletter: Newsletter,
    languages: Collection[str],
    at: datetime,
    audience: Audience = EVERYONE,
) -> tuple[dict[str, int], dict[str, int]]:
    """Language → readers, and reason → subscriptions that get nothing; in one look."""
    rows = _people(newsletter, languages, at, audience)
    people = rows.values_list("reason", "language")
    return _sorted_out(people.annotate(n=Count("pk")), languages)


def addresses(
    newsletter: Newsletter, language: str, at: datetime, audience: Audience
) -> Iterator[str]:
    """Where mails of one language would go, by the time of subscribing."""
    people = _people(newsletter, [language], at, audience).filter(reason="")
    found = people.order_by("pk").values_list("subscriber__address", flat=True)
    return found.iterator(chunk_size=2000)


def why_not(
    newsletter: Newsletter,
    subscriber: Subscriber,
    languages: Collection[str],
    at: datetime,
    audience: Audience = EVERYONE,
) -> str:
    """Why one person would get nothing, as `count_people` has it; "" if they would."""
    people = _people(newsletter, languages, at, audience).filter(subscriber=subscriber)
    return next((row["reason"] for row in people), "no_subscription")


def selections_of(layouts: Mapping[str, Layout | None]) -> dict[str, Selection]:
    """What people choose from, in the languages in which they do."""
    return {
        code: each.selection
        for code, each in layouts.items()
        if each and each.selection
    }


@transaction.atomic
def choice_of(
    newsletter: Newsletter,
    subscriber: Subscriber,
    layouts: Mapping[str, Layout | None],
    at: datetime,
    audience: Audience = EVERYONE,
    apart_from: Dispatch | None = None,
) -> tuple[str, Choice | None]:
    """Why one person would get nothing, "" if they would, and which parts they get.

    Asked as a freeze asks it, of what is sent in each language, as if one sending had
    not been. No choice is all of it.
    """
    selections = selections_of(layouts)
    if not selections:
        return why_not(newsletter, subscriber, layouts, at, audience), None
    people = _people(newsletter, layouts, at, audience)
    people = people.filter(subscriber=subscriber)
    with (
        _looked_at(people),
        _chosen(newsletter, selections, apart_from),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT p.reason, c.stories, c.follows"  # noqa: S608 (ours)
            f" FROM {PEOPLE} p LEFT JOIN {CHOICES} c"
            " ON c.subscriber_id = p.subscriber_id"
        )
        found = cursor.fetchone()
    reason, stories, follows = found or ("no_subscription", None, 0)
    return reason, None if stories is None else Choice(stories, follows)


def _people(
    newsletter: Newsletter,
    languages: Collection[str],
    at: datetime,
    audience: Audience,
) -> QuerySet[Subscription, dict[str, Any]]:
    """Every subscription: whose, in which language, and why it gets nothing or ""."""
    rows = Subscription.objects.filter(newsletter=newsletter).with_suppression()
    offered = newsletter.digests.on_offer().values_list("frequency", flat=True)
    reason = _reason([*languages], at, audience, [*offered])
    rows = rows.annotate(reason=reason).order_by()
    known = {"subscription_id": F("pk"), "language": F("subscriber__language")}
    return rows.values("subscriber_id", "reason", **known)


def _sorted_out(
    counts: Iterable[tuple[str, str, int]], languages: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    readers, excluded = dict.fromkeys(languages, 0), Counter[str]()
    for reason, language, number in counts:
        if reason:
            excluded[reason] += number
        else:
            readers[language] = number
    return readers, dict(excluded)


def _reason(
    languages: list[str], at: datetime, audience: Audience, digests: list[str]
) -> Case:
    """Why a subscription is left out, or nothing; mirrors `receivable`."""
    others = [*_otherwise(audience.frequency, digests)]
    if audience.narrows:
        others.append(_unaddressed(audience))
    return Case(
        When(~Q(state=Subscription.State.ACTIVE), then=F("state")),
        When(paused_until__gt=at, then=Value("paused")),
        When(confirmed_at=None, then=Value("pending")),
        When(~Q(subscriber__health=Subscriber.Health.OK), then=F("subscriber__health")),
        When(subscriber__address=None, then=Value("erased")),
        When(is_suppressed=True, then=Value("suppressed")),
        *others,
        When(~Q(subscriber__language__in=languages), then=Value("no_edition")),
        default=Value(""),
        output_field=CharField(),
    )


def _otherwise(frequency: str, digests: list[str]) -> Iterator[When]:
    """Who chose to hear of it in another rhythm, of those that are on offer."""
    if frequency:
        yield When(~Q(frequency=frequency), then=Value("other_rhythm"))
    elif digests:
        yield When(frequency__in=digests, then=Value("gets_digest"))


def _unaddressed(audience: Audience) -> When:
    reason = "unlike" if audience.criteria else "not_addressed"
    return When(~audience.condition, then=Value(reason))


def write_deliveries(
    dispatch: Dispatch,
    editions: Mapping[str, Edition],
    at: datetime,
    chunk_size: int | None = None,
    selections: Mapping[str, Selection] | None = None,
) -> tuple[int, dict[str, int]]:
    """One row per eligible person, with edition, chunk and their choice of the parts.

    Returns how many, and how many others get nothing, by reason.
    """
    _sort_in_memory()
    newsletter = dispatch.newsletter
    people = _people(newsletter, editions, at, audience_of(dispatch))
    with _looked_at(people), _chosen(newsletter, selections):
        readers, excluded = _count_looked_at(editions)
        chunk_size = chunk_size or chunk_size_for(sum(readers.values()))
        first = 1
        for language, edition in editions.items():
            chunks = _write_chunks(edition, readers[language], first, chunk_size)
            _write_rows(edition, language, first, chunk_size, bool(selections))
            first += chunks
    audience = sum(readers.values())
    if not audience:
        raise NothingToSendError("Nobody may receive this issue now.")
    return audience, excluded


@contextmanager
def _looked_at(rows: QuerySet[Subscription, dict[str, Any]]) -> Iterator[None]:
    """Look at everybody once, for the queries within; a third of a freeze was looking.

    What breaks a query takes the table away with the transaction or its savepoint.
    """
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {PEOPLE} AS {sql}", values)
        yield
        cursor.execute(f"DROP TABLE {PEOPLE}")


@contextmanager
def _chosen(
    newsletter: Newsletter,
    selections: Mapping[str, Selection] | None,
    apart_from: Dispatch | None = None,
) -> Iterator[None]:
    """What each person gets, for the queries within, where not all get all."""
    if not selections:
        yield
        return
    selecting.write_choices(newsletter, selections, apart_from)
    yield
    selecting.drop_choices()


def _count_looked_at(
    languages: Collection[str],
) -> tuple[dict[str, int], dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT reason, language, COUNT(*) FROM {PEOPLE}"  # noqa: S608 (ours)
            " GROUP BY reason, language"
        )
        return _sorted_out(cursor.fetchall(), languages)


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
    edition: Edition, language: str, first: int, chunk_size: int, is_chosen: bool
) -> None:
    """A row per person, written by the database itself: it takes seconds a million."""
    columns = ROW + CHOSEN if is_chosen else ROW
    into = ", ".join(map(connection.ops.quote_name, columns))
    chosen = ", s.stories, s.follows" if is_chosen else ""
    choices = f" LEFT JOIN {CHOICES} s ON s.subscriber_id = p.subscriber_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Delivery._meta.db_table} ({into})"  # noqa: S608
            " SELECT c.dispatch_id, p.subscriber_id, c.edition_id, c.id, %s, 0, 0, ''"
            f"{chosen}"
            " FROM (SELECT subscriber_id,"
            " ROW_NUMBER() OVER (ORDER BY subscriber_id) AS place"
            f" FROM {PEOPLE} WHERE reason = '' AND language = %s) p"
            f" JOIN {Chunk._meta.db_table} c ON c.edition_id = %s"
            f" AND c.number = {first} + (p.place - 1) / {chunk_size}"
            f"{choices if is_chosen else ''}",
            [Delivery.State.WAITING, language, edition.pk],
        )
