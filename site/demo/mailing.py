"""The demo's newsletter: two issues that went out, one draft, a hundred readers.

Readers are written in the order of time, so that each issue went to those who were
subscribed then and the counts add up as they do after a real sending. A few more have
only just asked: who does not confirm is forgotten after two weeks, here as anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from demo import content
from demo.planting import Terms, add, plant_index, publish
from front.models import HomePage
from news.models import NewsPage
from newsletter.composing.editions import build_edition
from newsletter.digests.actions import set_going
from newsletter.dispatching import actions as dispatching
from newsletter.models import (
    Chunk,
    Consent,
    Delivery,
    Digest,
    Dispatch,
    FallbackRule,
    Frequency,
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
    OptInMail,
    Subscriber,
    Subscription,
    Suppression,
)
from newsletter.subscribing import actions as subscribing
from newsletter.subscribing import wording
from newsletter.subscribing.consents import Asked, Place, record

READERS = 100
NEWCOMERS = 4
FIRST_ASKED_AT = datetime(2025, 2, 3, 15, tzinfo=UTC)
BETWEEN_READERS = timedelta(days=6, hours=14)
SENDING_TOOK = timedelta(minutes=3)
GIVEN = [
    "alma", "benito", "carmen", "dario", "elena", "fabian", "graciela", "hugo",
    "ines", "joaquin", "karla", "lorenzo", "marina", "nicolas", "ofelia", "pablo",
    "quilla", "ramiro", "silvia", "teo", "ursula", "valeria", "wilson", "ximena",
    "yolanda", "anna", "bridget", "callum", "dorothy", "edwin", "fiona", "gareth",
    "hannah", "imogen", "jasper",
]  # fmt: skip
FAMILY = [
    "acosta", "bravo", "cardenas", "duarte", "espejo", "fuentes", "garrido",
    "huerta", "illanes", "jara", "lagos", "medina", "navas", "olmedo", "palacios",
    "quiroga", "rivas", "saldana", "toledo", "ulloa", "varela", "yupanqui",
    "zegarra", "ashworth", "birch", "cole", "dunn", "ellery", "frost", "grange",
    "holt",
]  # fmt: skip
DOMAINS = (
    "correo.example",
    "cooperativa.example",
    "universidad.example",
    "campo.example",
    "mailbox.example",
)
SLOWER = {2: Frequency.WEEKLY, 6: Frequency.MONTHLY}  # of nine readers
DIGESTS_BEGAN = timedelta(days=60)
ENGLISH_FROM = GIVEN.index("anna")


@dataclass(frozen=True)
class Reader:
    """One invented subscriber and what becomes of them."""

    address: str
    language: str
    asked_at: datetime
    projects: list[str]
    countries: list[str]
    leaves: bool
    bounces: bool
    pauses: bool
    slows_to: Frequency


def readers() -> list[Reader]:
    """The same hundred people each time, in the order in which they asked."""
    chance = random.Random(1814)  # noqa: S311
    people = [(given, family) for given in GIVEN for family in FAMILY]
    chosen = chance.sample(people, READERS)
    return [_reader(n, *names, chance) for n, names in enumerate(chosen)]


def newcomers(now: datetime) -> list[Reader]:
    """A few more people, who asked in these days and have not confirmed."""
    known = {reader.address.split("@")[0] for reader in readers()}
    names = ((given, family) for given in GIVEN for family in FAMILY)
    fresh = (pair for pair in names if ".".join(pair) not in known)
    chance = random.Random(2026)  # noqa: S311
    return [
        replace(_reader(n, *pair, chance), asked_at=now - timedelta(days=n, hours=3))
        for n, pair in enumerate(islice(fresh, NEWCOMERS))
    ]


def _reader(n: int, given: str, family: str, chance: random.Random) -> Reader:
    is_english = GIVEN.index(given) >= ENGLISH_FROM or chance.random() < 0.15
    return Reader(
        address=f"{given}.{family}@{chance.choice(DOMAINS)}",
        language="en" if is_english else "es",
        asked_at=FIRST_ASKED_AT
        + n * BETWEEN_READERS
        + timedelta(minutes=chance.randrange(900)),
        projects=chance.sample(
            sorted(content.read("projects")), chance.choice((0, 0, 1, 2))
        ),
        countries=chance.sample(
            sorted(content.read("countries")), chance.choice((0, 1, 1, 2))
        ),
        leaves=n % 17 == 3,
        bounces=n % 33 == 7,
        pauses=n % 24 == 11,
        slows_to=SLOWER.get(n % 9, Frequency.EACH),
    )


def start_newsletter(
    home: HomePage, stories: dict[str, NewsPage], terms: Terms
) -> Newsletter:
    """The newsletter with its issues and readers, as the last two years left it."""
    newsletter, page = _plant_newsletter(home)
    waiting = iter(readers())
    reader = next(waiting, None)
    for row in content.read("newsletter")["issue"]:
        sent_at = row.get("sent_at")
        issue = _plant_issue(page, row, stories)
        if sent_at is None:
            continue
        while reader and reader.asked_at < sent_at:
            _subscribe(newsletter, reader, terms)
            reader = next(waiting, None)
        _send(newsletter, publish(issue, content.LANGUAGES, sent_at), sent_at)
        _note_what_followed(newsletter, sent_at)
    for late in _rest(reader, waiting):
        _subscribe(newsletter, late, terms)
    _pause_some(newsletter)
    _offer_digests(newsletter, timezone.now())
    for newcomer in newcomers(timezone.now()):
        _wait_for(_ask(newsletter, newcomer, terms), newcomer.asked_at)
    return newsletter


def _rest(reader: Reader | None, waiting: Iterator[Reader]) -> Iterator[Reader]:
    if reader:
        yield reader
    yield from waiting


def _plant_newsletter(home: HomePage) -> tuple[Newsletter, NewsletterPage]:
    facts = content.read("newsletter")
    names = ("name", "description", "sender_name")
    words = {f"{n}_{c}": facts[c][n] for n in names for c in content.LANGUAGES}
    newsletter = Newsletter.objects.create(
        key=facts["key"],
        from_address=facts["from_address"],
        reply_to=facts["reply_to"],
        postal_address=facts["postal_address"],
        fallback_rule=FallbackRule.LINK,
        **words,
    )
    index = plant_index(home, NewsletterIndexPage, "newsletters")
    page = NewsletterPage(newsletter=newsletter)
    for code in content.LANGUAGES:
        setattr(page, f"headline_{code}", facts[code]["name"])
        setattr(page, f"slug_{code}", facts[code]["slug"])
        setattr(page, f"intro_{code}", facts[code]["intro"])
    return newsletter, publish(add(index, page), content.LANGUAGES, FIRST_ASKED_AT)


def _plant_issue(
    page: NewsletterPage, row: dict[str, Any], stories: dict[str, NewsPage]
) -> IssuePage:
    """An issue as a draft, with the stories it picks."""
    issue = IssuePage()
    for code in content.LANGUAGES:
        for name, text in row[code].items():
            setattr(issue, f"{name}_{code}", text)
    issue.stories = [
        IssueStory(story=stories[key].bilingualpage_ptr, sort_order=place)
        for place, key in enumerate(row["stories"])
    ]
    add(page, issue)
    issue.save_revision()
    return issue


def _subscribe(newsletter: Newsletter, reader: Reader, terms: Terms) -> None:
    """Someone who asked and confirmed a few minutes later."""
    subscription = _ask(newsletter, reader, terms)
    where = Place(f"/{reader.language}/", reader.language)
    at = reader.asked_at + timedelta(minutes=7)
    subscribing.confirm(subscription=subscription, where=where, at=at)


def _wait_for(subscription: Subscription, asked_at: datetime) -> None:
    """Note the mail that asks to confirm, which is what keeps a newcomer."""
    digest = subscription.subscriber.address_hash
    OptInMail.objects.create(address_hash=digest, sent_at=asked_at)


def _ask(newsletter: Newsletter, reader: Reader, terms: Terms) -> Subscription:
    subscriber = Subscriber.objects.create(
        address=reader.address, language=reader.language, created_at=reader.asked_at
    )
    subscription = Subscription.objects.create(
        subscriber=subscriber, newsletter=newsletter, created_at=reader.asked_at
    )
    subscription.projects.set(terms.projects[key] for key in reader.projects)
    subscription.countries.set(terms.countries[code] for code in reader.countries)
    where = Place(f"/{reader.language}/", reader.language)
    asked = Asked(wording.SIGN_UP, where, reader.asked_at, wanted=reader.language)
    record(subscription, Consent.Kind.ASKED, asked)
    return subscription


def _send(newsletter: Newsletter, issue: IssuePage, sent_at: datetime) -> None:
    """Freeze as for a real sending, then write what the worker would have written."""
    dispatch = dispatching.create_dispatch(
        newsletter=newsletter, title=issue.title, issue_page=issue
    )
    editions = {code: build_edition(issue, code) for code in content.LANGUAGES}
    dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    dispatch.refresh_from_db()
    dispatch.chunks.update(state=Chunk.State.DONE, epoch=1, closed_at=sent_at)
    failed = {"epoch": 1, "attempts": 1, "code": "550 5.1.1 No such mailbox"}
    dispatch.deliveries.filter(subscriber__address__in=_bouncing()).update(
        state=Delivery.State.FAILED, **failed
    )
    dispatch.move_to(Dispatch.State.SENDING, started_at=sent_at, frozen_at=sent_at)
    ended_at = sent_at + SENDING_TOOK
    dispatch.move_to(Dispatch.State.SENT, finished_at=ended_at, created_at=sent_at)


def _bouncing() -> list[str]:
    return [reader.address for reader in readers() if reader.bounces]


def _note_what_followed(newsletter: Newsletter, sent_at: datetime) -> None:
    """Dead mailboxes are marked, and some readers leave by the link in the mail."""
    rows = Subscription.objects.filter(newsletter=newsletter)
    active = rows.active().select_related("subscriber")
    for subscription in active.filter(subscriber__address__in=_bouncing()):
        _mark_bounced(subscription, sent_at + SENDING_TOOK)
    leaving = [reader.address for reader in readers() if reader.leaves]
    some = active.filter(subscriber__address__in=leaving)[:3]
    for hours, subscription in enumerate(some, 2):
        subscribing.unsubscribe(
            subscription=subscription,
            where=Place("mail", subscription.subscriber.language),
            version=wording.ONE_CLICK,
            at=sent_at + timedelta(hours=hours),
        )


def _mark_bounced(subscription: Subscription, at: datetime) -> None:
    subscriber = subscription.subscriber
    if subscriber.health == Subscriber.Health.OK:
        subscriber.health = Subscriber.Health.BOUNCED
        subscriber.save(update_fields=["health"])
        Suppression.objects.create(
            address_hash=subscriber.address_hash,
            reason=Suppression.Reason.BOUNCED,
            at=at,
        )


def _pause_some(newsletter: Newsletter) -> None:
    pausing = [reader.address for reader in readers() if reader.pauses]
    rows = Subscription.objects.filter(newsletter=newsletter).active()
    for subscription in rows.filter(subscriber__address__in=pausing):
        subscription.move_to(Subscription.State.PAUSED)


def _offer_digests(newsletter: Newsletter, now: datetime) -> None:
    """Two rhythms beside every issue, which some readers have changed to."""
    began = now - DIGESTS_BEGAN
    for frequency in SLOWER.values():
        digest = Digest(newsletter=newsletter, frequency=frequency)
        set_going(digest, now, was_on=False)
        digest.since = began
        digest.save()
    slowing = {each.address: each.slows_to for each in readers()}
    rows = Subscription.objects.filter(newsletter=newsletter).active()
    for subscription in rows.select_related("subscriber"):
        wanted = slowing.get(subscription.subscriber.address, Frequency.EACH)
        if wanted != Frequency.EACH:
            where = Place("mail", subscription.subscriber.language)
            subscribing.slow_down(
                subscription=subscription, frequency=wanted, where=where, at=began
            )
