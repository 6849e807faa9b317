"""`subscriber_state` and the list of subscribers in the admin."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from newsletter.models import Subscriber, Subscription, Suppression, address_hash
from people import roles
from people.models import User
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


@pytest.fixture
def sender(client) -> Client:
    roles.write_grants()
    user = User.objects.create_user("sender", password="x", email="s@centre.example")
    user.groups.add(roles.group_of(roles.NEWSLETTER_SENDER))
    client.force_login(user)
    return client


LIST = "subscribers:index"


def test_a_sender_finds_subscribers_and_filters_them(
    sender, newsletter, second_newsletter
):
    active_reader(newsletter, "es", address=ADDRESS)
    active_reader(second_newsletter, "en", address="ben@lector.example.org")
    queries = {
        "": {"ana", "ben"},
        "?q=ana": {"ana"},
        "?language=en": {"ben"},
        "?state=active": {"ana", "ben"},
        "?state=pending": set(),
        f"?newsletter={newsletter.pk}": {"ana"},
        "?health=bounced": set(),
    }
    for query, expected in queries.items():
        page = sender.get(reverse(LIST) + query).content.decode()
        found = {name for name in ("ana", "ben") if f"{name}@lector" in page}
        assert found == expected, query


def test_looking_is_all_the_admin_can_do(admin_client, newsletter):
    subscriber = active_reader(newsletter, "es", address=ADDRESS).subscriber
    inspect = admin_client.get(reverse("subscribers:inspect", args=[subscriber.pk]))
    assert ADDRESS in inspect.content.decode()
    for verb in ("edit", "delete"):
        path = reverse(f"subscribers:{verb}", args=[subscriber.pk])
        assert admin_client.post(path, {"address": "x@y.org"}).status_code == 302
    admin_client.post(reverse("subscribers:add"), {"address": "new@lector.example.org"})
    assert [*Subscriber.objects.values_list("address", flat=True)] == [ADDRESS]


def test_an_editor_sees_no_subscribers(client, newsletter):
    roles.write_grants()
    user = User.objects.create_user("editor", password="x")
    user.groups.add(roles.group_of(roles.EDITOR))
    client.force_login(user)
    active_reader(newsletter, "es", address=ADDRESS)
    answer = client.get(reverse(LIST), follow=True)
    assert ADDRESS not in answer.content.decode()


def test_the_list_costs_the_same_for_many(
    admin_client, newsletter, django_assert_max_num_queries
):
    for number in range(30):
        active_reader(newsletter, "es", address=f"r{number}@lector.example.org")
    with django_assert_max_num_queries(25):
        admin_client.get(reverse(LIST))
