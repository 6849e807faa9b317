from __future__ import annotations

import re
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from newsletter.delivery.hours import Hours
from newsletter.models import Dispatch, Newsletter
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite
from tests.newsletter.sending import a_newsletter, a_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    user = person(roles.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_a_newsletter_with_readers_is_not_deleted_and_says_why(client, chief):
    newsletter = a_newsletter()
    a_reader(newsletter, "ana")
    url = reverse("newsletter:delete", args=[newsletter.pk])
    for answer in (client.get(url, follow=True), client.post(url, follow=True)):
        assert "cannot be deleted" in answer.content.decode()
    assert Newsletter.objects.filter(pk=newsletter.pk).exists()


def test_a_newsletter_nobody_knows_can_be_deleted(client, chief):
    newsletter = a_newsletter()
    client.post(reverse("newsletter:delete", args=[newsletter.pk]))
    assert not Newsletter.objects.exists()


def test_both_languages_of_a_newsletter_are_edited_together(client, chief):
    page = client.get(reverse("newsletter:add")).content.decode()
    for name in ("name_es", "name_en", "sender_name_es", "sender_name_en"):
        assert f'name="{name}"' in page


NEW = {
    "key": "mensual",
    "name_es": "Mensual",
    "name_en": "Monthly",
    "from_address": "a@centre.example",
    "fallback_rule": "link",
    "typed_above": "1000",
    "default_language": "es",
    "rate_per_minute": "0",
    "burst": "0",
    "rate_per_hour": "0",
    "connections": "4",
    "is_active": "on",
}


def test_a_newsletter_is_made_in_the_admin(client, chief):
    client.post(reverse("newsletter:add"), NEW)
    assert Newsletter.objects.get().name_en == "Monthly"


def test_a_newsletter_has_days_and_hours_of_its_own(client, chief):
    hours = {"send_days": ["0", "4"], "send_from": "22:00", "send_until": "02:00"}
    zone = {"time_zone": "America/Santiago"}
    client.post(reverse("newsletter:add"), {**NEW, **hours, **zone})
    newsletter = Newsletter.objects.get()
    assert newsletter.hours == Hours(
        ZoneInfo("America/Santiago"), frozenset({0, 4}), time(22), time(2)
    )
    page = client.get(reverse("newsletter:edit", args=[newsletter.pk])).text
    assert re.findall(r'name="send_days" value="(\d)"[^>]* checked', page) == ["0", "4"]
    assert '<option value="America/Santiago" selected>' in page


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("send_until", {"send_from": "08:00"}),
        ("send_from", {"send_until": "20:00"}),
        ("send_until", {"send_from": "08:00", "send_until": "08:00"}),
        ("send_from", {"send_from": "25:00", "send_until": "08:00"}),
        ("send_days", {"send_days": ["7"]}),
        ("time_zone", {"time_zone": "America/Macondo"}),
        ("burst", {"burst": "-1"}),
        ("rate_per_hour", {"rate_per_hour": "99999999999999999999"}),
    ],
)
def test_hours_and_limits_that_make_no_sense_are_refused(client, chief, field, given):
    answer = client.post(reverse("newsletter:add"), {**NEW, **given})
    assert list(answer.context["form"].errors) == [field]
    assert not Newsletter.objects.exists()


@pytest.mark.parametrize("field", ["from_address", "reply_to"])
@pytest.mark.parametrize("address", ["a@localhost", "a@centre.test"])
def test_a_newsletter_comes_from_an_address_that_can_get_mail(
    client, chief, field, address
):
    answer = client.post(reverse("newsletter:add"), {**NEW, field: address})
    assert list(answer.context["form"].errors) == [field]
    assert not Newsletter.objects.exists()


@pytest.mark.parametrize(
    "name", ["issues:index", "dispatches:index", "newsletter:index"]
)
def test_empty_lists_open(client, chief, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("rows", [2, 9])
def test_issues_are_listed_with_what_each_language_is(
    client, chief, rows, django_assert_max_num_queries
):
    site = SmallSite()
    for _ in range(rows):
        site.issue(languages=("es",))
    url = reverse("issues:index")
    client.get(url)
    with django_assert_max_num_queries(40):
        page = client.get(url).content.decode()
    assert page.count("pg-state--live") == page.count("pg-state--draft") == rows
    assert "w-status" not in page
    found = client.get(url, {"state_en": "live"}).content.decode()
    assert "pg-state--live" not in found


def test_sendings_are_listed_with_a_link_to_their_progress(client, chief):
    dispatch = Dispatch.objects.create(newsletter=a_newsletter(), title="Noviembre")
    page = client.get(reverse("dispatches:index")).content.decode()
    assert reverse("dispatches:progress", args=[dispatch.pk]) in page
    assert "/add/" not in page


def test_the_menu_has_one_entry_for_newsletters(client, chief):
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Newsletters" in page
    assert reverse("dispatches:index") in page


def test_an_office_keeper_sees_no_sendings(client):
    client.force_login(person(roles.OFFICE_KEEPER))
    dispatch = Dispatch.objects.create(newsletter=a_newsletter(), title="Noviembre")
    for name, args in (("index", []), ("progress", [dispatch.pk])):
        answer = client.get(reverse(f"dispatches:{name}", args=args))
        assert answer.status_code in {302, 403}
