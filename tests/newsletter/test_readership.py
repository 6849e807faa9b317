"""Subscribers in the admin: found, looked at, added with proof, exported."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from newsletter.dispatching import actions as dispatching
from newsletter.dispatching.complaints import record_complaint
from newsletter.models import (
    Consent,
    Frequency,
    Newsletter,
    SavedFilter,
    Subscriber,
    Subscription,
    Suppression,
    address_hash,
)
from newsletter.readership import history as history_module
from newsletter.readership import paging, viewsets
from newsletter.readership.paging import CappedPaginator
from newsletter.subscribing import actions, owning, resting, wording
from newsletter.subscribing.consents import Place
from newsletter.subscribing.forgetting import forget_unconfirmed
from people import roles
from people.models import User
from tests.newsletter.admins import person
from tests.newsletter.readers import active_reader, one_click_path
from tests.newsletter.sending import EDITIONS, run
from tests.newsletter.trees import plant_home, plant_topics
from topics.models import ProjectPage

pytestmark = pytest.mark.django_db
ADDRESS = "ana@lector.example.org"


@pytest.fixture
def sender(client) -> Client:
    client.force_login(person(roles.NEWSLETTER_SENDER))
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


def names_on(page) -> set[str]:
    return {name for name in ("ana", "ben", "eva") if f"{name}@lector" in page.text}


@pytest.fixture
def topics():
    return plant_topics(plant_home())


def test_filters_are_about_one_and_the_same_subscription(
    sender, newsletter, second_newsletter, topics
):
    """Who left one newsletter and reads another has not left the other."""
    water, peru = topics
    ana = active_reader(newsletter, "es", address=ADDRESS)
    ana.projects.add(water)
    left = active_reader(second_newsletter, "es", address=ADDRESS)
    left.countries.add(peru)
    Subscription.objects.filter(pk=left.pk).update(state="unsubscribed")
    wanted = {
        f"newsletter={newsletter.pk}&state=active": {"ana"},
        f"newsletter={newsletter.pk}&state=unsubscribed": set(),
        f"newsletter={second_newsletter.pk}&state=unsubscribed": {"ana"},
        f"project={water.pk}&state=active": {"ana"},
        f"country={peru.pk}&state=active": set(),
        f"country={peru.pk}": {"ana"},
        "frequency=weekly": set(),
    }
    for query, expected in wanted.items():
        assert names_on(sender.get(f"{reverse(LIST)}?{query}")) == expected, query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ADDRESS.upper(), {"ana"}),
        ("lector.example", {"ana", "ben"}),
        ("BEN", {"ben"}),
        ("nobody", set()),
        ("%", set()),
        ("_", set()),
        ("<b>'\"", set()),
    ],
)
def test_an_address_is_found_by_any_part_of_it(sender, newsletter, text, expected):
    for name in ("ana", "ben"):
        active_reader(newsletter, "es", address=f"{name}@lector.example.org")
    assert names_on(sender.get(reverse(LIST), {"q": text})) == expected


@pytest.mark.parametrize(
    "query", ["newsletter=x", "state=none", "project=999999", "q=%00", "q=%FF", "p=-1"]
)
def test_a_senseless_query_is_no_error(sender, newsletter, query):
    for name in ("index", "export"):
        page = sender.get(f"{reverse(f'subscribers:{name}')}?{query}")
        assert page.status_code in {200, 404}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("newsletter=x", set()),
        ("state=none", set()),
        ("project=999999", set()),
        ("language=xx&q=ana", set()),
        ("q=ana%00", {"ana", "ben"}),
        ("", {"ana", "ben"}),
    ],
)
def test_the_export_holds_whom_the_list_shows(sender, newsletter, query, shown):
    for name in ("ana", "ben"):
        active_reader(newsletter, "es", address=f"{name}@lector.example.org")
    assert names_on(sender.get(f"{reverse(LIST)}?{query}")) == shown
    rows = exported(sender, f"?{query}")
    assert {row["Address"].partition("@")[0] for row in rows} == shown


def test_who_pauses_until_a_day_is_paused_until_then(sender, newsletter, time_machine):
    ana = active_reader(newsletter, "es", address=ADDRESS)
    until = timezone.localdate() + timedelta(days=3)
    resting.pause(
        subscription=ana, until=until, where=Place("/es/", "es"), at=timezone.now()
    )
    found = {"paused": {"ana"}, "active": set()}
    for state, names in found.items():
        page = sender.get(f"{reverse(LIST)}?state={state}")
        assert names_on(page) == names, state
    assert "paused until" in history(sender, ana.subscriber)
    assert exported(sender)[0]["State"] == "paused"
    time_machine.move_to(timezone.now() + timedelta(days=4))
    assert names_on(sender.get(f"{reverse(LIST)}?state=active")) == {"ana"}
    assert "paused until" not in history(sender, ana.subscriber)
    assert exported(sender)[0]["State"] == "active"


def test_equals_are_always_in_the_same_order(sender, newsletter):
    at = timezone.now()
    for number in range(5):
        active_reader(newsletter, "es", address=f"r{number}@lector.example.org")
    Subscriber.objects.update(created_at=at)
    for query in ("", "?ordering=language", "?ordering=-health"):
        page = sender.get(reverse(LIST) + query)
        order = page.context["object_list"].query.order_by
        assert order[-1] == "-pk"


def test_the_history_shows_the_newest_and_says_what_it_leaves_out(
    sender, newsletter, monkeypatch, django_assert_max_num_queries
):
    ana = active_reader(newsletter, "es", address=ADDRESS)
    for number in range(4):
        dispatch = dispatching.create_dispatch(
            newsletter=newsletter, title=f"N{number}"
        )
        contents = {
            code: replace(each, subject=f"Subject {number}")
            for code, each in EDITIONS.items()
        }
        dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=contents)
    assert "Older events" not in history(sender, ana.subscriber)
    for module in (history_module, viewsets):
        monkeypatch.setattr(module, "MOST", 2)
    with django_assert_max_num_queries(30):
        page = history(sender, ana.subscriber)
    assert "Older events are not shown" in page
    shown = {number for number in range(4) if f"Subject {number}" in page}
    assert shown == {2, 3}


def test_who_never_confirmed_leaves_no_address_in_the_log(newsletter):
    asked = active_reader(newsletter, "es", address=ADDRESS)
    Subscription.objects.update(state="pending", confirmed_at=None)
    log(instance=asked.subscriber, action="newsletter.complaint")
    assert ModelLogEntry.objects.get().label == ADDRESS
    assert forget_unconfirmed(at=timezone.now() + timedelta(days=15)) == 1
    assert ModelLogEntry.objects.get().label == "…"


def history(client, subscriber, language="en"):
    with translation.override(language):
        return client.get(reverse("subscribers:inspect", args=[subscriber.pk])).text


def test_the_history_tells_what_a_reader_agreed_to_and_got(
    sender, client, newsletter, topics
):
    ana = active_reader(newsletter, "es", address=ADDRESS)
    water, peru = topics
    place = Place("/es/suscripcion/preferencias/", "es")
    at = timezone.now()
    actions.update_preferences(
        subscription=ana,
        language="es",
        projects=[water],
        countries=[peru],
        frequency=Frequency.EACH,
        where=place,
        at=at,
    )
    dispatch = dispatching.create_dispatch(newsletter=newsletter, title="Noviembre")
    dispatching.freeze_dispatch(dispatch_id=dispatch.pk, editions=EDITIONS)
    run(dispatching.start_dispatch(dispatch_id=dispatch.pk))
    record_complaint(address=ADDRESS, by=None)
    page = history(sender, ana.subscriber)
    for said in (
        "changed preferences",
        "Safe water",
        "Peru",
        EDITIONS["es"].subject,
        "Mail: sent",
        "Complained",
        "May not be written to since",
        "all newsletters",
    ):
        assert said in page, said


def test_the_history_of_somebody_erased_names_nobody(sender, newsletter):
    ana = active_reader(newsletter, "es", address=ADDRESS).subscriber
    record_complaint(address=ADDRESS, by=None)
    owning.erase(subscriber=ana, where=Place("/es/", "es"), at=timezone.now())
    page = history(sender, ana)
    assert "erased" in page
    assert "ana" not in page.replace("manage", "")
    assert not ModelLogEntry.objects.filter(label__contains="ana@").exists()


ADD = "subscribers:add"


def given(newsletter, /, **changed):
    return {
        "address": ADDRESS,
        "newsletter": newsletter.pk,
        "language": "es",
        "agreed_on": "2026-11-20",
        "proof": "Signed list of the workshop in Lima, folder 12",
        **changed,
    }


def test_somebody_who_agreed_on_paper_is_added_with_the_proof(
    sender, newsletter, topics
):
    water, peru = topics
    chosen = {"projects": [water.pk], "countries": [peru.pk]}
    answer = sender.post(reverse(ADD), given(newsletter, **chosen), follow=True)
    assert f"{ADDRESS} is subscribed" in answer.text
    assert "Signed list of the workshop in Lima" in answer.text
    added = Subscription.objects.receivable().get()
    assert (added.subscriber.address, added.subscriber.language) == (ADDRESS, "es")
    assert [*added.projects.all(), *added.countries.all()] == [water, peru]
    consent = Consent.objects.get()
    assert (consent.kind, consent.text_version) == ("added", wording.BY_HAND)
    assert consent.answer["agreed_on"] == "2026-11-20"
    assert roles.NEWSLETTER_SENDER not in str(owning.data_of(added.subscriber))
    assert f"<td>{roles.NEWSLETTER_SENDER}</td>" in history(sender, added.subscriber)
    entry = ModelLogEntry.objects.get(action="newsletter.add_subscriber")
    assert entry.user.username == roles.NEWSLETTER_SENDER


def test_whoever_waits_for_confirmation_can_be_added(sender, newsletter):
    asked = active_reader(newsletter, "es", address=ADDRESS)
    Subscription.objects.update(state="pending", confirmed_at=None)
    sender.post(reverse(ADD), given(newsletter, language="en"))
    assert Subscription.objects.receivable().get() == asked
    assert Subscriber.objects.get().language == "en"
    assert Consent.objects.get().answer["language"] == "en"


def test_the_language_of_another_newsletter_stays(
    sender, newsletter, second_newsletter
):
    active_reader(newsletter, "es", address=ADDRESS)
    sender.post(reverse(ADD), given(second_newsletter, language="en"))
    assert Subscriber.objects.get().language == "es"


def test_a_hub_of_one_language_can_be_chosen_from_the_other(sender, newsletter, topics):
    water, _peru = topics
    ProjectPage.objects.filter(pk=water.pk).update(live_en=False)
    assert "Safe water" in sender.get(reverse(ADD)).text


WRONG = {
    "no address": ({"address": ""}, "enter an e-mail address"),
    "bad address": ({"address": "ana@"}, "e-mail address"),
    "header": ({"address": "ana@x.org\r\nBcc: b@x.org"}, "e-mail address"),
    "no proof": ({"proof": " "}, "required"),
    "tomorrow's": ({"agreed_on": "2199-01-01"}, "has not come yet"),
    "no day": ({"agreed_on": "yesterday"}, "valid date"),
    "no newsletter": ({"newsletter": "0"}, "valid choice"),
    "no language": ({"language": "xx"}, "valid choice"),
    "no topic": ({"projects": ["999"]}, "valid choice"),
    "nul": ({"proof": "a\x00b"}, "Null characters"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_is_said_and_kept(sender, newsletter, topics, why):
    changed, said = WRONG[why]
    answer = sender.post(reverse(ADD), given(newsletter, **changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert not Subscriber.objects.exists()
    if "proof" not in changed:
        assert "folder 12" in answer.text


@pytest.mark.parametrize("reason", Suppression.Reason.values)
@pytest.mark.parametrize("for_all", [True, False])
def test_nobody_who_is_suppressed_is_revived(sender, newsletter, reason, for_all):
    Suppression.objects.create(
        address_hash=address_hash(ADDRESS),
        newsletter=None if for_all else newsletter,
        reason=reason,
    )
    answer = sender.post(reverse(ADD), given(newsletter, address=ADDRESS.upper()))
    assert answer.status_code == 422
    assert "Only its owner can bring it back" in answer.text
    assert not Subscriber.objects.exists()


def test_who_left_and_whom_no_mail_reaches_is_not_revived(
    sender, client, newsletter, second_newsletter
):
    ana = active_reader(newsletter, "es", address=ADDRESS)
    client.logout()
    client.post(one_click_path(ana))
    sender.force_login(User.objects.get())
    Suppression.objects.all().delete()  # even where an operator took it away
    assert sender.post(reverse(ADD), given(newsletter)).status_code == 422
    # Another newsletter is another matter, as long as mail reaches them.
    Subscriber.objects.update(health="bounced")
    other = given(second_newsletter)
    assert sender.post(reverse(ADD), other).status_code == 422
    Subscriber.objects.update(health="ok")
    assert sender.post(reverse(ADD), other).status_code == 302
    assert Subscription.objects.receivable().get().newsletter == second_newsletter


def test_who_is_there_is_not_added_twice(sender, newsletter):
    active_reader(newsletter, "en", address=ADDRESS)
    answer = sender.post(reverse(ADD), given(newsletter))
    assert "subscribed already" in answer.text
    assert Subscriber.objects.get().language == "en"
    assert not Consent.objects.exists()


def test_only_those_who_may_add_and_export(client, newsletter):
    active_reader(newsletter, "es", address=ADDRESS)
    client.force_login(person(roles.EDITOR))
    for name in ("add", "export"):
        path = reverse(f"subscribers:{name}")
        for answer in (client.get(path), client.post(path, given(newsletter))):
            assert answer.status_code == 302
    assert Subscriber.objects.count() == 1
    assert not ModelLogEntry.objects.filter(action__contains="export").exists()


def test_adding_speaks_the_admins_language(client, newsletter, topics):
    client.force_login(person(roles.NEWSLETTER_SENDER, "es"))
    page = client.get(reverse(ADD))
    assert "Cómo dio su consentimiento" in page.text
    assert "Agua segura" in page.text
    answer = client.post(reverse(ADD), given(newsletter), follow=True)
    assert "dado de alta por el equipo" in answer.text


def exported(client, query=""):
    answer = client.post(reverse("subscribers:export") + query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_the_export_has_a_row_for_each_subscription(
    sender, newsletter, second_newsletter, topics
):
    water, _peru = topics
    ana = active_reader(newsletter, "es", address=ADDRESS)
    ana.projects.add(water)
    active_reader(second_newsletter, "es", address=ADDRESS)
    Subscriber.objects.create(address="ben@lector.example.org", language="en")
    page = sender.get(reverse("subscribers:export"))
    assert "2 readers are in the table" in page.text
    assert not ModelLogEntry.objects.exists()
    rows = exported(sender)
    assert [row["Address"] for row in rows] == [
        ADDRESS,
        ADDRESS,
        "ben@lector.example.org",
    ]
    assert rows[0]["Projects"] == "Safe water"
    assert rows[0]["State"] == "active"
    assert rows[2]["State"] == ""
    entry = ModelLogEntry.objects.get(action="newsletter.export_subscribers")
    assert entry.data == {"number": 2}
    assert entry.user.username == roles.NEWSLETTER_SENDER


def test_the_export_takes_what_the_list_shows(sender, newsletter):
    active_reader(newsletter, "es", address=ADDRESS)
    active_reader(newsletter, "en", address="ben@lector.example.org")
    for query, expected in {
        "?language=en": ["ben@lector.example.org"],
        f"?q={ADDRESS}": [ADDRESS],
        "?state=none": [],
    }.items():
        assert [row["Address"] for row in exported(sender, query)] == expected, query
    listing = sender.get(f"{reverse(LIST)}?language=en").text
    assert f"{reverse('subscribers:export')}?language=en" in listing


def test_a_cell_is_no_formula(sender, newsletter):
    Newsletter.objects.filter(pk=newsletter.pk).update(name_en="=1+1")
    active_reader(newsletter, "es", address="+ana@lector.example.org")
    (row,) = exported(sender)
    assert (row["Address"], row["Newsletter"]) == (
        "'+ana@lector.example.org",
        "'=1+1",
    )


def test_nobody_who_was_erased_is_exported(sender, newsletter):
    ana = active_reader(newsletter, "es", address=ADDRESS)
    owning.erase(
        subscriber=ana.subscriber, where=Place("/es/", "es"), at=timezone.now()
    )
    assert exported(sender) == []
    assert "Nobody is in this list" in sender.get(reverse("subscribers:export")).text


def test_the_export_costs_the_same_for_many(
    sender, newsletter, django_assert_max_num_queries
):
    for number in range(30):
        active_reader(newsletter, "es", address=f"r{number}@lector.example.org")
    with django_assert_max_num_queries(25):
        assert len(exported(sender)) == 30


FILTERS = "subscribers:filters"


def test_a_filter_is_saved_used_deleted_and_saved_again(sender, newsletter, topics):
    _water, peru = topics
    active_reader(newsletter, "es", address=ADDRESS).countries.add(peru)
    active_reader(newsletter, "es", address="ben@lector.example.org")
    query = f"country={peru.pk}&language=es"
    listing = sender.get(f"{reverse(LIST)}?{query}&p=1&q=a").text
    assert "Save this filter" in listing
    page = sender.get(f"{reverse(FILTERS)}?{query}").text
    assert "follows the country: Peru · language: Español" in page
    answer = sender.post(f"{reverse(FILTERS)}?{query}", {"name": "Perú"}, follow=True)
    assert "“Perú” is saved" in answer.text
    saved = SavedFilter.objects.get()
    assert saved.criteria == {"country": str(peru.pk), "language": "es"}
    (row,) = answer.context["saved"]
    assert names_on(sender.get(f"{reverse(LIST)}?{row['query']}")) == {"ana"}
    gone = sender.post(
        reverse("subscribers:delete_filter", args=[saved.pk]), follow=True
    )
    assert "No filter is saved yet" in gone.text
    again = re.search(r'href="([^"]+)"[^>]*>\s*Save it again', gone.text)[1]
    page = sender.get(unescape(again)).text
    assert 'value="Perú"' in page


@pytest.mark.parametrize(
    ("query", "name", "said"),
    [
        ("", "All", "Choose what readers have to be like first"),
        ("state=none", "All", "Choose what readers have to be like first"),
        ("newsletter=%201", "All", "Choose what readers have to be like first"),
        ("newsletter=999999", "All", "Choose what readers have to be like first"),
        ("language=es", "", "required"),
        ("language=es", "PERU", "a filter of this name"),
        ("language=es", "x" * 101, "at most 100"),
        ("language=es", "a\0b", "Null characters"),
    ],
)
def test_a_filter_needs_a_name_of_its_own(sender, newsletter, query, name, said):
    SavedFilter.objects.create(name="Peru", criteria={"language": "es"})
    answer = sender.post(f"{reverse(FILTERS)}?{query}", {"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert SavedFilter.objects.count() == 1


def test_a_filter_whose_topic_is_gone_says_so(sender, newsletter):
    SavedFilter.objects.create(name="Gone", criteria={"country": "999999"})
    assert "Finds nobody" in sender.get(reverse(FILTERS)).text


def test_only_those_who_see_readers_save_filters(client, newsletter):
    saved = SavedFilter.objects.create(name="All", criteria={"language": "es"})
    client.force_login(person(roles.EDITOR))
    client.post(f"{reverse(FILTERS)}?language=en", {"name": "Mine"})
    client.post(reverse("subscribers:delete_filter", args=[saved.pk]))
    assert client.get(reverse(FILTERS)).status_code == 302
    assert SavedFilter.objects.get() == saved


def test_two_people_take_a_name_at_once(sender, newsletter, monkeypatch):
    SavedFilter.objects.create(name="All", criteria={"language": "es"})
    monkeypatch.setattr(SavedFilter, "validate_constraints", lambda *_a, **_k: None)
    answer = sender.post(f"{reverse(FILTERS)}?language=en", {"name": "all"})
    assert answer.status_code == 422
    assert "a filter of this name" in answer.text


def test_many_filters_cost_what_one_costs(sender, newsletter, topics):
    water, peru = topics
    criteria = {"project": str(water.pk), "country": str(peru.pk), "language": "es"}

    def asked():
        with CaptureQueriesContext(connection) as found:
            sender.get(reverse(FILTERS))
        return len(found)

    SavedFilter.objects.create(name="0", criteria=criteria)
    sender.get(reverse(FILTERS))
    one = asked()
    for number in range(1, 10):
        SavedFilter.objects.create(name=str(number), criteria=criteria)
    assert asked() == one


def test_looking_deletes_no_filter(sender, newsletter):
    saved = SavedFilter.objects.create(name="All", criteria={"language": "es"})
    path = reverse("subscribers:delete_filter", args=[saved.pk])
    assert sender.get(path).status_code == 405
    assert SavedFilter.objects.exists()


def test_a_long_list_is_not_counted_to_its_end(
    sender, newsletter, monkeypatch, django_assert_num_queries
):
    for number in range(5):
        active_reader(newsletter, "es", address=f"r{number}@lector.example.org")
    assert "There are 5 matches" in sender.get(f"{reverse(LIST)}?language=es").text
    monkeypatch.setattr(paging, "MOST", 3)
    page = sender.get(f"{reverse(LIST)}?language=es").text
    assert "More than 3 readers" in page
    rows = CappedPaginator(Subscriber.objects.all(), 2)
    with django_assert_num_queries(1) as asked:
        assert (rows.count, rows.is_capped, rows.num_pages) == (3, True, 2)
    assert "LIMIT 4" in asked.captured_queries[0]["sql"]
