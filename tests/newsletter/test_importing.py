"""Readers from a CSV file: uploaded, checked row by row, imported, forgotten."""

from __future__ import annotations

import csv
from datetime import timedelta
from functools import partial
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from guards.addresses import AddressError, check_address, check_quickly
from newsletter import tasks
from newsletter.dispatching.complaints import record_complaint
from newsletter.importing import actions, forms, running, writing
from newsletter.models import (
    Consent,
    ImportPiece,
    Subscriber,
    SubscriberImport,
    Subscription,
    Suppression,
)
from newsletter.subscribing import actions as subscribing
from newsletter.subscribing import owning, wording
from newsletter.subscribing.consents import Place
from people import roles
from people.models import User
from tests.newsletter.admins import person
from tests.newsletter.readers import active_reader
from tests.newsletter.trees import plant_home, plant_topics
from tests.topics.factories import make_project, make_projects

pytestmark = pytest.mark.django_db
HERE = Place("/es/", "es")
PROOF = "Signed list of the workshop in Lima, folder 12"
HEADER = "correo;idioma;fecha;nota\n"
THREE = (
    HEADER + "ana@lector.example.org;es;2025-03-04;a\n"
    "ben@lector.example.org;English;04/03/2025;b\n"
    "eva@lector.example.org;;;c\n"
)


@pytest.fixture
def sender(client) -> Client:
    client.force_login(person(roles.NEWSLETTER_SENDER))
    return client


def uploaded(browser, newsletter, content: str | bytes, name="readers.csv"):
    """The answer to a file that is uploaded."""
    if isinstance(content, str):
        content = content.encode()
    file = SimpleUploadedFile(name, content, "text/csv")
    data = {"newsletter": newsletter.pk, "file": file}
    return browser.post(reverse("subscribers:import_new"), data)


def answered(browser, source, **changed):
    """The answer to the form about its columns, filled in as it comes."""
    page = browser.get(reverse("subscribers:import_columns", args=[source.pk]))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data |= {"agreed_on": "2026-11-20", "proof": PROOF, **changed}
    data = {name: "" if value is None else value for name, value in data.items()}
    return browser.post(reverse("subscribers:import_columns", args=[source.pk]), data)


def checked(browser, newsletter, content, **changed) -> SubscriberImport:
    """An import whose rows the worker has looked at."""
    answer = uploaded(browser, newsletter, content)
    assert answer.status_code == 302, answer.context["form"].errors
    source = SubscriberImport.objects.first()
    assert answered(browser, source, **changed).status_code == 302
    tasks.check_import(source.pk)
    source.refresh_from_db()
    assert source.state == "checked"
    return source


def imported(browser, newsletter, content, **changed) -> SubscriberImport:
    """An import that is done."""
    source = checked(browser, newsletter, content, **changed)
    browser.post(reverse("subscribers:import_start", args=[source.pk]))
    tasks.run_import(source.pk)
    source.refresh_from_db()
    assert source.state == "done"
    return source


def report_of(browser, source, query="") -> list[list[str]]:
    answer = browser.get(reverse("subscribers:import_report", args=[source.pk]) + query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def addresses() -> set[str]:
    found = Subscription.objects.receivable()
    return {row.subscriber.address.partition("@")[0] for row in found}


# What an import does


def test_readers_are_added_with_their_own_day_language_and_proof(sender, newsletter):
    source = imported(sender, newsletter, THREE)
    assert (source.rows, source.counts) == (3, {"n": 3})
    rows = Subscription.objects.receivable().order_by("subscriber__address")
    assert [(row.subscriber.address[:3], row.subscriber.language) for row in rows] == [
        ("ana", "es"), ("ben", "en"), ("eva", "es"),
    ]  # fmt: skip
    consents = Consent.objects.order_by("subscriber__address")
    days = [row.answer["agreed_on"] for row in consents]
    assert days == ["2025-03-04", "2025-03-04", "2026-11-20"]
    assert {row.answer["proof"] for row in consents} == {PROOF}
    assert {(row.kind, row.text_version) for row in consents} == {
        ("imported", wording.IMPORT)
    }
    assert [row.language for row in consents] == ["es", "en", "es"]
    days = [f"{timezone.localtime(row.confirmed_at):%Y-%m-%d}" for row in rows]
    assert days == ["2025-03-04", "2025-03-04", "2026-11-20"]
    assert all(row.subscriber.address_hash for row in rows)
    page = sender.get(reverse("subscribers:inspect", args=[rows[0].subscriber_id])).text
    assert f"agreed on 4 March 2025: {PROOF}" in page
    entry = ModelLogEntry.objects.get(action="newsletter.import_subscribers")
    assert entry.user.username == roles.NEWSLETTER_SENDER
    with translation.override("en"):
        assert entry.message == "3 readers were imported"


def test_an_imported_reader_is_like_one_of_the_sign_up(sender, newsletter):
    """The row lacks nothing: preferences, data and erasure work."""
    imported(sender, newsletter, THREE)
    ana = Subscriber.objects.get(address__startswith="ana")
    data = owning.data_of(ana)
    assert data["consents"][0]["answer"]["proof"] == PROOF
    owning.erase(subscriber=ana, where=HERE, at=timezone.now())
    assert addresses() == {"ben", "eva"}
    assert PROOF not in str(Consent.objects.filter(subscriber=ana).values())


def test_nothing_is_added_by_the_check(sender, newsletter):
    source = checked(sender, newsletter, THREE)
    assert source.counts == {"n": 3}
    assert not Subscriber.objects.exists()
    assert "Import 3 readers" in page_of(sender, source).text


def page_of(browser, source):
    return browser.get(reverse("subscribers:import", args=[source.pk]))


def a_list_of(*names: str) -> str:
    return "e-mail\n" + "".join(f"{name}@lector.example.org\n" for name in names)


@pytest.fixture
def all_kinds(newsletter, second_newsletter):
    """One reader of each kind that may stand in a file; returns what becomes of it."""
    reader = partial(active_reader, newsletter, "es")
    at = timezone.now()
    reader(address="there@lector.example.org")
    reader(address="pending@lector.example.org")
    waiting = Subscription.objects.filter(subscriber__address__startswith="pending")
    waiting.update(state="pending", confirmed_at=None)
    left = reader(address="left@lector.example.org")
    subscribing.unsubscribe(
        subscription=left, where=HERE, version=wording.ONE_CLICK, at=at
    )
    lifted = reader(address="lifted@lector.example.org")
    subscribing.unsubscribe(
        subscription=lifted, where=HERE, version=wording.ONE_CLICK, at=at
    )
    Suppression.objects.filter(
        address_hash=lifted.subscriber.address_hash
    ).delete()  # the state remembers
    everything = reader(address="everything@lector.example.org").subscriber
    subscribing.leave_all(subscriber=everything, where=HERE, at=at)
    Subscription.objects.filter(subscriber=everything).delete()
    reader(address="bounced@lector.example.org")
    Subscriber.objects.filter(address__startswith="bounced").update(health="bounced")
    reader(address="spam@lector.example.org")
    record_complaint(address="spam@lector.example.org", by=None)
    erased = reader(address="erased@lector.example.org").subscriber
    owning.erase(subscriber=erased, where=HERE, at=at)
    active_reader(second_newsletter, "en", address="other@lector.example.org")
    return {
        "there": "subscribed already: left as it is",
        "pending": "was asked to confirm and has not: left as it is",
        "left": "left: only they can come back",
        "lifted": "left: only they can come back",
        "everything": "left: only they can come back",
        "bounced": "mail does not reach the address: left out",
        "spam": "marked mails as spam: left out",
        "erased": "asked to be forgotten: left out",
        "other": "known reader, new to this newsletter",
        "new": "new reader",
    }


def test_nobody_is_ever_revived(sender, newsletter, all_kinds):
    before, kept = subscribed(newsletter), Suppression.objects.count()
    source = imported(sender, newsletter, a_list_of(*all_kinds))
    assert subscribed(newsletter) - before == {"other", "new"}
    assert Suppression.objects.count() == kept
    assert Consent.objects.filter(kind="imported").count() == 2
    pending = Subscription.objects.get(subscriber__address__startswith="pending")
    assert pending.state == "pending"
    header, *rows = report_of(sender, source)
    assert header == ["Row", "Address", "Outcome"]
    expected = [
        [str(n), f"{name}@lector.example.org", words[0].upper() + words[1:]]
        for n, (name, words) in enumerate(all_kinds.items(), 2)
    ]
    assert rows == expected
    left_out = report_of(sender, source, "?rows=left-out")
    assert left_out[1:] == expected[:-2]


def subscribed(newsletter) -> set[str]:
    rows = Subscription.objects.receivable().filter(newsletter=newsletter)
    return {row.subscriber.address.partition("@")[0] for row in rows}


def test_the_check_says_what_the_import_does(sender, newsletter, all_kinds):
    source = checked(sender, newsletter, a_list_of(*all_kinds))
    said = report_of(sender, source)
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    tasks.run_import(source.pk)
    assert report_of(sender, source) == said


def test_who_leaves_between_check_and_import_is_not_revived(sender, newsletter):
    source = checked(sender, newsletter, THREE)
    ana = active_reader(newsletter, "es")
    subscribing.leave_all(subscriber=ana.subscriber, where=HERE, at=timezone.now())
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    tasks.run_import(source.pk)
    assert addresses() == {"ben", "eva"}
    source.refresh_from_db()
    assert source.counts == {"l": 1, "n": 2}


def test_the_language_of_another_newsletter_stays(
    sender, newsletter, second_newsletter
):
    active_reader(second_newsletter, "en", address="ana@lector.example.org")
    left = active_reader(second_newsletter, "en", address="ben@lector.example.org")
    subscribing.unsubscribe(
        subscription=left, where=HERE, version=wording.ONE_CLICK, at=timezone.now()
    )
    imported(sender, newsletter, HEADER + "ana@lector.example.org;es;;\n"
             "ben@lector.example.org;es;;\n")  # fmt: skip
    found = Subscriber.objects.order_by("address").values_list("language", flat=True)
    assert [*found] == ["en", "es"]


def test_projects_countries_and_frequency_are_read_in_any_language(sender, newsletter):
    water, peru = plant_topics(plant_home())
    content = (
        "Email,Proyectos,País,Frecuencia,Idioma\n"
        "ana@lector.example.org,Agua segura; Magic,perú,Semanal,es-PE\n"
        'ben@lector.example.org,"safe-water, safe water",PERU,monthly,inglés\n'
        "eva@lector.example.org,,,sometimes,Klingon\n"
    )
    source = imported(sender, newsletter, content)
    rows = Subscription.objects.order_by("subscriber__address")
    assert [row.frequency for row in rows] == ["weekly", "monthly", "each"]
    assert [row.subscriber.language for row in rows] == ["es", "en", "es"]
    for row in rows[:2]:
        assert [*row.projects.all(), *row.countries.all()] == [water, peru]
    assert not rows[2].projects.exists()
    assert Consent.objects.order_by("pk")[0].answer["projects"] == [water.pk]
    assert source.unknown == {
        "projects": {"Magic": 1},
        "frequency": {"sometimes": 1},
        "language": {"Klingon": 1},
    }
    assert "Magic (1)" in page_of(sender, source).text


def test_the_same_file_again_changes_nothing(sender, newsletter):
    imported(sender, newsletter, THREE)
    source = imported(sender, newsletter, THREE)
    assert source.counts == {"t": 3}
    assert Consent.objects.count() == 3


def test_an_address_that_stands_twice_is_added_once(sender, newsletter):
    content = a_list_of("ana", "ben", "ANA", "ana")
    source = imported(sender, newsletter, content)
    assert source.counts == {"n": 2, "d": 2}
    assert addresses() == {"ana", "ben"}


# Bad input


def test_a_broken_row_costs_only_itself(sender, newsletter):
    content = (
        HEADER.encode()
        + "ana@lector.example.org;es;2025-03-04;ñandú\n".encode()
        + b'"stray@lector.example.org;es;2025-03-04;a\n'
        b"ben@lector.example.org;en;2025-03-04;b\n"
        b"few@lector.example.org;en\n"
        b"many@lector.example.org;en;;;;more\n"
        b"empty-behind@lector.example.org;en;;;;\n"
        b"bytes@lector.example.org;en;;\xff\xfe\n"
        b"nul\0@lector.example.org;en;;\0\n"
        b"not an address;en;;\n"
        b";en;;nobody\n"
        b"\n"
        b"=HYPERLINK(1);en;;\n"
        b"late@lector.example.org;es;2099-01-01;\n"
        b"when@lector.example.org;es;31/02/2025;\n"
        b'"eva@lector.example.org";es;;"of two\nlines, ""quoted"""\n'
    )
    source = imported(sender, newsletter, content)
    assert addresses() == {"ana", "ben", "empty-behind", "eva"}
    found = {(row[0], row[2]) for row in report_of(sender, source, "?rows=left-out")}
    broken = "Not as many cells as there are columns, or a stray quotation mark"
    assert found == {
        ("Row", "Outcome"),
        ("3", broken),
        ("5", broken),
        ("6", broken),
        ("8", "Characters that cannot be read"),
        ("9", "Characters that cannot be read"),
        ("10", "Not an e-mail address"),
        ("11", "No address"),
        ("13", "Not an e-mail address"),
        ("14", "The date has not come yet"),
        ("15", "The date cannot be read"),
    }
    rows = report_of(sender, source)
    assert ["13", "'=HYPERLINK(1)", "Not an e-mail address"] in rows  # defused
    assert len(rows) == 1 + source.rows == 1 + 15
    assert source.counts["0"] == 1
    page = page_of(sender, source).text
    assert "=HYPERLINK(1)" in page
    assert page.count("Not an e-mail address") == 3  # in the sums and twice below


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        ("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("latin-1", ";"),
        ("cp1252", "|"),
    ],
)  # fmt: skip
def test_encodings_and_delimiters_are_found(sender, newsletter, encoding, delimiter):
    cells = [("Correo electrónico", "País", "Año"), ("ana@lector.example.org", "", "ñ")]
    content = "\r\n".join(delimiter.join(row) for row in cells).encode(encoding)
    uploaded(sender, newsletter, content)
    source = SubscriberImport.objects.get()
    assert source.shape["header"] == ["Correo electrónico", "País", "Año"]
    assert source.shape["preview"] == [["ana@lector.example.org", "", "ñ"]]
    assert imported(sender, newsletter, content).counts == {"n": 1}


def test_a_file_without_headings_loses_no_row(sender, newsletter):
    source = imported(sender, newsletter, "Ana;ana@a.org\nBen;ben@b.org\n\n")
    assert (source.plan["columns"], source.counts) == ({"address": 1}, {"n": 2, "0": 1})
    assert addresses() == {"ana", "ben"}
    assert report_of(sender, source)[1][:2] == ["1", "ana@a.org"]


def test_rows_are_numbered_as_in_a_spreadsheet(sender, newsletter):
    source = imported(sender, newsletter, ";\n\nmail;name\n;ana\nana@a.org;ana\n")
    assert [row[0] for row in report_of(sender, source)] == ["Row", "4", "5"]
    assert "<td>4</td>" in page_of(sender, source).text


def test_a_newsletter_that_nobody_reads_may_be_deleted(admin_client, newsletter):
    uploaded(admin_client, newsletter, THREE)
    admin_client.post(reverse("newsletter:delete", args=[newsletter.pk]))
    assert not SubscriberImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "The file is empty."),
        ("\n \n", "The file is empty."),
        ("\ufeff", "The file is empty."),
        (HEADER, "nothing below it"),
        ('"e-mail;name\nana@lector.example.org;ana\n', "The first row cannot be read"),
        (b"PK\x03\x04" + bytes(50), "This is no CSV file."),
        (bytes(range(32)) * 9, "This is no CSV file."),
        (";".join("abc" for _ in range(500)) + "\n1;2\n", "500 columns; at most 100"),
        ('"' * 5001 + "\n" + "x" * 300_000, ""),
    ],
)
def test_what_is_no_table_is_said(sender, newsletter, content, said):
    answer = uploaded(sender, newsletter, content)
    if said:
        assert said in answer.text.replace("&#x27;", "'")
        assert not SubscriberImport.objects.exists()
    assert answer.status_code in {302, 422}


def test_a_file_that_is_too_large_is_not_kept(sender, newsletter, monkeypatch):
    monkeypatch.setattr(forms, "LARGEST", 20)
    answer = uploaded(sender, newsletter, THREE)
    assert "larger than 20" in answer.text
    assert not SubscriberImport.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"column_0": ""}, "Say which column holds the e-mail addresses."),
        ({"column_1": "address"}, "Only one column can hold this: E-mail address."),
        ({"column_1": "nonsense"}, "Select a valid choice"),
        ({"proof": ""}, "This field is required."),
        ({"proof": "x" * 501}, "at most 500 characters"),
        ({"agreed_on": "2099-01-01"}, "This day has not come yet."),
        ({"agreed_on": "1066-01-01"}, "This day is too long ago."),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_a_plan_that_makes_no_sense_is_said(sender, newsletter, changed, said):
    uploaded(sender, newsletter, THREE)
    source = SubscriberImport.objects.get()
    answer = answered(sender, source, **changed)
    assert answer.status_code == 422
    assert said in answer.text
    source.refresh_from_db()
    assert source.state == "uploaded"


def test_columns_are_guessed_from_their_names(sender, newsletter):
    content = (
        "Nombre,Fecha de alta,E-mail,Preferred Language,Country\n"
        "Ana,2025-01-01,ana@a.org,en,Peru\n"
    )
    uploaded(sender, newsletter, content)
    source = SubscriberImport.objects.get()
    url = reverse("subscribers:import_columns", args=[source.pk])
    form = sender.get(url).context["form"]
    held = [form[f"column_{number}"].value() for number in range(5)]
    assert held == [None, "agreed_on", "address", "language", "countries"]


def test_dates_may_begin_with_the_month(sender, newsletter):
    imported(sender, newsletter, THREE, dates="month")
    days = {row.answer["agreed_on"] for row in Consent.objects.all()}
    assert days == {"2025-03-04", "2025-04-03", "2026-11-20"}


@pytest.mark.parametrize(
    "text",
    [
        "ana@lector.example.org", "a.b-c_d+e@sub.Example.ORG", "info@x.org",
        " ana@x.org\t", "x" * 64 + "@x.org", "x" * 65 + "@x.org", "ANA@x.org",
        "a..b@x.org", ".a@x.org", "a.@x.org", "a@b", "a@", "@x.org", "a@b@x.org", "",
        "ana@münchen.example", "a'b@x.org", "añ@x.org", "a b@x.org", "ana@localhost",
        "ana@x.org\n", "a\0@x.org", "ana@" + "x" * 260 + ".org", "ana@x..org",
        "ana@-x.org", "a" * 60 + "@" + "x." * 97 + "org", "=a@x.org", "ana@[1.2.3.4]",
    ],
)  # fmt: skip
def test_the_quick_check_agrees_with_the_one_check(text):
    try:
        expected = check_address(text).address
    except AddressError:
        with pytest.raises(AddressError):
            check_quickly(text)
    else:
        assert check_quickly(text) == expected


# Work that is cut short


@pytest.fixture
def in_small_batches(monkeypatch):
    monkeypatch.setattr(running, "BATCH", 2)


def many(number: int) -> str:
    return a_list_of(*(f"reader{n}" for n in range(number)))


def test_a_worker_that_dies_is_taken_over_and_nothing_done_twice(
    sender, newsletter, in_small_batches, monkeypatch
):
    source = checked(sender, newsletter, many(7))
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    real, calls = writing.insert, []

    def failing(model, *rest):
        calls.append(model)
        if calls.count(Consent) == 2:  # readers and subscriptions of it are written
            raise KeyboardInterrupt
        return real(model, *rest)

    monkeypatch.setattr(writing, "insert", failing)
    with pytest.raises(KeyboardInterrupt):
        tasks.run_import(source.pk)
    source.refresh_from_db()
    assert (source.done, source.state) == (2, "importing")
    assert Subscriber.objects.count() == Subscription.objects.count() == 2
    monkeypatch.setattr(writing, "insert", real)
    tasks.run_import(source.pk)
    tasks.run_import(source.pk)  # and once more than needed
    source.refresh_from_db()
    assert (source.done, source.counts) == (7, {"n": 7})
    for model in (Subscriber, Subscription, Consent):
        assert model.objects.count() == 7
    assert len(report_of(sender, source)) == 8


def test_an_import_that_takes_long_goes_on_in_turns(
    sender, newsletter, in_small_batches
):
    source = checked(sender, newsletter, many(5))
    actions.start_import(source=source, at=timezone.now())
    turns = [running.run_import(source.pk, budget_s=0) for _turn in range(4)]
    assert turns == [True, True, True, False]
    assert Subscription.objects.receivable().count() == 5


def test_a_check_begins_again(sender, newsletter, in_small_batches, monkeypatch):
    uploaded(sender, newsletter, many(5))
    source = SubscriberImport.objects.get()
    answered(sender, source)
    answers = iter([False, False, True])
    monkeypatch.setattr(running, "is_stopping", lambda: next(answers))
    tasks.check_import(source.pk)
    source.refresh_from_db()
    assert (source.done, source.state) == (4, "checking")
    monkeypatch.setattr(running, "is_stopping", lambda: False)
    tasks.check_import(source.pk)
    source.refresh_from_db()
    assert (source.done, source.counts, source.state) == (5, {"n": 5}, "checked")


def test_what_nobody_does_is_woken(sender, newsletter, no_broker, time_machine):
    """Without a broker an import waits for beat."""
    uploaded(sender, newsletter, THREE)
    source = SubscriberImport.objects.get()
    assert answered(sender, source).status_code == 302
    assert actions.to_wake(timezone.now())["checking"] == []
    time_machine.move_to(timezone.now() + actions.PATIENCE + timedelta(seconds=1))
    assert actions.to_wake(timezone.now())["checking"] == [source.pk]


def test_the_unforeseen_is_told_and_can_be_tried_again(
    sender, newsletter, in_small_batches, monkeypatch
):
    source = checked(sender, newsletter, many(3))
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    with monkeypatch.context() as patched:
        patched.setattr(writing, "add", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.run_import(source.pk)
    source.refresh_from_db()
    assert source.state == "failed"
    page = page_of(sender, source).text
    assert "ZeroDivisionError" in page
    assert "Check again…" in page
    assert answered(sender, source).status_code == 302
    tasks.check_import(source.pk)
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    tasks.run_import(source.pk)
    assert Subscription.objects.receivable().count() == 3


def test_cancelling_stops_it_and_deletes_the_file(sender, newsletter, in_small_batches):
    source = checked(sender, newsletter, many(5))
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    running.run_import(source.pk, budget_s=0)
    sender.post(reverse("subscribers:import_cancel", args=[source.pk]))
    tasks.run_import(source.pk)
    source.refresh_from_db()
    assert (source.state, source.counts) == ("cancelled", {"n": 2})
    assert Subscriber.objects.count() == 2
    assert not ImportPiece.objects.exists()
    assert "The file and its report are deleted." in page_of(sender, source).text


@pytest.mark.parametrize("verb", ["start", "cancel", "forget"])
def test_a_second_click_changes_nothing(sender, newsletter, verb):
    source = imported(sender, newsletter, THREE)
    url = reverse(f"subscribers:import_{verb}", args=[source.pk])
    for _click in range(2):
        sender.post(url, follow=True)
    source.refresh_from_db()
    assert (source.state, source.counts) == ("done", {"n": 3})
    assert bool(source.forgotten_at) == (verb == "forget")
    assert Consent.objects.count() == 3


# Who sees it, and for how long


def test_addresses_are_forgotten_after_a_week(sender, newsletter, time_machine):
    left = checked(sender, newsletter, "mail\nnobody\n")
    source = imported(sender, newsletter, THREE + "no address;;;\n")
    time_machine.move_to(timezone.now() + actions.KEPT_FOR + timedelta(hours=1))
    tasks.forget_imports()
    assert not ImportPiece.objects.exists()
    for each, state in ((left, "cancelled"), (source, "done")):
        each.refresh_from_db()
        assert (each.state, each.problems, each.shape["preview"]) == (state, [], [])
    assert source.counts == {"n": 3, "x": 1}
    url = reverse("subscribers:import_report", args=[source.pk])
    assert sender.get(url).status_code == 404
    assert addresses() == {"ana", "ben", "eva"}


def test_only_who_may_add_readers_imports(client, sender, newsletter):
    source = checked(sender, newsletter, THREE)
    roles.write_grants()
    user = User.objects.create_user("editor", password="x")
    user.groups.add(roles.group_of(roles.EDITOR))
    client.force_login(user)
    pages = ("", "_columns", "_counts", "_report", "_start", "_cancel", "_forget")
    urls = [reverse(f"subscribers:import{name}", args=[source.pk]) for name in pages]
    urls += [reverse("subscribers:imports"), reverse("subscribers:import_new")]
    for url in urls:
        for ask in (client.get, client.post):
            answer = ask(url)
            assert answer.status_code in {302, 403, 405}, url
            assert "ana@" not in answer.content.decode()
    source.refresh_from_db()
    assert source.state == "checked"
    assert ImportPiece.objects.exists()


def test_the_list_of_imports_costs_the_same_for_many(
    sender, newsletter, django_assert_max_num_queries
):
    for _time in range(12):
        uploaded(sender, newsletter, THREE)
    imported(sender, newsletter, THREE)
    with django_assert_max_num_queries(15):
        page = sender.get(reverse("subscribers:imports"))
    assert page.text.count("readers.csv") == 13
    assert (
        reverse("subscribers:imports") in sender.get(reverse("subscribers:index")).text
    )


def test_a_batch_costs_the_same_for_many(
    sender, newsletter, django_assert_max_num_queries
):
    source = checked(sender, newsletter, many(300))
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    with django_assert_max_num_queries(40):
        running.run_import(source.pk)
    assert Subscription.objects.receivable().count() == 300


def test_the_page_refreshes_itself_from_counts(sender, newsletter, in_small_batches):
    source = checked(sender, newsletter, many(5))
    sender.post(reverse("subscribers:import_start", args=[source.pk]))
    running.run_import(source.pk, budget_s=0)
    url = reverse("subscribers:import_counts", args=[source.pk])
    found = sender.get(url).json()
    assert (found["running"], found["done"], found["counts"]) == (True, 2, {"n": 2})
    assert "2 of 5 rows" in found["summary"]
    assert 'value="40"' in found["html"]
    tasks.run_import(source.pk)
    found = sender.get(url).json()
    assert (found["state"], found["running"]) == ("done", False)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_an_empty_first_line_hides_no_delimiter(sender, newsletter, delimiter):
    rows = ["", "correo;nombre", "ana@lector.example.org;Ana"]
    content = "\n".join(rows).replace(";", delimiter)
    imported(sender, newsletter, content)
    assert addresses() == {"ana"}


def test_a_project_with_a_comma_in_its_name_is_known(sender, newsletter):
    projects = make_projects(plant_home())
    water = make_project(projects, "Agua, saneamiento e higiene", "Water")
    other = make_project(projects, "Semillas", "Seeds")
    rows = (
        "correo;proyectos\nana@lector.example.org;Agua, saneamiento e higiene | Seeds"
    )
    imported(sender, newsletter, rows)
    assert {*Subscription.objects.get().projects.all()} == {water, other}
