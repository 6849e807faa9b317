"""Two at once, on PostgreSQL: one of them wins, nothing is done twice or lost."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.utils import timezone

from mail.models import QueuedMail
from newsletter import tasks
from newsletter.composing import scheduling
from newsletter.composing.actions import send_issue
from newsletter.dispatching import running
from newsletter.dispatching.repairing import Verdict, resolve_uncertain, retry_failed
from newsletter.dispatching.store import DispatchStore, DjangoLedger
from newsletter.errors import (
    AlreadySentError,
    AlreadySubscribedError,
    BlockedError,
    ChangedMeanwhileError,
    LinkUsedError,
    SuppressedError,
)
from newsletter.importing import actions as importing
from newsletter.importing.plans import Plan
from newsletter.models import (
    AddressChange,
    Delivery,
    Dispatch,
    Edition,
    Frequency,
    OptInMail,
    Subscriber,
    Subscription,
    address_hash,
)
from newsletter.subscribing import actions, moving, owning, wording
from newsletter.subscribing.by_hand import add_by_hand
from newsletter.subscribing.consents import Place
from newsletter.subscribing.reminding import remind_unconfirmed
from tests.newsletter.issues import BOTH, SmallSite, make_issue
from tests.newsletter.sending import (
    a_newsletter,
    a_reader,
    counts_of,
    readers,
    run,
    started,
)
from tests.pages.test_races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PAGE = Place("/es/", "es")


@pytest.fixture(autouse=True)
def two_connections():
    if connection.vendor != "postgresql":
        pytest.skip("an in-memory SQLite database has one connection")


@pytest.fixture
def issue():
    site = SmallSite()
    for name in ("ana", "eva"):
        a_reader(site.newsletter, name)
    return site.issue(site.story("Agua"))


def asking(newsletter, address):
    """A job that signs this address up."""

    def ask():
        actions.request_subscription(
            address=address,
            newsletter=newsletter,
            language="es",
            projects=[],
            countries=[],
            frequency=Frequency.EACH,
            where=PAGE,
            network="192.0.2.1",
            at=timezone.now(),
        )

    return ask


def erasing(subscription):
    """A job that forgets this reader."""
    known = {"where": PAGE, "at": timezone.now()}
    return partial(owning.erase, subscriber=subscription.subscriber, **known)


def leaving(subscription):
    """A job that unsubscribes this reader."""

    def leave():
        actions.unsubscribe(
            subscription=subscription,
            where=PAGE,
            version=wording.ONE_CLICK,
            at=timezone.now(),
        )

    return leave


def test_two_clicks_on_send_begin_one_sending(issue):
    click = lambda: send_issue(issue=issue)  # noqa: E731
    raised = together(click, click)
    assert sorted(type(error).__name__ for error in raised) == [
        AlreadySentError.__name__,
        "NoneType",
    ]
    dispatch = Dispatch.objects.get()
    assert dispatch.audience == dispatch.deliveries.count() == 2


def test_two_issues_at_once_do_not_both_send_a_story(issue):
    story = issue.stories.get().story
    page, words = issue.get_parent().specific, {"intro_es": "<p>Hola</p>"}
    other = make_issue(page, [story], BOTH, {}, headline_es="Dos", **words)
    jobs = [partial(send_issue, issue=each) for each in (issue, other)]
    raised = together(*jobs)
    told = Edition.objects.filter(language="es").values_list("story_ids", flat=True)
    assert sum(story.pk in ids for ids in told) == 1
    # The first of them may have nothing left to say.
    assert [type(error) for error in raised if error] in ([], [BlockedError])


def test_two_workers_start_a_scheduled_issue_once(issue):
    moment = timezone.now()
    planned = scheduling.schedule_issue(issue=issue, at=moment)
    began = []

    def start():
        began.append(scheduling.start_scheduled(dispatch_id=planned.pk, at=moment))

    assert together(start, start) == [None, None]
    assert sorted(began) == [False, True]
    planned.refresh_from_db()
    assert planned.state == Dispatch.State.SENDING
    assert planned.deliveries.count() == 2


def test_one_mailbox_is_one_subscriber_however_it_is_spelt():
    newsletter = a_newsletter()
    for number in range(5):
        spellings = [f"Ana{number}@lector.example", f"ana{number}@lector.example"]
        jobs = [asking(newsletter, address) for address in spellings]
        assert together(*jobs) == [None, None]
        assert Subscriber.objects.count() == number + 1
        assert Subscription.objects.count() == number + 1


def test_of_many_questions_at_once_two_send_a_mail():
    newsletter = a_newsletter()
    jobs = [asking(newsletter, "ana@lector.example")] * 5
    assert together(*jobs) == [None] * 5
    assert OptInMail.objects.count() == 2
    assert QueuedMail.objects.count() == 2


def test_who_leaves_while_a_chunk_is_claimed_is_either_in_it_or_dropped():
    newsletter = a_newsletter()
    people = readers(newsletter, 12)
    dispatch = started(newsletter, chunk_size=4)
    claims = []

    def claim_all():
        store = DispatchStore(dispatch.pk)
        while claim := store.claim("elsewhere-1"):
            claims.append(claim)

    assert together(claim_all, *map(leaving, people[::2])) == [None] * 7
    claimed = {each.subscriber for claim in claims for each in claim.recipients}
    states = dict(Delivery.objects.values_list("subscriber_id", "state"))
    assert claimed == {who for who, state in states.items() if state == "waiting"}
    assert set(states.values()) <= {"waiting", "dropped"}
    assert {person.subscriber_id for person in people[1::2]} <= claimed
    assert Counter(Subscription.objects.values_list("state", flat=True)) == {
        "active": 6,
        "unsubscribed": 6,
    }


def test_two_editors_decide_about_the_same_mails_and_one_wins():
    newsletter = a_newsletter()
    readers(newsletter, 3)
    dispatch = started(newsletter)
    run(dispatch)
    dispatch.deliveries.update(state="uncertain")
    decide = lambda: resolve_uncertain(  # noqa: E731
        dispatch_id=dispatch.pk, verdict=Verdict.AGAIN, expected=3
    )
    raised = together(decide, decide)
    assert sorted(type(error).__name__ for error in raised) == [
        ChangedMeanwhileError.__name__,
        "NoneType",
    ]
    assert len(run(dispatch).accepted) == 3
    assert counts_of(dispatch) == {"sent": 3}


def test_failed_mails_given_back_as_a_sending_ends_are_sent():
    newsletter = a_newsletter()
    readers(newsletter, 2)
    dispatch = started(newsletter)
    run(dispatch)
    dispatch.deliveries.update(state="failed")
    Dispatch.objects.update(state="sending")
    together(
        lambda: retry_failed(dispatch_id=dispatch.pk),
        lambda: running.finish_if_done(dispatch),
    )
    dispatch.refresh_from_db()
    assert dispatch.state == "sending"
    assert len(run(dispatch).accepted) == 2


def test_who_leaves_while_they_are_erased_is_gone_all_the_same():
    newsletter = a_newsletter()
    people = readers(newsletter, 4)
    jobs = []
    for each in people:
        jobs += [leaving(each), erasing(each)]
    assert together(*jobs) == [None] * 8
    assert not Subscriber.objects.exclude(address=None).exists()
    assert not Subscription.objects.exclude(state="unsubscribed").exists()


def adding(subscription):
    """A job that adds this reader by hand, with proof."""
    newsletter, address = subscription.newsletter, subscription.subscriber.address

    def add():
        add_by_hand(
            address=address,
            newsletter=newsletter,
            language="es",
            projects=[],
            countries=[],
            frequency=Frequency.EACH,
            proof="Lista firmada",
            agreed_on=timezone.localdate(),
            where=PAGE,
            by=None,
            at=timezone.now(),
        )

    return add


def confirming(subscription):
    """A job that presses the button of the opt-in mail."""
    known = {"where": PAGE, "at": timezone.now()}
    return partial(actions.confirm, subscription=subscription, **known)


def waiting_reader(newsletter, number):
    """Somebody who has asked and not confirmed."""
    subscription = a_reader(newsletter, f"r{number}")
    Subscription.objects.filter(pk=subscription.pk).update(
        state="pending", confirmed_at=None
    )
    subscription.refresh_from_db()
    return subscription


@pytest.mark.parametrize(
    ("other", "ends", "may_raise"),
    [
        # Whoever leaves has left, before or after being added.
        (leaving, "unsubscribed", SuppressedError),
        (confirming, "active", AlreadySubscribedError),
        (erasing, "unsubscribed", SuppressedError),
    ],
)
def test_adding_somebody_revives_nobody_and_stands_in_nobodys_way(
    other, ends, may_raise
):
    newsletter = a_newsletter()
    for number in range(12):
        subscription = waiting_reader(newsletter, number)
        raised = together(adding(subscription), other(subscription))
        assert {type(error) for error in raised if error} <= {may_raise}
        subscription.refresh_from_db()
        assert subscription.state == ends


def test_who_is_reminded_and_asks_at_once_gets_two_mails_in_all():
    newsletter = a_newsletter(reminds=True)
    for number in range(8):
        address = f"n{number}@lector.example.org"
        asking(newsletter, address)()
        Subscription.objects.update(created_at=timezone.now() - timedelta(days=4))
        OptInMail.objects.update(sent_at=timezone.now() - timedelta(days=4))
        raised = together(asking(newsletter, address), remind_unconfirmed)
        assert raised == [None, None]
        digest = address_hash(address)
        assert OptInMail.objects.filter(address_hash=digest).count() == 2


def test_a_bounce_and_leaving_everything_pass_each_other():
    newsletter = a_newsletter()
    for number in range(10):
        subscription = a_reader(newsletter, f"b{number}")
        person = subscription.subscriber
        leave = partial(
            actions.leave_all, subscriber=person, where=PAGE, at=timezone.now()
        )

        def bounce(pk=person.pk):
            with transaction.atomic():
                DjangoLedger()._suppress([pk])

        assert together(leave, bounce) == [None, None]
        subscription.refresh_from_db()
        assert subscription.state == "unsubscribed"


def importing_of(newsletter, names):
    """An import of readers by these names, checked and about to be carried out."""
    content = "mail\n" + "".join(f"{name}@lectores.example\n" for name in names)
    source = importing.upload(
        file=BytesIO(content.encode()),
        name="list.csv",
        newsletter=newsletter,
        by=None,
        at=timezone.now(),
    )
    plan = Plan({"address": 0}, "es", "2026-11-20", "A signed list")
    importing.start_check(source=source, plan=plan, at=timezone.now())
    tasks.check_import(source.pk)
    source.refresh_from_db()
    importing.start_import(source=source, at=timezone.now())
    return source


def test_some_sign_up_and_leave_while_a_batch_of_an_import_is_written():
    """Nobody comes twice or is revived; whoever signs up at that moment is there."""
    newsletter = a_newsletter()
    for turn in range(4):
        names = [f"r{turn}x{number}" for number in range(200)]
        going = [a_reader(newsletter, name) for name in names[:3]]
        source = importing_of(newsletter, names)
        raised = together(
            partial(tasks.run_import, source.pk),
            partial(tasks.run_import, source.pk),
            *map(leaving, going),
            *(asking(newsletter, f"{name}@lectores.example") for name in names[-3:]),
        )
        assert raised == [None] * 8
        tasks.run_import(source.pk)
        source.refresh_from_db()
        assert (source.state, sum(source.counts.values())) == ("done", 200)
        mine = {"subscriber__address__startswith": f"r{turn}x"}
        states = Counter(
            Subscription.objects.filter(**mine).values_list("state", flat=True)
        )
        assert states["unsubscribed"] == 3
        assert states["active"] >= 194
        assert sum(states.values()) == 200


def moving_to(subscription, new):
    """A job that presses the button of the mail to another mailbox."""
    change = AddressChange.objects.create(subscriber=subscription.subscriber, new=new)
    known = {"where": PAGE, "at": timezone.now()}
    return partial(moving.confirm_change, change=change, **known)


def test_who_moves_while_they_leave_or_are_erased_ends_in_one_place_at_most():
    newsletter = a_newsletter()
    jobs = []
    for number, each in enumerate(readers(newsletter, 4)):
        new = f"nueva{number}@lectores.example"
        jobs += [moving_to(each, new), leaving(each), erasing(each)]
    found = together(*jobs)
    assert all(each is None or isinstance(each, LinkUsedError) for each in found)
    rows = Subscription.objects.receivable()
    reached = set(rows.values_list("subscriber__address", flat=True))
    assert all(address.startswith("nueva") for address in reached)
    assert not Subscriber.objects.filter(address__startswith="es").exists()


def test_two_who_move_to_each_other_hold_nobody_up():
    newsletter = a_newsletter()
    ana, beto = readers(newsletter, 2)
    found = together(
        moving_to(ana, beto.subscriber.address), moving_to(beto, ana.subscriber.address)
    )
    assert all(each is None or isinstance(each, LinkUsedError) for each in found)
    assert Subscription.objects.receivable().count() == 1
