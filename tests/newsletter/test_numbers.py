"""The numbers of sendings and of a newsletter's readers, in pages and files."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.dispatching.complaints import record_complaint
from newsletter.dispatching.tallies import write_tally
from newsletter.models import (
    AddressChange,
    Consent,
    Dispatch,
    MailLink,
    Subscription,
)
from newsletter.numbers.growth import growth_of
from newsletter.numbers.tasks import write_numbers, write_reader_numbers
from newsletter.subscribing import actions, moving, owning, wording
from newsletter.subscribing.consents import Asked, Place, record
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.sending import EDITIONS, a_newsletter, a_reader, run, started
from tests.newsletter.trees import plant_home, plant_topics

pytestmark = pytest.mark.django_db
WHERE = Place("/es/suscripcion/baja/", "es")


@pytest.fixture
def newsletter(db):
    return a_newsletter()


@pytest.fixture
def topics():
    return plant_topics(plant_home())


@pytest.fixture(autouse=True)
def sender(client):
    client.force_login(person(roles.NEWSLETTER_SENDER))


def sent(newsletter, **options) -> Dispatch:
    """A sending that is over and added up."""
    dispatch = started(newsletter, **options)
    run(dispatch)
    write_numbers()
    dispatch.refresh_from_db()
    return dispatch


def leave(subscription, at=None):
    actions.unsubscribe(
        subscription=subscription,
        where=WHERE,
        version=wording.LEAVE,
        at=at or timezone.now(),
    )


def many(newsletter, number, lang="es", name="r", **interests):
    rows = [a_reader(newsletter, f"{name}{lang}{n}", lang) for n in range(number)]
    for field, terms in interests.items():
        for row in rows:
            getattr(row, field).set(terms)
    return rows


def page_of(client, of):
    name = "dispatches:numbers" if isinstance(of, Dispatch) else "newsletter_numbers"
    return client.get(reverse(name, args=[of.pk]))


def table_on(page, name) -> dict[str, dict[str, str]]:
    """Line → column → what stands there."""
    found = re.search(rf'data-numbers="{name}".*?</section>', page.text, re.S)
    assert found, f"no table {name}"
    head, *lines = re.findall(r"<tr.*?</tr>", found[0], re.S)
    columns = _words(head, "th")
    return {
        _words(line, "th")[0]: dict(zip(columns, _words(line, "td"), strict=True))
        for line in lines
    }


def _words(html, tag):
    cells = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", html, re.S)
    return [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def file_of(client, of, name) -> list[list[str]]:
    route = "dispatches" if isinstance(of, Dispatch) else "newsletter"
    joint = ":" if route == "dispatches" else "_"
    answer = client.get(reverse(f"{route}{joint}numbers_file", args=[of.pk, name]))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_a_sending_tells_what_became_of_each_language(client, newsletter):
    readers = many(newsletter, 12) + many(newsletter, 8, "en")
    dispatch = sent(newsletter)
    for row in [*readers[:6], *readers[-5:]]:
        leave(row)
    table = table_on(page_of(client, dispatch), "languages")
    assert table == {
        "Español": {
            "Audience": "12",
            "Delivered": "12",
            "Failed": "0",
            "Uncertain": "0",
            "Not sent": "0",
            "Left": "6",
        },
        "English": {
            "Audience": "8",
            "Delivered": "8",
            "Failed": "0",
            "Uncertain": "0",
            "Not sent": "0",
            "Left": "5",
        },
        "Together": {
            "Audience": "20",
            "Delivered": "20",
            "Failed": "0",
            "Uncertain": "0",
            "Not sent": "0",
            "Left": "11",
        },
    }


def test_few_are_hidden_on_the_page_in_the_chart_and_in_the_file(client, newsletter):
    many(newsletter, 12)
    english = many(newsletter, 7, "en")
    dispatch = sent(newsletter)
    leave(english[0])
    page = page_of(client, dispatch)
    left = {name: line["Left"] for name, line in table_on(page, "languages").items()}
    assert left == {"Español": "0", "English": "hidden", "Together": "hidden"}
    assert "data-hidden-note" in page.text
    rows = file_of(client, dispatch, "languages")
    assert [row[6] for row in rows] == ["Left", "0", "hidden", "hidden"]
    assert [row[1] for row in rows] == ["Audience", "12", "7", "19"]
    assert (
        "hidden" not in re.search(r'<svg class="pg-chart".*?</svg>', page.text, re.S)[0]
    )


def test_failed_and_unsent_mails_are_told(client, newsletter):
    many(newsletter, 20)
    dispatch = started(newsletter)
    rows = dispatch.deliveries.order_by("pk")
    for state, (first, last) in {"failed": (0, 6), "uncertain": (6, 12)}.items():
        some = list(rows[first:last].values_list("pk", flat=True))
        dispatch.deliveries.filter(pk__in=some).update(state=state)
    run(dispatch)
    write_numbers()
    page = page_of(client, dispatch)
    line = table_on(page, "languages")["Together"]
    assert [*line.values()] == ["20", "8", "6", "6", "0", "0"]


def test_readers_count_by_what_they_followed_at_the_end(client, newsletter, topics):
    water, peru = topics
    both = many(newsletter, 6, name="both", projects=[water], countries=[peru])
    many(newsletter, 5, "en", name="water", projects=[water])
    many(newsletter, 7, name="open")
    other = a_newsletter(key="other")
    for row in both:  # what they follow elsewhere does not count here
        theirs = Subscription.objects.create(
            subscriber=row.subscriber, newsletter=other, state="active"
        )
        theirs.countries.set([peru])
    dispatch = sent(newsletter)
    for row in both:
        leave(row)
    both[0].projects.clear()
    page = page_of(client, dispatch)
    projects, countries = (table_on(page, name) for name in ("projects", "countries"))
    assert {name: line["Audience"] for name, line in projects.items()} == {
        "Safe water": "11",
        "Nothing in particular": "7",
    }
    assert {name: line["Delivered"] for name, line in countries.items()} == {
        "Peru": "6",
        "Nothing in particular": "7",
    }
    assert countries["Peru"]["Left"] == "6"
    assert projects["Safe water"]["Left"] == "5"


def test_topics_wait_until_the_sending_is_over(client, newsletter):
    many(newsletter, 5)
    dispatch = started(newsletter)
    write_numbers()
    page = page_of(client, dispatch)
    assert "are added up within minutes" in page.text
    assert 'data-numbers="projects"' not in page.text
    run(dispatch)
    write_numbers()
    page = page_of(client, dispatch)
    assert "are added up within minutes" not in page.text
    assert table_on(page, "projects")["Nothing in particular"]["Delivered"] == "5"


def test_numbers_are_counted_anew_where_mails_are_tried_again(newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    assert dispatch.numbers["undecided"] == {"sent": 5}
    first = dispatch.deliveries.order_by("pk").first()
    dispatch.deliveries.filter(pk=first.pk).update(state="failed")
    write_tally(dispatch)
    assert dispatch.numbers == {"languages": {"es": {"sent": 4, "failed": 1}, "en": {}}}
    write_numbers()
    dispatch.refresh_from_db()
    assert dispatch.numbers["undecided"] == {"sent": 4, "failed": 1}


def test_who_leaves_counts_for_the_last_sending_that_reached_them(client, newsletter):
    early = many(newsletter, 12)
    first = sent(newsletter)
    many(newsletter, 5, name="late")
    Dispatch.objects.update(started_at=timezone.now() - timedelta(days=3))
    second = sent(newsletter)
    at = timezone.now()
    for row in early[:5]:
        leave(row, at - timedelta(days=1))  # between the two
    for row in early[5:11]:
        leave(row, at + timedelta(days=1))
    leave(early[11], at + timedelta(days=8))  # too late for either
    left = [
        table_on(page_of(client, each), "languages")["Together"]["Left"]
        for each in (first, second)
    ]
    assert left == ["5", "6"]


def test_complaints_and_reasons_of_few_are_not_told(client, newsletter):
    people = many(newsletter, 12)
    for n in range(6):
        a_reader(newsletter, f"gone{n}", state="unsubscribed")
    a_reader(newsletter, "away", state="paused")
    dispatch = sent(newsletter)
    assert "0 complaints." in page_of(client, dispatch).text
    for row in people[:5]:
        page = page_of(client, dispatch).text
        record_complaint(address=row.subscriber.address)
    assert "Fewer than 5 complaints." in page
    page = page_of(client, dispatch).text
    assert "5 complaints." in page
    assert "6 people have left" in page
    assert "has paused" not in page


def add_links(dispatch, clicks, url="https://ejemplo.org/"):
    edition = dispatch.editions.get(language="es")
    number = edition.links.count() + 1
    MailLink.objects.create(edition=edition, number=number, url=url, clicks=clicks)


def test_stories_tell_their_clicks(client, newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    for clicks, name in ((7, "b"), (900, "a"), (2, "c")):
        add_links(dispatch, clicks, f"https://ejemplo.org/{name}")
    page = page_of(client, dispatch)
    assert table_on(page, "stories") == {
        "https://ejemplo.org/a": {"Español": "900", "Together": "900"},
        "https://ejemplo.org/b": {"Español": "hidden", "Together": "hidden"},
        "https://ejemplo.org/c": {"Español": "hidden", "Together": "hidden"},
        "Together": {"Español": "909", "Together": "909"},
    }
    assert table_on(page, "languages")["Together"]["Clicks"] == "909"


def test_a_newsletter_shows_its_sendings_and_readers(client, newsletter, topics):
    water, _peru = topics
    many(newsletter, 6, projects=[water])
    many(newsletter, 9, "en")
    dispatch = sent(newsletter)
    page = page_of(client, newsletter)
    issues = table_on(page, "issues")
    assert {
        name.rpartition(" · ")[2]: line["Delivered"] for name, line in issues.items()
    } == {"Español": "6", "English": "9", "Together": "15"}
    assert reverse("dispatches:numbers", args=[dispatch.pk]) in page.text
    assert table_on(page, "projects") == {
        "Safe water": {"Español": "6", "English": "0", "Together": "6"},
        "Nothing in particular": {"Español": "0", "English": "9", "Together": "9"},
    }


def consent(subscription, kind, at, version=wording.CONFIRM):
    record(subscription, kind, Asked(version, WHERE, at))


def test_growth_tells_who_came_and_who_left(client, newsletter):
    now = timezone.now()
    kinds = [Consent.Kind.CONFIRMED, Consent.Kind.ADDED, Consent.Kind.IMPORTED]
    last_month = now.replace(day=1) - timedelta(days=5)
    people = many(newsletter, 30)
    for number, row in enumerate(people):
        consent(row, kinds[number % 3], last_month if number < 20 else now)
    for row in people[:6]:
        leave(row)
    for row in people[6:11]:
        leave(row)
        actions.resubscribe(subscription=row, where=WHERE, at=timezone.now())
    for row in people[:3]:
        owning.erase(subscriber=row.subscriber, where=WHERE, at=timezone.now())
    table = table_on(page_of(client, newsletter), "growth")
    assert len(table) == 24
    present, before, *_old = [
        [line[f"Together: {word}"] for word in ("gained", "lost", "in all")]
        for line in table.values()
    ]
    assert before == ["20", "0", "20"]
    assert present == ["15", "11", "24"]


def test_readers_are_added_up_each_hour_and_kept(client, newsletter, topics):
    water, _peru = topics
    people = many(newsletter, 7, projects=[water]) + many(newsletter, 6, "en", "open")
    for row in people:
        consent(row, Consent.Kind.CONFIRMED, timezone.now())
    names = ("growth", "projects", "countries")
    live = [table_on(page_of(client, newsletter), name) for name in names]
    write_reader_numbers()
    many(newsletter, 9, name="more", projects=[water])
    kept = [table_on(page_of(client, newsletter), name) for name in names]
    assert kept == live
    assert kept[1]["Safe water"] == {"Español": "7", "English": "0", "Together": "7"}
    newsletter.refresh_from_db()
    newsletter.numbers["at"] = (timezone.now() - timedelta(hours=3)).isoformat()
    newsletter.save()
    fresh = table_on(page_of(client, newsletter), "projects")
    assert fresh["Safe water"]["Together"] == "16"


@pytest.mark.parametrize("name", ["growth", "projects", "countries", "issues"])
def test_a_newsletters_tables_are_files(client, newsletter, name):
    many(newsletter, 6)
    sent(newsletter, editions={"es": EDITIONS["es"]})
    rows = file_of(client, newsletter, name)
    table = table_on(page_of(client, newsletter), name)
    assert [row[0] for row in rows[1:]] == [*table]
    assert rows[1][1:] == [*next(iter(table.values())).values()]


def test_a_title_cannot_be_a_formula(client, newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    add_links(dispatch, 9, "=cmd|' /C calc'!A0")
    rows = file_of(client, dispatch, "stories")
    assert rows[1][0].startswith("'=cmd")


def test_what_is_not_a_table_is_not_found(client, newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    for url in (
        reverse("dispatches:numbers_file", args=[dispatch.pk, "x"]),
        reverse("newsletter_numbers_file", args=[newsletter.pk, "x"]),
        reverse("newsletter_numbers", args=[newsletter.pk + 9]),
        reverse("dispatches:numbers", args=[dispatch.pk + 9]),
    ):
        assert client.get(url).status_code == 404


def test_an_empty_newsletter_has_a_page(client, newsletter):
    page = page_of(client, newsletter)
    assert page.status_code == 200
    assert "Nothing to count yet." in page.text


def test_only_who_may_see_sendings_sees_numbers(client, newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    client.force_login(person(roles.OFFICE_KEEPER))
    for url in (
        reverse("newsletter_numbers", args=[newsletter.pk]),
        reverse("newsletter_numbers_file", args=[newsletter.pk, "growth"]),
        reverse("dispatches:numbers", args=[dispatch.pk]),
        reverse("dispatches:numbers_file", args=[dispatch.pk, "languages"]),
    ):
        assert client.get(url).status_code in {302, 403}, url


def test_a_chart_has_words_and_the_table_its_numbers(client, newsletter):
    many(newsletter, 6)
    page = page_of(client, sent(newsletter)).text
    chart = re.search(r'<svg class="pg-chart".*?</svg>', page, re.S)[0]
    assert 'role="img"' in chart
    labels = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
    for label in labels.groups():
        assert f'id="{label}"' in chart
    assert "Español: 6" in chart
    assert "style=" not in chart


def test_numbers_can_be_reached(client, newsletter):
    many(newsletter, 5)
    dispatch = sent(newsletter)
    progress = client.get(reverse("dispatches:progress", args=[dispatch.pk])).text
    assert reverse("dispatches:numbers", args=[dispatch.pk]) in progress
    index = client.get(reverse("dispatches:index")).text
    assert reverse("newsletter_numbers", args=[newsletter.pk]) in index


@pytest.mark.parametrize("sendings", [1, 4])
def test_more_sendings_cost_no_more_queries(
    client, newsletter, topics, sendings, django_assert_max_num_queries
):
    many(newsletter, 6, projects=[topics[0]])
    for _number in range(sendings):
        add_links(sent(newsletter), 9)
    page_of(client, newsletter)
    with django_assert_max_num_queries(24):
        page_of(client, newsletter)


def test_what_one_reader_opened_is_nobodys_business(client, newsletter):
    many(newsletter, 23)
    many(newsletter, 1, "en")
    dispatch = sent(newsletter)
    add_links(dispatch, 7, "https://ejemplo.org/muchos")
    (english,) = dispatch.editions.filter(language="en")
    url = "https://ejemplo.org/one"
    MailLink.objects.create(edition=english, number=9, url=url, clicks=9)
    page = page_of(client, dispatch)
    assert url not in page.text
    assert list(table_on(page, "stories")) == ["https://ejemplo.org/muchos", "Together"]
    assert table_on(page, "languages")["English"]["Clicks"] == "0"


def test_the_few_who_follow_something_are_not_the_rest_of_all(
    client, newsletter, topics
):
    many(newsletter, 21)
    many(newsletter, 3, name="p", countries=topics[1:])
    dispatch = sent(newsletter)
    write_reader_numbers()
    for of in (dispatch, newsletter):
        table = table_on(page_of(client, of), "countries")
        assert list(table) == ["Peru"]


def test_who_moves_to_another_address_neither_left_nor_is_two(client, newsletter):
    """Also where they take it back: the totals of before are reckoned from this."""
    readers = many(newsletter, 12)
    dispatch = sent(newsletter)
    for number, row in enumerate(readers[:6]):
        change = AddressChange.objects.create(
            subscriber=row.subscriber, new=f"otra{number}@lectores.example"
        )
        known = {"change": change, "where": WHERE, "at": timezone.now()}
        moving.confirm_change(**known)
        assert Subscription.objects.receivable().count() == 12
        moving.undo_change(**known)
    table = table_on(page_of(client, dispatch), "languages")
    assert table["Español"]["Left"] == "0"
    (month,) = [each for each in growth_of(newsletter) if each.lost]
    assert (month.gained["es"], month.lost["es"]) == (12, 12)
    assert month.total["es"] == 12
