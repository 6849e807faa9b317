"""Whatever readers, the team and mail servers do, in whatever order.

No order of events mails someone who has not agreed, loses someone who has, or revives
someone who left.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from newsletter.dispatching.complaints import record_complaint
from newsletter.errors import (
    AlreadySubscribedError,
    LinkError,
    SuppressedError,
    UnknownAddressError,
)
from newsletter.importing import actions as importing
from newsletter.importing import running
from newsletter.importing.plans import Plan
from newsletter.models import (
    Frequency,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from newsletter.subscribing import (
    actions,
    forgetting,
    owning,
    resting,
    undoing,
    wording,
)
from newsletter.subscribing.by_hand import add_by_hand
from newsletter.subscribing.consents import Place
from tests.newsletter.sending import a_newsletter

BEGAN = datetime(2026, 11, 2, 15, tzinfo=UTC)
HERE = Place("/es/", "es")
ADDRESSES = ("ana@lectores.example", "beto@lectores.example")
who = st.sampled_from(ADDRESSES)
which = st.sampled_from(("weekly", "alerts"))
PLAN = Plan({"address": 0}, "es", "2026-01-01", "A list")


@dataclass
class Truth:
    """What one person said last about one newsletter, as they would tell it."""

    says_yes: bool = False
    was_asked: bool = False
    has_left: bool = False  # and not come back by themselves
    left_at: datetime | None = None  # after a yes, so that it can be taken back
    away_until: datetime | None = None


@dataclass
class Person:
    """A mailbox; while `is_barred` it must not be written to, or nothing reaches it."""

    is_barred: bool = False
    left_everything: bool = False
    of: dict[str, Truth] = field(default_factory=dict)


class Life(RuleBasedStateMachine):
    """Two people and two newsletters; the clock goes on by itself."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.at = BEGAN
        self.newsletters = {key: a_newsletter(key=key) for key in ("weekly", "alerts")}
        self.people = {
            address: Person(of={key: Truth() for key in self.newsletters})
            for address in ADDRESSES
        }

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def tick(self):
        self.at += timedelta(minutes=1)
        return self.at

    def found(self, address, key) -> Subscription | None:
        rows = Subscription.objects.select_related("subscriber", "newsletter")
        digest = address_hash(address)
        return rows.filter(
            subscriber__address_hash=digest, newsletter=self.newsletters[key]
        ).first()

    def come_back(self, person):
        """By a link that has just arrived in their mailbox."""
        person.is_barred = person.left_everything = False

    @rule(address=who, key=which)
    def ask(self, address, key):
        actions.request_subscription(
            address=address,
            newsletter=self.newsletters[key],
            language="es",
            projects=[],
            countries=[],
            frequency=Frequency.EACH,
            where=HERE,
            network="n",
            at=self.tick(),
        )
        truth = self.people[address].of[key]
        if not truth.says_yes:
            truth.was_asked, truth.left_at = True, None

    @rule(address=who, key=which)
    def confirm(self, address, key):
        """Also by an old link, after they left."""
        person, row = self.people[address], self.found(address, key)
        if row is None:
            return
        truth = person.of[key]
        with suppress(LinkError):
            actions.confirm(subscription=row, where=HERE, at=self.tick())
        if truth.was_asked:
            person.of[key] = Truth(says_yes=True)
            self.come_back(person)

    @rule(address=who, key=which)
    def come(self, address, key):
        """As most do."""
        self.ask(address, key)
        self.confirm(address, key)

    @rule(address=who, key=which)
    def leave(self, address, key):
        if row := self.found(address, key):
            self.unsubscribe(row)
            self.note_left(address, key)

    def unsubscribe(self, row):
        actions.unsubscribe(
            subscription=row, where=HERE, version=wording.ONE_CLICK, at=self.tick()
        )

    def note_left(self, address, key):
        truth = self.people[address].of[key]
        if truth.says_yes or truth.was_asked:
            truth.left_at = self.at if truth.says_yes else None
            truth.says_yes, truth.was_asked, truth.has_left = False, False, True

    @rule(address=who, key=which)
    def leave_everything(self, address, key):
        if row := self.found(address, key):
            actions.leave_all(subscriber=row.subscriber, where=HERE, at=self.tick())
            for each in self.newsletters:
                self.note_left(address, each)
            self.people[address].left_everything = True

    @rule(address=who, key=which)
    def take_leaving_back(self, address, key):
        row, at = self.found(address, key), self.tick()
        if row is None:
            return
        person, truth = self.people[address], self.people[address].of[key]
        try:
            actions.resubscribe(subscription=row, where=HERE, at=at)
        except LinkError:
            recent = truth.left_at and truth.left_at > at - actions.UNDO_PERIOD
            assert not recent
            return
        if not truth.says_yes:
            assert truth.left_at
            assert truth.left_at > at - actions.UNDO_PERIOD
            truth.says_yes, truth.has_left, truth.left_at = True, False, None
            person.left_everything = False

    @rule(address=who, key=which, days=st.sampled_from((3, 40)))
    def pause(self, address, key, days):
        row, at = self.found(address, key), self.tick()
        if row is None:
            return
        until = (at + timedelta(days=days)).date()
        with suppress(LinkError):
            resting.pause(subscription=row, until=until, where=HERE, at=at)
        truth = self.people[address].of[key]
        if truth.says_yes:
            zone = self.newsletters[key].hours.zone
            truth.away_until = datetime.combine(until, time.min, zone)

    @rule(address=who, key=which)
    def go_on(self, address, key):
        if (row := self.found(address, key)) is None:
            return
        with suppress(LinkError):
            resting.resume(subscription=row, where=HERE, at=self.tick())
        truth = self.people[address].of[key]
        if truth.says_yes:
            truth.away_until = None

    @rule(address=who, key=which, language=st.sampled_from(("es", "en")))
    def change(self, address, key, language):
        if row := self.found(address, key):
            with suppress(LinkError):
                actions.update_preferences(
                    subscription=row,
                    language=language,
                    projects=[],
                    countries=[],
                    frequency=Frequency.MONTHLY,
                    where=HERE,
                    at=self.tick(),
                )

    @rule(address=who, key=which)
    def take_a_change_back(self, address, key):
        if (row := self.found(address, key)) is None:
            return
        try:
            row = undoing.undo_change(subscription=row, where=HERE, at=self.tick())
        except LinkError:
            return
        truth = self.people[address].of[key]
        assert truth.says_yes
        truth.away_until = row.paused_until

    @rule(address=who, key=which)
    def add(self, address, key):
        try:
            add_by_hand(
                address=address,
                newsletter=self.newsletters[key],
                language="es",
                projects=[],
                countries=[],
                frequency=Frequency.EACH,
                proof="A list",
                agreed_on=date(2026, 1, 1),
                where=HERE,
                by=None,
                at=self.tick(),
            )
        except (AlreadySubscribedError, SuppressedError):
            return
        self.note_added(address, key)

    def note_added(self, address, key):
        person, truth = self.people[address], self.people[address].of[key]
        assert not truth.has_left
        assert not person.is_barred
        assert not person.left_everything
        person.of[key] = Truth(says_yes=True)

    @rule(key=which)
    def import_both(self, key):
        """A former list, with both on it."""
        before = self.reached(key)
        file = BytesIO("\n".join(["correo", *ADDRESSES]).encode())
        source = importing.upload(
            file=file,
            name="former.csv",
            newsletter=self.newsletters[key],
            by=None,
            at=self.tick(),
        )
        importing.start_check(source=source, plan=PLAN, at=self.at)
        running.run_check(source.pk)
        source.refresh_from_db()
        importing.start_import(source=source, at=self.at)
        running.run_import(source.pk)
        for address in self.reached(key) - before:
            self.note_added(address, key)

    @rule(address=who)
    def bounce(self, address):
        """As the store notes a mailbox that is gone."""
        rows = Subscriber.objects.filter(address_hash=address_hash(address)).healthy()
        if rows.update(health=Subscriber.Health.BOUNCED):
            Suppression.objects.get_or_create(
                address_hash=address_hash(address),
                newsletter=None,
                defaults={"reason": Suppression.Reason.BOUNCED},
            )
            self.people[address].is_barred = True

    @rule(address=who)
    def complain(self, address):
        with suppress(UnknownAddressError):
            record_complaint(address=address, at=self.tick())
            self.people[address].is_barred = True

    @rule(address=who)
    def erase(self, address):
        rows = Subscriber.objects.filter(address_hash=address_hash(address))
        if subscriber := rows.first():
            owning.erase(subscriber=subscriber, where=HERE, at=self.tick())
            for key in self.newsletters:
                self.people[address].of[key] = Truth(has_left=True)
            self.people[address].is_barred = True

    @rule(minutes=st.sampled_from((20, 45, 3 * 24 * 60)))
    def wait(self, minutes):
        self.at += timedelta(minutes=minutes)

    @rule()
    def weeks_pass(self):
        """Who never confirmed is forgotten; that is no answer."""
        self.at += timedelta(days=16)
        forgetting.forget_unconfirmed(at=self.at)
        for address, person in self.people.items():
            for key, truth in person.of.items():
                row = self.found(address, key)
                is_pending = row is not None and row.state == Subscription.State.PENDING
                truth.was_asked = truth.was_asked and is_pending

    def reached(self, key):
        rows = Subscription.objects.receivable(self.at)
        mine = rows.filter(newsletter=self.newsletters[key])
        return set(mine.values_list("subscriber__address", flat=True))

    @invariant()
    def mails_reach_whom_they_should(self):
        for key in self.newsletters:
            wanted = {
                address
                for address, person in self.people.items()
                if person.of[key].says_yes and not person.is_barred
                if not (until := person.of[key].away_until) or until <= self.at
            }
            assert self.reached(key) == wanted


@pytest.mark.django_db
def test_no_order_of_events_mails_loses_or_revives_anybody():
    some = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=some)
