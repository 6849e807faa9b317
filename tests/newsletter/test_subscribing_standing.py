"""`subscriber_state`."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from newsletter.models import Subscriber, Subscription, Suppression, address_hash
from tests.newsletter.readers import active_reader, own_path

pytestmark = pytest.mark.django_db
ADDRESS = "ana@lector.example.org"


def state_of(capsys, *arguments) -> str:
    call_command("subscriber_state", *arguments)
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize("unknown", [ADDRESS, "", "no address", "a\x00b", "\udcff@x"])
def test_an_unknown_address_is_none(capsys, unknown):
    assert state_of(capsys, unknown) == "none"


@pytest.mark.parametrize("state", Subscription.State.values)
def test_a_subscription_says_its_state(capsys, newsletter, state):
    active_reader(newsletter, "es", address=ADDRESS)
    Subscription.objects.update(state=state)
    assert state_of(capsys, ADDRESS.upper()) == state


def test_the_strongest_subscription_speaks_unless_one_is_named(
    capsys, newsletter, second_newsletter
):
    left = active_reader(newsletter, "es", address=ADDRESS)
    active_reader(second_newsletter, "es", address=ADDRESS)
    Client().post(own_path(left, "leave"))
    assert state_of(capsys, ADDRESS) == "active"
    assert state_of(capsys, ADDRESS, "--newsletter", newsletter.key) == "unsubscribed"
    assert state_of(capsys, ADDRESS, "--newsletter", second_newsletter.key) == "active"


@pytest.mark.parametrize("health", ["bounced", "complained"])
def test_an_address_in_trouble_says_so(capsys, newsletter, health):
    active_reader(newsletter, "es", address=ADDRESS)
    Subscriber.objects.update(health=health)
    assert state_of(capsys, ADDRESS) == health


@pytest.mark.parametrize(
    ("reason", "word"),
    [("left", "unsubscribed"), ("erased", "erased"), ("complained", "complained")],
)
def test_a_suppressed_address_we_no_longer_hold_is_known(capsys, reason, word):
    Suppression.objects.create(address_hash=address_hash(ADDRESS), reason=reason)
    assert state_of(capsys, ADDRESS) == word


def test_an_unknown_newsletter_is_refused_in_one_line():
    with pytest.raises(CommandError, match="no newsletter"):
        call_command("subscriber_state", ADDRESS, newsletter="none-such")


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as end:
        call_command("subscriber_state", "--help")
    assert end.value.code == 0
    assert "--newsletter KEY" in capsys.readouterr().out
