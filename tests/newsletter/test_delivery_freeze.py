"""The freeze: who is eligible then, and only then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.delivery.message import Wire
from newsletter.dispatching import actions, freeze
from newsletter.errors import (
    IllegalMoveError,
    NothingToSendError,
    UnknownDispatchError,
)
from newsletter.models import (
    Delivery,
    Dispatch,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.newsletter.sending import (
    EDITIONS,
    Content,
    a_newsletter,
    a_reader,
    frozen,
    readers,
)

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=3)


@pytest.fixture
def newsletter():
    return a_newsletter()


def test_everyone_eligible_gets_one_row_in_their_language(newsletter):
    readers(newsletter, 5, "es")
    readers(newsletter, 3, "en")
    dispatch = frozen(newsletter, chunk_size=2)
    assert (dispatch.state, dispatch.audience) == ("ready", 8)
    assert dispatch.excluded == {}
    rows = Delivery.objects.filter(dispatch=dispatch)
    assert all(row.edition.language == row.subscriber.language for row in rows)
    assert all(row.chunk.edition_id == row.edition_id for row in rows)
    numbers = dispatch.chunks.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert max(chunk.deliveries.count() for chunk in dispatch.chunks.all()) == 2


def test_a_lost_machine_takes_a_small_part_with_it():
    sizes = [freeze.chunk_size_for(people) for people in (3, 9_000, 1_000_000)]
    assert sizes == [100, 450, 2_000]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": "pending", "confirmed_at": None}, "pending"),
        ({"confirmed_at": None}, "pending"),
        ({"state": "unsubscribed"}, "unsubscribed"),
        ({"state": "paused"}, "paused"),
        ({"paused_until": SOON}, "paused"),
        ({"health": "held"}, "held"),
        ({"health": "bounced"}, "bounced"),
        ({"health": "complained"}, "complained"),
        ({"health": "erased"}, "erased"),
    ],
)
def test_who_is_not_eligible_is_left_out_and_counted_by_reason(
    newsletter, values, reason
):
    ana = a_reader(newsletter, "ana")
    a_reader(newsletter, "eva", **values)
    dispatch = frozen(newsletter)
    assert (dispatch.audience, dispatch.excluded) == (1, {reason: 1})
    assert dispatch.audience + 1 == newsletter.subscriptions.count()
    assert list(newsletter.subscriptions.receivable()) == [ana]


def test_a_reader_without_an_address_is_left_out(newsletter):
    ana, eva = readers(newsletter, 2)
    Subscriber.objects.filter(pk=eva.subscriber_id).update(address=None)
    assert frozen(newsletter).excluded == {"erased": 1}
    assert list(newsletter.subscriptions.receivable()) == [ana]


def test_a_freeze_that_breaks_can_be_done_again(newsletter, monkeypatch):
    readers(newsletter, 2)
    with monkeypatch.context() as patched:
        patched.setattr(freeze, "_write_rows", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            frozen(newsletter)
    assert frozen(newsletter).audience == 2


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_suppressed_address_is_left_out(newsletter, everywhere):
    a_reader(newsletter, "ana")
    left = a_reader(newsletter, "eva")
    Suppression.objects.create(
        address_hash=left.subscriber.address_hash,
        newsletter=None if everywhere else newsletter,
        reason="left",
    )
    assert frozen(newsletter).excluded == {"suppressed": 1}
    assert left not in newsletter.subscriptions.receivable()


def test_a_suppression_for_another_newsletter_does_not_count(newsletter):
    reader = a_reader(newsletter, "ana")
    Suppression.objects.create(
        address_hash=reader.subscriber.address_hash,
        newsletter=a_newsletter(key="otro"),
        reason="left",
    )
    assert frozen(newsletter).audience == 1


def test_a_pause_that_is_over_does_not_count(newsletter):
    a_reader(newsletter, "ana", paused_until=timezone.now() - timedelta(days=1))
    assert frozen(newsletter).audience == 1


@pytest.mark.parametrize(
    "editions",
    [{"es": Content()}, {"es": Content(), "en": Content(is_empty=True)}],
)
def test_readers_of_a_language_with_nothing_to_say_are_left_out(newsletter, editions):
    readers(newsletter, 2, "es")
    readers(newsletter, 3, "en")
    dispatch = frozen(newsletter, editions=editions)
    assert dispatch.audience == 2
    assert dispatch.excluded == {"no_edition": 3}
    assert [each.language for each in dispatch.editions.all()] == ["es"]


def test_an_issue_with_nothing_to_say_is_refused_and_stays_a_draft(newsletter):
    readers(newsletter, 2)
    with pytest.raises(NothingToSendError):
        frozen(newsletter, editions={"es": Content(is_empty=True)})
    assert Dispatch.objects.get().state == "draft"
    assert not Delivery.objects.exists()


def test_an_issue_that_nobody_may_receive_is_refused(newsletter):
    a_reader(newsletter, "ana", state="unsubscribed")
    with pytest.raises(NothingToSendError):
        frozen(newsletter)


def test_freezing_twice_is_refused(newsletter):
    readers(newsletter, 1)
    dispatch = frozen(newsletter)
    with pytest.raises(IllegalMoveError):
        actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=EDITIONS)
    assert Delivery.objects.count() == 1


def test_who_joins_after_the_freeze_gets_the_next_issue(newsletter):
    readers(newsletter, 1)
    dispatch = frozen(newsletter)
    a_reader(newsletter, "tarde")
    assert dispatch.deliveries.count() == 1


def test_other_newsletters_readers_are_not_in_the_audience(newsletter):
    readers(newsletter, 2)
    other = a_newsletter(key="otro")
    a_reader(other, "otra")
    assert frozen(newsletter).audience == 2


def test_the_frozen_mail_names_the_sender_in_its_language(newsletter):
    readers(newsletter, 1, "es")
    readers(newsletter, 1, "en")
    dispatch = frozen(newsletter)
    wires = {
        each.language: b"".join(Wire.from_json(each.wire).segments)
        for each in dispatch.editions.all()
    }
    assert b"From: Andean Centre <boletin@pregon.example>" in wires["en"]
    assert b"Content-Language: es" in wires["es"]
    assert b"Centro_Andino" in wires["es"] or b"=?utf-8?" in wires["es"]
    assert b"<general.testserver>" in wires["en"]


@pytest.mark.parametrize("state", Dispatch.State)
@pytest.mark.parametrize("target", Dispatch.State)
def test_only_the_moves_of_the_table_are_possible(newsletter, state, target):
    dispatch = Dispatch.objects.create(newsletter=newsletter, title="x", state=state)
    if target in Dispatch.MOVES[state]:
        dispatch.move_to(target)
    else:
        with pytest.raises(IllegalMoveError):
            dispatch.move_to(target)
        target = state
    dispatch.refresh_from_db()
    assert dispatch.state == target


def test_a_move_that_another_process_made_first_is_refused(newsletter):
    reader = a_reader(newsletter, "ana")
    stale = Subscription.objects.get(pk=reader.pk)
    reader.move_to("unsubscribed")
    with pytest.raises(IllegalMoveError):
        stale.move_to("paused")
    assert stale.state == "unsubscribed"


def test_an_unknown_dispatch_is_a_named_error():
    with pytest.raises(UnknownDispatchError):
        actions.start_dispatch(dispatch_id=404)
