"""Loading the demo: once, whole, through the rooms' own doors."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from demo import content
from demo.errors import UsedSiteError
from demo.planting import SOURCE
from front.models import HomePage
from news.models import NewsPage
from newsletter.dispatching.actions import counts
from newsletter.models import Consent, Dispatch, IssuePage, Subscriber, Subscription
from newsletter.subscribing.forgetting import forget_unconfirmed
from offices.actions import due_sources
from offices.comparing import find_changes
from offices.models import Office
from offices.sources import read_source
from pages.models import BilingualPage, PagePath, SearchEntry


def all_counts() -> dict[str, int]:
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if not model._meta.label.startswith("contenttypes")
    }


def test_a_site_with_pages_of_its_own_is_refused(load):
    Page.objects.get(depth=1).add_child(instance=HomePage(headline_es="Mía"))
    before = all_counts()
    with pytest.raises(UsedSiteError):
        load()
    assert all_counts() == before


def test_a_used_site_takes_it_when_told_to(load):
    Page.objects.get(depth=1).add_child(instance=HomePage(headline_es="Mía"))
    assert load(into_used_site=True)
    assert HomePage.objects.get().headline_es == "Mía"
    assert NewsPage.objects.count() == 40


def test_the_command_refuses_with_one_line(db):
    Page.objects.get(depth=1).add_child(instance=HomePage(headline_es="Mía"))
    with pytest.raises(CommandError, match="pages of its own") as refused:
        call_command("load_demo")
    assert refused.value.returncode == 1


def test_the_loaded_site_is_what_the_files_say(
    load, lines, client, subtests, django_capture_on_commit_callbacks
):
    """One load for all rules: it takes seconds."""
    with django_capture_on_commit_callbacks(execute=True):
        assert load()
    for rule in RULES:
        with subtests.test(rule.__name__):
            rule(client)
    with subtests.test("loading twice changes nothing"):
        before = all_counts()
        assert not load()
        assert all_counts() == before
        assert lines[-1] == "The demo is here already; nothing was changed."


def stories_stand_as_their_files_say(client):
    found = {page.slug_es or page.slug_en: page for page in NewsPage.objects.all()}
    for story in content.stories():
        words = story.words.get("es") or story.words["en"]
        page = found[words["slug"]]
        for code in content.LANGUAGES:
            wanted = "behind" if code in story.behind else story.states[code]
            assert getattr(page, f"state_{code}") == wanted, story.key


def stories_carry_the_date_they_are_of(client):
    for page in NewsPage.objects.all():
        for code in page.live_languages():
            assert getattr(page, f"first_published_at_{code}").date() == page.date


def nothing_waits_that_the_files_do_not_leave_waiting(client):
    drafts = {s.key for s in content.stories() if "draft" in s.states.values()}
    waiting = BilingualPage.objects.filter(has_unpublished_changes=True)
    assert waiting.count() == len(drafts) + 1  # and the issue not sent yet
    assert IssuePage.objects.get(live=False).has_unpublished_changes


def every_address_answers_and_can_be_found(client):
    for lang in content.LANGUAGES:
        paths = PagePath.objects.filter(language=lang, is_current=True)
        live = [p for p in paths if getattr(p.page, f"live_{lang}")]
        assert len(live) > 50
        answers = Counter(
            client.get(f"/{lang}/{path.url_path}").status_code for path in live
        )
        assert answers == {200: len(live)}
        assert SearchEntry.objects.filter(language=lang).count() == len(live)


def five_ways_in_stand_in_the_menu(client):
    assert BilingualPage.objects.filter(show_in_menus=True).count() == 5


def newsletters_have_the_addresses_of_the_plan(client):
    for lang, start in (("es", "boletines"), ("en", "newsletters")):
        slug = content.read("newsletter")[lang]["slug"]
        page = client.get(f"/{lang}/{start}/")
        assert f'href="/{lang}/{start}/{slug}/"' in page.content.decode()
        issue = content.read("newsletter")["issue"][0][lang]["slug"]
        assert client.get(f"/{lang}/{start}/{slug}/{issue}/").status_code == 200


def offices_are_open_to_the_public(client):
    assert Office.objects.shown().count() == 4
    assert {office.country_code for office in Office.objects.all()} == {
        "PE",
        "CL",
        "BO",
        "MX",
    }


def one_office_differs_from_its_source_in_one_value(client):
    table = Path(finders.find(SOURCE)).read_bytes()
    found = {}
    for office in Office.objects.with_source():
        assert office.source_url == f"{settings.SITE_URL}/static/{SOURCE}"
        facts = {"kind": office.source_kind, "key": office.source_key}
        found[str(office)] = find_changes(office, read_source(body=table, **facts))
    assert len(found) == 4
    changes = {name: list(each) for name, each in found.items() if each}
    assert changes == {"La Serena": ["opening_hours"]}
    assert due_sources(at=timezone.now()) == list(
        Office.objects.values_list("pk", flat=True)
    )


def two_issues_were_sent_and_their_counts_add_up(client):
    first, second = Dispatch.objects.order_by("started_at")
    for dispatch in (first, second):
        rows = counts(dispatch)
        assert dispatch.state == Dispatch.State.SENT
        assert dispatch.audience == rows["audience"] == rows["sent"] + rows["failed"]
        assert {edition.language for edition in dispatch.editions.all()} == {"es", "en"}
    assert counts(first)["failed"] == 3
    assert second.excluded["bounced"] == 3


def a_hundred_readers_have_proof_of_their_consent(client):
    states = Counter(Subscription.objects.values_list("state", flat=True))
    assert set(states) == {"active", "pending", "paused", "unsubscribed"}
    assert Subscriber.objects.count() == 100 + states["pending"]
    asked = Consent.objects.filter(kind=Consent.Kind.ASKED)
    assert asked.count() == Subscriber.objects.count()
    active = Subscription.objects.active()
    proofs = Consent.objects.filter(kind=Consent.Kind.CONFIRMED)
    assert not active.exclude(pk__in=proofs.values("subscription")).exists()


def the_hundred_are_never_forgotten(client):
    everyone = Subscriber.objects.count()
    assert forget_unconfirmed() == 0
    with transaction.atomic():
        waiting = Subscription.objects.pending().count()
        after = timezone.now() + timedelta(days=15)
        assert forget_unconfirmed(at=after) == waiting == everyone - 100
        assert Subscriber.objects.count() == 100
        assert forget_unconfirmed(at=after + timedelta(days=400)) == 0
        transaction.set_rollback(True)


def nobody_left_before_the_mail_or_in_the_future(client):
    sent_at = Dispatch.objects.order_by("started_at").first().started_at
    for left_at in Subscription.objects.exclude(left_at=None).values_list(
        "left_at", flat=True
    ):
        assert sent_at < left_at
    assert not Consent.objects.filter(at__gt=timezone.now()).exists()


RULES = [
    stories_stand_as_their_files_say,
    stories_carry_the_date_they_are_of,
    nothing_waits_that_the_files_do_not_leave_waiting,
    every_address_answers_and_can_be_found,
    five_ways_in_stand_in_the_menu,
    newsletters_have_the_addresses_of_the_plan,
    offices_are_open_to_the_public,
    one_office_differs_from_its_source_in_one_value,
    two_issues_were_sent_and_their_counts_add_up,
    a_hundred_readers_have_proof_of_their_consent,
    the_hundred_are_never_forgotten,
    nobody_left_before_the_mail_or_in_the_future,
]
