"""Who never confirms is forgotten once the last link has ended, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter.models import (
    Consent,
    Frequency,
    OptInMail,
    Subscriber,
    Subscription,
    Suppression,
)
from newsletter.subscribing import actions, wording
from newsletter.subscribing.consents import Place
from newsletter.subscribing.forgetting import forget_unconfirmed
from newsletter.tasks import forget_unconfirmed as task

pytestmark = pytest.mark.django_db

ADDRESS = "ana@lector.example.org"
START = timezone.now() - timedelta(days=60)
PAGE = Place("/es/", "es")
DAY = timedelta(days=1)
FORGOTTEN = 14 * DAY


def ask(newsletter, at=START, address=ADDRESS):
    actions.request_subscription(
        address=address,
        newsletter=newsletter,
        language="es",
        projects=[],
        countries=[],
        frequency=Frequency.EACH,
        where=PAGE,
        network="192.0.2.1",
        at=at,
    )
    return Subscription.objects.get(subscriber__address=address, newsletter=newsletter)


def confirm(subscription, at=START):
    actions.confirm(subscription=subscription, where=PAGE, at=at)


def is_known(address=ADDRESS) -> bool:
    return Subscriber.objects.filter(address=address).exists()


def test_who_never_confirms_is_forgotten_with_every_trace(newsletter):
    ask(newsletter)
    assert forget_unconfirmed(at=START + FORGOTTEN - timedelta(minutes=1)) == 0
    assert is_known()
    assert forget_unconfirmed(at=START + FORGOTTEN) == 1
    for model in (Subscriber, Subscription, Consent, OptInMail):
        assert not model.objects.exists()


def test_the_task_does_it_and_a_second_run_finds_nobody(newsletter):
    ask(newsletter)
    task()
    task()
    assert not is_known()


def test_the_last_mail_counts(newsletter):
    ask(newsletter)
    ask(newsletter, START + 10 * DAY)
    assert forget_unconfirmed(at=START + FORGOTTEN) == 0
    assert forget_unconfirmed(at=START + 10 * DAY + FORGOTTEN) == 1


def test_a_question_that_sent_no_mail_keeps_nobody_longer(newsletter):
    for day in (0, 1, 9):
        ask(newsletter, START + day * DAY)
    assert OptInMail.objects.count() == 2
    assert forget_unconfirmed(at=START + DAY + FORGOTTEN) == 1


def test_who_confirmed_stays(newsletter):
    confirm(ask(newsletter))
    assert forget_unconfirmed(at=START + 50 * DAY) == 0
    assert Consent.objects.count() == 2


def test_who_reads_one_newsletter_and_waits_for_another_stays(
    newsletter, second_newsletter
):
    confirm(ask(newsletter))
    ask(second_newsletter)
    assert forget_unconfirmed(at=START + 50 * DAY) == 0
    assert Subscription.objects.count() == 2


def test_who_left_and_asked_again_stays_and_stays_suppressed(newsletter):
    subscription = ask(newsletter)
    confirm(subscription)
    actions.unsubscribe(
        subscription=subscription, where=PAGE, version=wording.LEAVE, at=START + DAY
    )
    ask(newsletter, START + 2 * DAY)
    before = list(Suppression.objects.values())
    assert before
    assert forget_unconfirmed(at=START + 50 * DAY) == 0
    assert list(Suppression.objects.values()) == before


def test_who_left_is_unsubscribed_again_once_a_strangers_question_has_ended(newsletter):
    subscription = ask(newsletter)
    confirm(subscription)
    actions.unsubscribe(
        subscription=subscription, where=PAGE, version=wording.LEAVE, at=START + DAY
    )
    asked_at = START + 2 * DAY
    ask(newsletter, asked_at)
    forget_unconfirmed(at=asked_at + FORGOTTEN - timedelta(minutes=1))
    subscription.refresh_from_db()
    assert subscription.state == "pending"
    forget_unconfirmed(at=asked_at + FORGOTTEN)
    subscription.refresh_from_db()
    assert subscription.state == "unsubscribed"
    assert subscription.left_at == START + DAY
    assert Suppression.objects.exists()
    # Asked again, the owner can still come back.
    later = asked_at + 20 * DAY
    confirm(ask(newsletter, later), later)
    subscription.refresh_from_db()
    assert subscription.state == "active"


def test_forgetting_lifts_no_suppression(newsletter):
    subscriber = ask(newsletter).subscriber
    Suppression.objects.create(
        address_hash=subscriber.address_hash, reason=Suppression.Reason.COMPLAINED
    )
    assert forget_unconfirmed(at=START + FORGOTTEN) == 1
    assert Suppression.objects.count() == 1


def test_two_mails_in_fourteen_days_stays_the_limit(newsletter):
    for day in (0, 1, 2):
        ask(newsletter, START + day * DAY)
        forget_unconfirmed(at=START + day * DAY)
    assert OptInMail.objects.count() == 2
    # The first mail is out of the period by now, the second one is not.
    later = START + FORGOTTEN + timedelta(hours=1)
    forget_unconfirmed(at=later)
    assert OptInMail.objects.count() == 1
    ask(newsletter, later)
    ask(newsletter, later)
    assert OptInMail.objects.count() == 2


def test_a_run_is_bounded_and_the_next_one_goes_on(newsletter):
    for number in range(7):
        ask(newsletter, address=f"r{number}@lector.example.org")
    assert forget_unconfirmed(at=START + FORGOTTEN, batch=2, batches=2) == 4
    assert Subscriber.objects.count() == 3
    assert forget_unconfirmed(at=START + FORGOTTEN, batch=2, batches=2) == 3


@pytest.mark.parametrize("waiting", [3, 30])
def test_a_batch_costs_the_same_for_few_and_many(
    newsletter, waiting, django_assert_max_num_queries
):
    for number in range(waiting):
        ask(newsletter, address=f"r{number}@lector.example.org")
    with django_assert_max_num_queries(24):
        assert forget_unconfirmed(at=START + FORGOTTEN) == waiting
