"""Freezing a digest for many readers with many interests, and joining their mails."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from bench.people_clock import peak_mb, settle, timed
from bench.report import Report
from newsletter.delivery.outcomes import SENT
from newsletter.digests import actions, editions
from newsletter.digests.plan import plan_digest
from newsletter.dispatching import running
from newsletter.models import Digest, Subscription
from tests.newsletter.issues import SmallSite
from tests.topics.factories import (
    make_countries,
    make_country,
    make_project,
    make_projects,
)

STORIES, LANGUAGES = 40, 2
PROJECTS, COUNTRIES = 40, 5
PROJECTS_EACH, COUNTRIES_EACH = 18, 2  # on average, so 20 interests
MOST_MB = 400
CODES = ("PE", "EC", "BO", "CO", "CL")


class Nowhere:
    """Takes every mail and forgets it, so that nothing but the joining counts."""

    def __init__(self) -> None:
        self.mails = self.size = 0

    def carry(self, mails: Any, connections: int) -> str:
        """As `Transport.carry`."""
        while mails.wait_s() is not None:
            if (mail := mails.take()) is None:
                break
            mails.handing_over(mail)
            self.mails += 1
            self.size += len(mail.data)
            mails.settle(mail, SENT)
        return ""


def digesting(report: Report, number: int) -> None:
    """What 20 interests each, evenly spread, cost one digest of 40 stories."""
    digest = _prepare(number)
    rendered = _count_renderings()
    before_mb = peak_mb()
    settle()
    plan = plan_digest(digest, timezone.now())
    with timed(report, "Freeze a digest", number):
        dispatch = actions.send(plan)
    most = STORIES * LANGUAGES
    report.add("renderings of stories", number, len(rendered), "", limit=most)
    report.add("readers of it", number, dispatch.audience, "")
    nowhere = Nowhere()
    settle()
    with timed(report, "Join its mails and settle them", dispatch.audience):
        while running.run_sender(dispatch.pk, 600, nowhere):
            pass
    report.add("Join its mails: peak memory", number, peak_mb(), "MB", limit=MOST_MB)
    report.add("the same before", number, before_mb, "MB")
    report.add("bytes of a mail", nowhere.mails, nowhere.size / nowhere.mails, "B")
    assert nowhere.mails == dispatch.audience  # noqa: S101 (of what did not happen)


def _prepare(number: int) -> Digest:
    """Stories of this moment, and readers who follow many things."""
    site = SmallSite()
    projects, countries = make_projects(site.home), make_countries(site.home)
    hubs = [
        make_project(projects, f"Proyecto {n}", f"Project {n}") for n in range(PROJECTS)
    ]
    lands = [make_country(countries, code, (code, code)) for code in CODES]
    began = timezone.now() - timedelta(days=1)
    for n in range(STORIES):
        story = site.story(f"Noticia {n}")
        story.projects, story.countries = [hubs[n % PROJECTS]], [lands[n % COUNTRIES]]
        story.save()
    type(story).objects.update(
        first_published_at_es=timezone.now(), first_published_at_en=timezone.now()
    )
    newsletter = site.newsletter
    Subscription.objects.update(newsletter=newsletter, frequency="weekly")
    _follow("projects", "projectpage", hubs, PROJECTS_EACH)
    _follow("countries", "countrypage", lands, COUNTRIES_EACH)
    settle()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Digest.objects.create(
        newsletter=newsletter,
        frequency="weekly",
        needs_approval=False,
        since=began,
        next_at=timezone.now(),
    )


def _follow(kind: str, term: str, pages: list[Any], each: int) -> None:
    """By chance that is the same each time: so many of these for each on average."""
    table = getattr(Subscription, kind).through._meta.db_table
    ids = [page.pk for page in pages]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (subscription_id, {term}_id)"  # noqa: S608 (ours)
            " SELECT s.id, t.id FROM newsletter_subscription s,"
            " unnest(%s::bigint[]) AS t(id)"
            " WHERE abs(hashint8(s.id * 4096 + t.id)) %% %s < %s",
            [ids, len(ids), each],
        )


def _count_renderings() -> list[int]:
    """Grows by one for each story that is rendered."""
    rendered: list[int] = []
    whole = editions.story_text

    def counted(story: Any) -> str:
        rendered.append(story.page_id)
        return whole(story)

    editions.story_text = counted
    return rendered


def listing(report: Report, number: int) -> None:
    """The admin's list of readers with its filters, the best of three."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    user = get_user_model().objects.create_superuser("bench", "b@b.example", "x")
    browser = Client()
    browser.force_login(user)
    newsletter = Subscription.objects.values_list("newsletter", flat=True)[0]
    address = Subscription.objects.order_by("-pk")[0].subscriber.address
    for name, query in {
        "all": "",
        "a language": "?language=en",
        "a newsletter and a state": f"?newsletter={newsletter}&state=active",
        "a state nobody is in": "?state=unsubscribed",
        "a rhythm": f"?newsletter={newsletter}&frequency=weekly",
        "the last page": "?p=20000",
        "a whole address": f"?q={address}",
        "by address": "?ordering=address",
    }.items():
        took = min(_seconds(browser, query) for _ in range(3))
        limit = 200 if number >= 1_000_000 else None
        report.add(f"List of readers: {name}", number, took * 1000, "ms", limit=limit)


def _seconds(browser: Any, query: str) -> float:
    began = time.perf_counter()
    answer = browser.get(f"/cms/subscribers/{query}")
    assert answer.status_code == 200  # noqa: S101 (of what did not happen)
    return time.perf_counter() - began
