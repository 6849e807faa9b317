"""Digests: each reader gets what they follow, once, in their rhythm and language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from functools import reduce
from operator import or_

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from news.models import NewsPage
from newsletter.composing.actions import send_issue
from newsletter.composing.scheduling import due_dispatches
from newsletter.delivery.message import unstuffed
from newsletter.delivery.parts import Choice, Parts, Piece, Section, from_json, to_json
from newsletter.digests import actions, editions
from newsletter.digests.rhythm import next_moment
from newsletter.digests.viewsets import DigestViewSet
from newsletter.dispatching.actions import cancel_dispatch
from newsletter.dispatching.audience import Audience
from newsletter.errors import (
    BlockedError,
    IllegalMoveError,
    NothingToSendError,
    UnfinishedError,
)
from newsletter.models import Delivery, Digest, Dispatch, Newsletter, Subscription
from newsletter.subscribing import wording
from newsletter.subscribing.actions import unsubscribe
from newsletter.subscribing.consents import Place
from pages.actions import publish_languages, unpublish_language
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite
from tests.newsletter.readers import PATHS, active_reader, own_path, sign_up
from tests.newsletter.sending import a_reader, run
from tests.newsletter.trees import plant_topics

DAY = timedelta(days=1)
Why = Digest.Why


@pytest.fixture
def site(db):
    return SmallSite(time_zone="America/Lima")


@pytest.fixture
def topics(site):
    return plant_topics(site.home)


@pytest.fixture
def weekly(site):
    return a_digest(site.newsletter)


def a_digest(newsletter, frequency="weekly", **values):
    """One that is due now and tells what is new since yesterday."""
    known = {
        "needs_approval": False,
        "since": timezone.now() - DAY,
        "next_at": timezone.now(),
    }
    return Digest.objects.create(
        newsletter=newsletter, frequency=frequency, **known | values
    )


def a_follower(site, name, lang="es", frequency="weekly", projects=(), countries=()):
    row = a_reader(site.newsletter, name, lang, frequency=frequency)
    row.projects.set(projects)
    row.countries.set(countries)
    return row


def fresh(site, name, *languages):
    """A story that is published at this moment, whenever it was first made."""
    story = site.story(name, *languages)
    now = {
        f"first_published_at_{code}": timezone.now() for code in story.live_languages()
    }
    NewsPage.objects.filter(pk=story.pk).update(**now)
    return NewsPage.objects.get(pk=story.pk)


def about(story, projects=(), countries=()):
    """The story with its topics."""
    story.projects, story.countries = list(projects), list(countries)
    story.save()
    return story


def turn(digest):
    """Its turn now; what it sent, by local part of the address, as mails."""
    Digest.objects.filter(pk=digest.pk).update(next_at=timezone.now())
    dispatch = actions.take_turn(digest_id=digest.pk)
    digest.refresh_from_db()
    return sent_by(dispatch) if dispatch else {}


def sent_by(dispatch):
    found = {}
    for to, data in run(dispatch).accepted:
        parsed = message_from_bytes(unstuffed(data), policy=policy.default)
        assert not parsed.defects
        found[to.partition("@")[0]] = parsed
    return found


def words_of(mail, kind="plain"):
    """A part of the mail, as its reader sees it."""
    return mail.get_body([kind]).get_content().replace("\r\n", "\n")


def told(mail, *names):
    """Which of these headlines are in the mail, in order, as both parts say."""
    text, html = (words_of(mail, kind) for kind in ("plain", "html"))
    found = sorted((n for n in names if n in text), key=text.index)
    assert found == sorted((n for n in names if n in html), key=html.index)
    for name in found:
        assert text.count(f"{name}\n") == 1
    return found


ALL = ("Agua es", "Caminos es", "Maíz es", "Agua en", "Caminos en", "Maíz en")


def test_each_gets_what_they_follow_once_and_why(site, topics, weekly):
    project, country = topics
    about(fresh(site, "Agua"), [project], [country])
    about(fresh(site, "Caminos"), countries=[country])
    about(fresh(site, "Maíz"))
    a_follower(site, "ana", projects=[project])
    a_follower(site, "beto", countries=[country], projects=[project])
    a_follower(site, "carla")
    a_follower(site, "dan", "en", countries=[country])
    mails = turn(weekly)
    assert told(mails["ana"], *ALL) == ["Agua es"]
    assert told(mails["beto"], *ALL) == ["Agua es", "Caminos es"]
    assert told(mails["carla"], *ALL) == ["Agua es", "Caminos es", "Maíz es"]
    assert told(mails["dan"], *ALL) == ["Caminos en", "Agua en"]
    text = words_of(mails["beto"], "plain")
    why = [line for line in text.splitlines() if line.startswith("Porque sigue")]
    assert why == ["Porque sigue Agua segura.", "Porque sigue Perú."]
    assert text.index("Agua es") < text.index("Porque sigue Perú.")
    assert "Porque sigue" not in words_of(mails["carla"], "plain")
    assert "Because you follow Peru." in words_of(mails["dan"], "html")
    assert weekly.told["why"] == Why.STARTED


def test_countries_come_first_where_the_newsletter_says_so(site, topics):
    project, country = topics
    about(fresh(site, "Agua"), [project], [country])
    about(fresh(site, "Caminos"), [project])
    a_follower(site, "ana", projects=[project], countries=[country])
    digest = a_digest(site.newsletter, sections="countries")
    text = words_of(turn(digest)["ana"])
    order = ["Porque sigue Perú.", "Agua es", "Porque sigue Agua", "Caminos es"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)


def test_who_follows_nothing_that_is_new_gets_no_mail(site, topics, weekly):
    project, country = topics
    about(fresh(site, "Agua"), [project])
    a_follower(site, "ana", projects=[project])
    a_follower(site, "beto", countries=[country])
    assert list(turn(weekly)) == ["ana"]
    assert Dispatch.objects.get().excluded == {"nothing_new": 1}


def test_rhythms_do_not_mix(site, weekly):
    a_digest(site.newsletter, "monthly", next_at=timezone.now() + DAY)
    story = fresh(site, "Agua")
    for frequency in ("each", "weekly", "monthly"):
        a_follower(site, frequency, frequency=frequency)
    assert list(turn(weekly)) == ["weekly"]
    assert Dispatch.objects.get().excluded == {"other_rhythm": 2}
    issue = send_issue(issue=site.issue(story))
    assert list(sent_by(issue)) == ["each"]
    assert issue.excluded == {"gets_digest": 2}


def test_readers_of_a_digest_that_is_off_get_every_issue(site, weekly):
    Digest.objects.update(is_on=False)
    a_follower(site, "ana")
    assert list(sent_by(send_issue(issue=site.issue(fresh(site, "Agua"))))) == ["ana"]


def test_the_next_one_begins_where_the_last_that_was_sent_ended(site, weekly):
    a_follower(site, "ana")
    fresh(site, "Agua")
    assert told(turn(weekly)["ana"], *ALL) == ["Agua es"]
    assert turn(weekly) == {}
    assert weekly.told["why"] == Why.FEW
    fresh(site, "Maíz")
    assert told(turn(weekly)["ana"], *ALL) == ["Maíz es"]


def test_a_translation_is_told_when_it_comes(site, weekly):
    a_follower(site, "ana")
    a_follower(site, "dan", "en")
    story = fresh(site, "Agua", "es")
    assert list(turn(weekly)) == ["ana"]
    assert Dispatch.objects.get().excluded == {"no_edition": 1}
    story.headline_en = "Agua en"
    story.save_revision()
    publish_languages(page=story, languages=["en"])
    mails = turn(weekly)
    assert list(mails) == ["dan"]
    assert told(mails["dan"], *ALL) == ["Agua en"]


def test_too_few_wait_for_the_next_time(site):
    digest = a_digest(site.newsletter, minimum=2)
    a_follower(site, "ana")
    fresh(site, "Agua")
    assert turn(digest) == {}
    assert digest.told["found"] == {"es": 1, "en": 1}
    fresh(site, "Maíz")
    assert told(turn(digest)["ana"], *ALL) == ["Maíz es", "Agua es"]


def test_a_publication_that_takes_its_time_is_not_lost(site, weekly):
    """Its moment is before the digest's, and nobody saw it until after."""
    a_follower(site, "ana")
    fresh(site, "Agua")
    late = fresh(site, "Maíz")
    NewsPage.objects.filter(pk=late.pk).update(live_es=False)
    assert told(turn(weekly)["ana"], *ALL) == ["Agua es"]
    NewsPage.objects.filter(pk=late.pk).update(live_es=True)
    assert told(turn(weekly)["ana"], *ALL) == ["Maíz es"]


def test_a_long_edition_before_stands_in_nobodys_way(site, weekly):
    """Longer than its places have bits for, so that all got it whole."""
    a_follower(site, "ana")
    a_follower(site, "beto", frequency="each")
    agua = fresh(site, "Agua")
    issue = send_issue(issue=site.issue(agua))
    sent_by(issue)
    issue.editions.update(story_ids=[*range(10**6, 10**6 + 70), agua.pk])
    assert told(turn(weekly)["ana"], *ALL) == ["Agua es"]
    fresh(site, "Maíz")
    Subscription.objects.update(frequency="weekly")
    Digest.objects.update(since=timezone.now() - 2 * DAY)
    Dispatch.objects.filter(digest=weekly).delete()
    assert told(turn(weekly)["beto"], *ALL) == ["Maíz es"]


def test_a_story_without_topics_stands_under_none_of_them(site, topics, weekly):
    about(fresh(site, "Maíz"))
    about(fresh(site, "Agua"), topics[:1])
    a_follower(site, "ana")
    text = words_of(turn(weekly)["ana"])
    order = ["Agua segura", "Agua es", "Más\n===", "Maíz es"]
    assert [text.index(each) for each in order] == sorted(map(text.index, order))


def test_a_subject_promises_nothing_a_reader_does_not_get(site, topics):
    digest = a_digest(site.newsletter, "story")
    about(fresh(site, "Agua"), topics[:1])
    a_follower(site, "ana", frequency="story", projects=topics[:1])
    assert turn(digest)["ana"]["Subject"] == "Agua es"
    for name in ("Maíz", "Caminos"):
        about(fresh(site, name), topics[:1])
    assert turn(digest)["ana"]["Subject"].startswith("Noticias nuevas, ")


def test_a_long_headline_is_a_subject_all_the_same(site):
    digest = a_digest(site.newsletter, "story")
    story = fresh(site, "Agua")
    NewsPage.objects.filter(pk=story.pk).update(headline_es="Á" * 254 + "\x02")
    a_follower(site, "ana", frequency="story")
    assert turn(digest)["ana"]["Subject"] == "Á" * 250


def test_who_is_written_to_by_nobody_collects_nothing(site):
    digest = a_digest(site.newsletter, "story")
    fresh(site, "Agua")
    assert turn(digest) == {}
    a_follower(site, "ana", frequency="story")
    assert turn(digest) == {}
    assert digest.told["why"] == Why.FEW


def test_more_than_a_mail_holds_asks_first(site, weekly, monkeypatch, inbox):
    monkeypatch.setattr(editions, "MOST_STORIES", 1)
    person(roles.NEWSLETTER_SENDER)
    a_follower(site, "ana")
    fresh(site, "Agua")
    fresh(site, "Maíz")
    assert actions.take_turn(digest_id=weekly.pk).state == "draft"
    weekly.refresh_from_db()
    assert weekly.told["why"] == Why.LONG
    assert "no room" in inbox.only().body


def test_nothing_is_sent_for_a_newsletter_that_is_off(site, weekly):
    a_follower(site, "ana")
    fresh(site, "Agua")
    by = person(roles.NEWSLETTER_SENDER)
    waiting = actions.make_now(digest_id=weekly.pk, by=by, at=timezone.now())
    Newsletter.objects.update(is_active=False)
    assert actions.take_turn(digest_id=weekly.pk) is None
    with pytest.raises(BlockedError):
        approved(waiting, by)
    actions.leave_out(dispatch_id=waiting.pk, by=by)
    with pytest.raises(BlockedError):
        actions.make_now(digest_id=weekly.pk, by=by, at=timezone.now())


def test_one_that_was_cancelled_loses_nothing(site, weekly):
    a_follower(site, "ana")
    fresh(site, "Agua")
    dispatch = actions.take_turn(digest_id=weekly.pk)
    cancel_dispatch(dispatch_id=dispatch.pk)
    assert told(turn(weekly)["ana"], *ALL) == ["Agua es"]


def test_one_half_sent_tells_nobody_twice(site, weekly):
    a_follower(site, "ana")
    a_follower(site, "beto")
    fresh(site, "Agua")
    dispatch = actions.take_turn(digest_id=weekly.pk)
    ana = Delivery.objects.get(subscriber__address__startswith="ana")
    ana.state, ana.sent_at = "sent", timezone.now()
    ana.save()
    dispatch.chunks.update(epoch=1)
    cancel_dispatch(dispatch_id=dispatch.pk)
    assert list(turn(weekly)) == ["beto"]


def test_the_next_waits_until_the_one_before_has_ended(site, weekly):
    a_follower(site, "ana")
    fresh(site, "Agua")
    first = actions.take_turn(digest_id=weekly.pk)
    fresh(site, "Maíz")
    assert turn(weekly) == {}
    assert weekly.told["why"] == Why.BUSY
    sent_by(first)
    assert told(turn(weekly)["ana"], *ALL) == ["Maíz es"]


@pytest.mark.parametrize(("before", "after"), [("each", "weekly"), ("weekly", "each")])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_nobody_gets_a_story_twice_by_issue_and_digest(
    site, weekly, before, after, lang
):
    """Not after changing the rhythm, nor in the other language."""
    ana = a_follower(site, "ana", frequency=before)
    a_follower(site, "beto", lang, frequency=after)
    agua = fresh(site, "Agua")

    def send(frequency, *stories):
        if frequency == "weekly":
            return turn(weekly)
        return sent_by(send_issue(issue=site.issue(*stories)))

    assert told(send(before, agua)["ana"], *ALL) == ["Agua es"]
    Subscription.objects.filter(pk=ana.pk).update(frequency=after)
    ana.subscriber.language = lang
    ana.subscriber.save()
    maiz = fresh(site, "Maíz")
    mails = send(after, agua, maiz)
    assert told(mails["ana"], *ALL) == [f"Maíz {lang}"]
    assert set(told(mails["beto"], *ALL)) == {f"Maíz {lang}", f"Agua {lang}"}


def test_an_issue_for_some_is_no_reason_to_keep_a_story_from_others(site, topics):
    _project, country = topics
    a_follower(site, "ana", frequency="each", countries=[country])
    a_follower(site, "beto", frequency="each", projects=topics[:1])
    agua, maiz = fresh(site, "Agua"), fresh(site, "Maíz")
    to_peru = Audience(countries=frozenset([country.pk]), with_undecided=False)
    first = send_issue(issue=site.issue(agua), audience=to_peru)
    assert list(sent_by(first)) == ["ana"]
    mails = sent_by(send_issue(issue=site.issue(agua, maiz)))
    assert told(mails["ana"], *ALL) == ["Maíz es"]
    assert told(mails["beto"], *ALL) == ["Agua es", "Maíz es"]


def test_an_editor_may_tell_it_again(site, weekly):
    ana = a_follower(site, "ana")
    agua = fresh(site, "Agua")
    turn(weekly)
    Subscription.objects.filter(pk=ana.pk).update(frequency="each")
    again = site.issue(agua, picks={agua.pk: {"again": True}})
    assert told(sent_by(send_issue(issue=again))["ana"], *ALL) == ["Agua es"]


def test_an_issue_of_which_everything_is_known_is_not_sent(site, weekly):
    ana = a_follower(site, "ana")
    agua = fresh(site, "Agua")
    turn(weekly)
    Subscription.objects.filter(pk=ana.pk).update(frequency="each")
    with pytest.raises(NothingToSendError):
        send_issue(issue=site.issue(agua))
    a_follower(site, "beto", frequency="each")
    dispatch = send_issue(issue=site.issue(agua))
    assert list(sent_by(dispatch)) == ["beto"]
    assert dispatch.excluded == {"nothing_new": 1}


def test_a_story_taken_back_before_approval_is_not_sent(site, rf):
    digest = a_digest(site.newsletter, needs_approval=True)
    a_follower(site, "ana")
    agua, _maiz = fresh(site, "Agua"), fresh(site, "Maíz")
    dispatch = actions.take_turn(digest_id=digest.pk)
    for code in ("es", "en"):
        unpublish_language(page=agua, language=code)
    fresh(site, "Caminos")  # after the window
    by = person(roles.NEWSLETTER_SENDER)
    started = approved(dispatch, by)
    assert told(sent_by(started)["ana"], *ALL) == ["Maíz es"]
    assert started.created_by == by
    with pytest.raises(IllegalMoveError):
        approved(dispatch, by)
    assert told(turn_by_itself(digest)["ana"], *ALL) == ["Caminos es"]


def approved(dispatch, by):
    """As somebody approves it and a worker begins; as it is then."""
    known = {"dispatch_id": dispatch.pk, "at": timezone.now()}
    actions.approve(by=by, **known)
    actions.start_approved(**known)
    dispatch.refresh_from_db()
    return dispatch


def turn_by_itself(digest):
    Digest.objects.update(needs_approval=False)
    return turn(digest)


def test_what_cannot_be_sent_any_more_says_why_and_stays_new(client, site):
    digest = a_digest(site.newsletter, needs_approval=True)
    ana = a_follower(site, "ana")
    fresh(site, "Agua")
    waiting = actions.take_turn(digest_id=digest.pk)
    by = person(roles.NEWSLETTER_SENDER)
    Subscription.objects.update(state="paused")
    assert approved(waiting, by).state == "cancelled"
    digest.refresh_from_db()
    assert digest.told["why"] == Why.NOBODY
    client.force_login(by)
    page = client.get(reverse("dispatches:progress", args=[waiting.pk])).text
    assert "No story is left, or nobody would receive it." in page
    Subscription.objects.filter(pk=ana.pk).update(state="active")
    assert told(turn_by_itself(digest)["ana"], *ALL) == ["Agua es"]


def test_one_left_out_leaves_its_stories_to_the_next(site):
    digest = a_digest(site.newsletter, needs_approval=True)
    a_follower(site, "ana")
    fresh(site, "Agua")
    by = person(roles.NEWSLETTER_SENDER)
    waiting = actions.take_turn(digest_id=digest.pk)
    with pytest.raises(UnfinishedError):
        actions.make_now(digest_id=digest.pk, by=by, at=timezone.now())
    actions.leave_out(dispatch_id=waiting.pk, by=by)
    digest.refresh_from_db()
    assert digest.told["why"] == Why.LEFT_OUT
    assert told(turn_by_itself(digest)["ana"], *ALL) == ["Agua es"]


def test_senders_are_asked_to_approve(site, inbox):
    person(roles.NEWSLETTER_SENDER, language="es")
    a_follower(site, "ana")
    fresh(site, "Agua")
    digest = a_digest(site.newsletter, needs_approval=True)
    actions.take_turn(digest_id=digest.pk)
    mail = inbox.only()
    assert "espera" in mail.subject
    assert f"/digests/{digest.pk}/" in mail.body
    assert Dispatch.objects.get().state == "draft"


def test_one_long_overdue_asks_first(site, weekly, inbox):
    person(roles.NEWSLETTER_SENDER)
    a_follower(site, "ana")
    fresh(site, "Agua")
    Digest.objects.update(next_at=timezone.now() - timedelta(hours=4))
    dispatch = actions.take_turn(digest_id=weekly.pk)
    assert dispatch.state == "draft"
    weekly.refresh_from_db()
    assert weekly.told["why"] == Why.LATE
    assert inbox.count() == 1


def test_a_turn_is_taken_once(site, weekly):
    a_follower(site, "ana")
    fresh(site, "Agua")
    assert actions.due_digests(timezone.now()) == [weekly.pk]
    dispatch = actions.take_turn(digest_id=weekly.pk)
    assert actions.due_digests(timezone.now()) == []
    assert actions.take_turn(digest_id=weekly.pk) is None
    assert list(sent_by(dispatch)) == ["ana"]


def test_nobody_to_send_to_is_said(site, weekly):
    fresh(site, "Agua")
    assert turn(weekly) == {}
    assert weekly.told["why"] == Why.NOBODY
    assert not Dispatch.objects.exists()


def test_who_left_after_the_freeze_gets_none(site, weekly):
    ana = a_follower(site, "ana")
    a_follower(site, "beto")
    fresh(site, "Agua")
    dispatch = actions.take_turn(digest_id=weekly.pk)
    unsubscribe(
        subscription=ana,
        where=Place("/", "es"),
        version=wording.LEAVE,
        at=timezone.now(),
    )
    assert list(sent_by(dispatch)) == ["beto"]


def test_links_are_counted_in_every_part(client, site, topics, weekly):
    Newsletter.objects.update(counts_clicks=True)
    about(fresh(site, "Agua"), topics[:1])
    a_follower(site, "ana", projects=topics[:1])
    mail = turn(weekly)["ana"]
    text, html = words_of(mail), words_of(mail, "html")
    assert "/noticias/" not in text + html
    (edition,) = Dispatch.objects.get().editions.filter(language="es")
    story = edition.links.filter(url__contains="/noticias/agua")
    link = re.search(r"Leer más:\nhttp://testserver(/c/\S+)", text)[1]
    assert html.count(f'"http://testserver{link}"') >= 2
    shown = client.get(link, headers={"sec-fetch-mode": "navigate"})
    assert (shown.status_code, shown.url) == (302, "/es/noticias/agua-es/")
    assert story.count() == 1
    assert "/noticias/" in edition.html


def test_renderings_do_not_grow_with_readers(site, topics, weekly, monkeypatch):
    project, country = topics
    about(fresh(site, "Agua"), [project])
    about(fresh(site, "Maíz"), countries=[country])
    for number in range(12):
        a_follower(
            site,
            f"r{number}",
            ("es", "en")[number % 2],
            projects=[project] if number % 3 else [],
            countries=[country] if number % 4 else [],
        )
    rendered = []
    whole = editions.cuttable
    monkeypatch.setattr(
        editions, "cuttable", lambda *a, **k: rendered.append(1) or whole(*a, **k)
    )
    assert len(turn(weekly)) == 12
    assert len(rendered) == 2


def test_queries_do_not_grow_with_readers_or_stories(site, topics, weekly):
    def count(new):
        for name in new:
            about(fresh(site, f"Agua {name}"), topics[:1])
            a_follower(site, name, projects=topics[:1])
        with CaptureQueriesContext(connection) as seen:
            dispatch = actions.take_turn(digest_id=weekly.pk)
        sent_by(dispatch)
        Digest.objects.update(next_at=timezone.now())
        return len(seen)

    # The second one finds an earlier edition in each language, and looks at it twice.
    assert count("a") >= count("bcde") - 1 >= count("f") - 6


LIMA = "America/Lima"
SANTIAGO = "America/Santiago"  # skips 00:00 to 01:00 on 2026-09-06


@pytest.mark.parametrize(
    ("values", "after", "expected"),
    [
        ({"weekday": 0}, "2026-11-29T12:00", "2026-11-30T13:00"),
        ({"weekday": 0}, "2026-11-30T12:59", "2026-11-30T13:00"),
        ({"weekday": 0}, "2026-11-30T13:00", "2026-12-07T13:00"),
        ({"frequency": "monthly"}, "2026-11-29T12:00", "2026-12-01T13:00"),
        (
            {"frequency": "monthly", "month_day": 31},
            "2027-02-01T00:00",
            "2027-02-28T13:00",
        ),
        (
            {"frequency": "monthly", "month_day": 31},
            "2026-12-31T13:00",
            "2027-01-31T13:00",
        ),
        ({"frequency": "story"}, "2026-11-29T12:00", "2026-11-29T12:15"),
        (
            {"weekday": 6, "hour": time(0, 30), "zone": SANTIAGO},
            "2026-09-05T12:00",
            "2026-09-06T04:30",
        ),
    ],
)
def test_the_next_moment(values, after, expected):
    zone = values.pop("zone", LIMA)
    digest = Digest(newsletter=Newsletter(time_zone=zone), **values)

    def moment(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert next_moment(digest, moment(after)) == moment(expected)


PIECES = tuple(Piece(f"t{n} ", f"h{n} ") for n in range(8))


@given(
    st.lists(st.integers(0, 255), max_size=5),
    st.integers(0, 255),
    st.integers(0, 31),
)
def test_every_chosen_story_stands_once(sections, stories, follows):
    made = tuple(
        Section(bits, Piece(f"s{n} ", ""), Piece(f"p{n} ", ""))
        for n, bits in enumerate(sections)
    )
    parts = Parts(PIECES, made)
    text = parts.joined(Choice(stories, follows), "").text.split()
    found = [int(each[1:]) for each in text if each[0] == "t"]
    assert sorted(found) == [n for n in range(8) if stories >> n & 1]
    headings = [int(each[1:]) for each in text if each[0] in "sp"]
    assert headings == sorted(set(headings))
    theirs = [n for n in range(len(made)) if not follows or follows >> n & 1]
    assert set(headings) <= set(theirs)
    under = reduce(or_, (made[n].stories for n in theirs), 0) & stories
    assert bool(headings) == bool(under)


def test_parts_survive_the_database():
    made = Parts(PIECES, (Section(3, PIECES[0], PIECES[1]),)).turned(
        str.encode, str.encode
    )
    assert from_json(to_json(made)) == made


@pytest.fixture
def offered(site):
    """A weekly and a monthly digest beside every issue."""
    for frequency in ("weekly", "monthly"):
        a_digest(site.newsletter, frequency, next_at=None)
    return site.newsletter


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_reader_chooses_how_often_when_signing_up(client, offered, lang):
    page = client.get(PATHS[lang]["join"]).text
    assert ("una vez por semana" if lang == "es" else "once a week") in page
    sign_up(client, lang, address="ana@lector.example.org", frequency="weekly")
    row = Subscription.objects.get()
    assert row.frequency == "weekly"
    assert row.consents.get().answer["frequency"] == "weekly"


def test_what_is_not_on_offer_cannot_be_chosen(client, offered):
    Digest.objects.filter(frequency="monthly").update(is_on=False)
    answer = sign_up(
        client, "es", address="ana@lector.example.org", frequency="monthly"
    )
    assert answer.status_code == 422
    assert not Subscription.objects.exists()


def test_without_a_choice_nothing_is_asked(client, site):
    assert 'type="hidden" name="frequency"' in client.get(PATHS["es"]["join"]).text
    sign_up(client, "es", address="ana@lector.example.org")
    assert Subscription.objects.get().frequency == "each"


def test_an_older_form_asks_for_what_is_no_more_on_offer(client, site):
    sign_up(client, "es", address="ana@lector.example.org", frequency="weekly")
    assert Subscription.objects.get().frequency == "each"


def test_a_newsletter_of_digests_alone_has_no_every_issue(client, offered):
    Newsletter.objects.update(offers_issues=False)
    sign_up(client, "es", address="ana@lector.example.org")
    assert Subscription.objects.get().frequency == "weekly"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_less_often_stands_beside_leaving_and_not_in_its_way(client, offered, lang):
    ana = active_reader(offered, lang)
    page = client.get(own_path(ana, "leave")).text
    assert page.index('name="less" value="weekly"') > page.index("<button")
    answer = client.post(own_path(ana, "preferences"), {"less": "weekly"}, follow=True)
    ana.refresh_from_db()
    assert (ana.frequency, ana.state) == ("weekly", "active")
    assert ana.consents.get().text_version == "less-often-2026-11"
    assert ("Guardado" if lang == "es" else "Saved.") in answer.text
    left = client.get(own_path(ana, "leave")).text
    assert 'value="weekly"' not in left
    assert 'value="monthly"' in left
    for nonsense in ("each", "weekly", "never", ""):
        client.post(own_path(ana, "preferences"), {"less": nonsense})
    ana.refresh_from_db()
    assert ana.frequency == "weekly"


def test_a_change_is_taken_back_for_half_an_hour(client, offered, site, time_machine):
    _project, country = plant_topics(site.home)
    ana = active_reader(offered, "es")
    preferences = own_path(ana, "preferences")
    chosen = {"language": "es", "frequency": "weekly", "countries": [country.pk]}
    time_machine.move_to(timezone.now(), tick=False)
    client.post(preferences, chosen)
    assert 'name="undo"' not in client.get(preferences).text  # nothing was before
    client.post(preferences, {"language": "en", "frequency": "monthly"})
    preferences = own_path(refreshed(ana), "preferences")
    assert 'name="undo"' in client.get(preferences).text
    client.post(preferences, {"undo": "1"})
    ana = refreshed(ana)
    assert (ana.frequency, ana.subscriber.language) == ("weekly", "es")
    assert list(ana.countries.all()) == [country]
    preferences = own_path(ana, "preferences")
    assert 'name="undo"' not in client.get(preferences).text
    client.post(preferences, {"undo": "1"})
    assert refreshed(ana).frequency == "weekly"
    client.post(own_path(ana, "pause"), {"months": "1"})
    assert refreshed(ana).paused_until
    client.post(preferences, {"undo": "1"})
    assert refreshed(ana).paused_until is None
    client.post(preferences, chosen | {"frequency": "each"})
    time_machine.shift(timedelta(minutes=31))
    late = client.post(preferences, {"undo": "1"}, follow=True)
    assert "Ya no se puede deshacer" in late.text
    assert refreshed(ana).frequency == "each"


def test_taking_back_leaves_alone_what_others_changed(client, offered, site):
    project, country = plant_topics(site.home)
    ana = active_reader(offered, "es")
    preferences = own_path(ana, "preferences")
    first = {"language": "es", "frequency": "weekly", "projects": [project.pk]}
    client.post(preferences, first)
    client.post(preferences, first | {"frequency": "monthly"})
    ana.projects.clear()  # as where two are merged
    ana.countries.add(country)
    client.post(preferences, {"undo": "1"})
    ana = refreshed(ana)
    assert (ana.frequency, *ana.countries.all()) == ("weekly", country)
    assert not ana.projects.exists()


def test_coming_back_is_no_change_to_take_back(client, offered):
    ana = active_reader(offered, "es")
    client.post(own_path(ana, "preferences"), {"language": "es", "frequency": "weekly"})
    client.post(own_path(ana, "leave"))
    client.post(own_path(ana, "leave"), {"undo": "1"})
    assert 'name="undo"' not in client.get(own_path(ana, "preferences")).text


def refreshed(row):
    return Subscription.objects.select_related("subscriber").get(pk=row.pk)


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


def test_a_sender_approves_what_waits(client, site, sender):
    digest = a_digest(site.newsletter, needs_approval=True)
    a_follower(site, "ana")
    fresh(site, "Agua")
    url = reverse("digests:digest", args=[digest.pk])
    assert "data-waiting" not in client.get(url).text
    client.post(reverse("digests:make", args=[digest.pk]))
    page = client.get(url).text
    assert "data-waiting" in page
    assert "1 new story · 1 reader" in page
    waiting = Dispatch.objects.get()
    stale = {"dispatch": waiting.pk + 1}
    client.post(reverse("digests:approve", args=[digest.pk]), stale)
    waiting.refresh_from_db()
    assert waiting.state == "draft"
    given = {"dispatch": waiting.pk}
    answer = client.post(reverse("digests:approve", args=[digest.pk]), given)
    assert answer.url == reverse("dispatches:progress", args=[waiting.pk])
    page = client.get(answer.url).text
    assert 'data-dispatch-state="scheduled"' in page
    assert 'data-pg-progress-running-value="true"' in page  # it looks again by itself
    assert "is not finished: scheduled" in client.get(url).text
    assert actions.approved_digests(timezone.now()) == [waiting.pk]
    assert due_dispatches(timezone.now()) == []
    assert actions.start_approved(dispatch_id=waiting.pk)
    assert not actions.start_approved(dispatch_id=waiting.pk)
    assert list(sent_by(waiting)) == ["ana"]
    page = client.get(url).text
    assert "1 person chose this rhythm" in page  # though nothing is new now
    assert re.search(r"data-told>[^<]*: sent<", page)
    page = client.get(answer.url).text
    assert "who chose “once a week”" in page


def test_many_readers_are_typed_before_a_digest_is_sent(client, site, sender):
    digest = a_digest(site.newsletter, needs_approval=True)
    Newsletter.objects.update(typed_above=1)
    for name in ("ana", "beto"):
        a_follower(site, name)
    fresh(site, "Agua")
    waiting = actions.take_turn(digest_id=digest.pk)
    approve = reverse("digests:approve", args=[digest.pk])
    answer = client.post(approve, {"dispatch": waiting.pk, "typed": "3"})
    assert answer.status_code == 422
    assert "Type 2 to send it." in answer.text
    client.post(approve, {"dispatch": waiting.pk, "typed": "2"})
    waiting.refresh_from_db()
    assert waiting.state == "scheduled"


def test_one_reader_sees_why_or_what(client, site, sender, topics):
    digest = a_digest(site.newsletter)
    project, country = topics
    about(fresh(site, "Agua"), [project])
    about(fresh(site, "Maíz"), countries=[country])
    a_follower(site, "ana", projects=[project])
    a_follower(site, "beto", frequency="each")
    url = reverse("digests:reader", args=[digest.pk])
    page = client.post(url, {"address": "ana@lectores.example"}).text
    assert "data-gets" in page
    assert "Agua es" in page
    assert "Maíz es" not in page
    page = client.post(url, {"address": "beto@lectores.example"}).text
    assert "1 person chose another rhythm" in page
    page = client.post(url, {"address": "nobody@lectores.example"}).text
    assert "Nobody we know" in page
    assert not Dispatch.objects.exists()


def test_an_issue_is_shown_as_a_reader_of_a_digest_before_gets_it(client, site, weekly):
    ana = a_follower(site, "ana")
    agua = fresh(site, "Agua")
    turn(weekly)
    Subscription.objects.filter(pk=ana.pk).update(frequency="each")
    issue = site.issue(agua, fresh(site, "Maíz"))
    client.force_login(person(roles.ADMINISTRATOR))
    url = reverse("issue_sending:reader_mail", args=[issue.pk, ana.subscriber_id])
    before = client.get(url).text
    assert "Maíz es" in before
    assert "Agua es" not in before
    send_issue(issue=issue)
    assert client.get(url).text == before


def test_the_mail_is_shown_in_each_language(client, site, sender):
    digest = a_digest(site.newsletter)
    fresh(site, "Agua", "es")
    shown = client.get(reverse("digests:mail", args=[digest.pk, "es"]))
    assert "Agua es" in shown.text
    assert "{{" not in shown.text
    for language in ("en", "xx"):
        url = reverse("digests:mail", args=[digest.pk, language])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("role", "seen", "sends"),
    [(roles.EDITOR, 200, 302), (roles.OFFICE_KEEPER, 302, 302)],
)
def test_only_who_may_send_decides(client, site, role, seen, sends):
    digest = a_digest(site.newsletter, needs_approval=True)
    a_follower(site, "ana")
    fresh(site, "Agua")
    waiting = actions.take_turn(digest_id=digest.pk)
    client.force_login(person(role))
    url = reverse("digests:digest", args=[digest.pk])
    answer = client.get(url)
    assert answer.status_code == seen
    given = {"dispatch": waiting.pk}
    for name in ("approve", "leave_out", "make"):
        posted = client.post(reverse(f"digests:{name}", args=[digest.pk]), given)
        assert posted.status_code == sends
    waiting.refresh_from_db()
    assert waiting.state == "draft"


def test_an_administrator_sets_the_rhythm(client, site, time_machine):
    time_machine.move_to(datetime(2026, 11, 28, 12, tzinfo=UTC), tick=False)
    client.force_login(person(roles.ADMINISTRATOR))
    given = {
        "newsletter": site.newsletter.pk,
        "frequency": "weekly",
        "weekday": "0",
        "month_day": "1",
        "hour": "08:00",
        "minimum": "1",
        "sections": "projects",
        "is_on": "on",
    }
    client.post(reverse("digests:add"), given)
    digest = Digest.objects.get()
    assert digest.next_at == datetime(2026, 11, 30, 13, tzinfo=UTC)
    assert digest.since == timezone.now()
    listed = client.get(reverse("digests:index")).text
    assert "30 November 2026" in listed
    again = client.post(reverse("digests:add"), given)
    assert "has a digest of this frequency already" in again.text
    edit = reverse("digests:edit", args=[digest.pk])
    time_machine.shift(timedelta(hours=1))
    client.post(edit, given | {"weekday": "2"})
    digest.refresh_from_db()
    assert digest.next_at == datetime(2026, 12, 2, 13, tzinfo=UTC)
    assert digest.since == timezone.now() - timedelta(hours=1)
    client.post(edit, {name: given[name] for name in given if name != "is_on"})
    digest.refresh_from_db()
    assert digest.next_at is None
    client.post(edit, given | {"frequency": "monthly"})
    digest.refresh_from_db()
    assert digest.since == timezone.now()
    assert digest.frequency == "weekly"  # what hangs on it stays
    time_machine.shift(timedelta(days=8))
    due = digest.next_at
    client.post(edit, given)
    digest.refresh_from_db()
    assert digest.next_at == due


def test_a_digest_that_was_sent_is_not_deleted(client, site, weekly):
    client.force_login(person(roles.ADMINISTRATOR))
    a_follower(site, "ana")
    fresh(site, "Agua")
    turn(weekly)
    delete = reverse("digests:delete", args=[weekly.pk])
    assert client.get(delete).status_code == 302
    answer = client.post(delete, follow=True)
    assert "Switch it off instead" in answer.text
    assert Digest.objects.exists()
    Dispatch.objects.all().delete()
    client.post(delete)
    assert not Digest.objects.exists()


def test_a_form_that_is_saved_keeps_what_a_turn_noted_meanwhile(site):
    digest = a_digest(site.newsletter)
    a_follower(site, "ana")
    fresh(site, "Agua")
    known = {"weekday": 2, "month_day": 1, "hour": "07:00", "minimum": 3}
    form_class = DigestViewSet.edit_handler.bind_to_model(Digest).get_form_class()
    opened = Digest.objects.get(pk=digest.pk)
    known |= {"sections": digest.sections, "is_on": True}
    form = form_class(known, instance=opened)
    assert form.is_valid(), form.errors
    assert list(turn(digest)) == ["ana"]
    form.save()
    saved = Digest.objects.get(pk=digest.pk)
    assert (saved.told, saved.since) == (digest.told, digest.since)
    assert saved.told["why"] == Why.STARTED
    assert (saved.weekday, saved.minimum) == (2, 3)
