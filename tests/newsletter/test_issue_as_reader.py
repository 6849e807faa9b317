"""An issue as one reader would get it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.composing.scheduling import schedule_issue
from newsletter.dispatching.audience import Audience
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite
from tests.newsletter.sending import a_reader
from tests.newsletter.trees import plant_topics

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite()


@pytest.fixture
def issue(site):
    return site.issue(site.story("Agua"), site.story("Maíz", "es"))


@pytest.fixture(autouse=True)
def sender(client):
    client.force_login(person(roles.NEWSLETTER_SENDER))


def url(issue):
    return reverse("issue_sending:reader", args=[issue.pk])


def mail_url(issue, subscription):
    args = [issue.pk, subscription.subscriber_id]
    return reverse("issue_sending:reader_mail", args=args)


def test_a_reader_gets_their_language(client, site, issue):
    tom = a_reader(site.newsletter, "tom", "en")
    page = client.post(url(issue), {"address": "TOM@lectores.example"})
    assert "tom@lectores.example would get it in English" in page.text
    assert mail_url(issue, tom) in page.text
    mail = client.get(mail_url(issue, tom))
    assert "Agua en" in mail.text
    assert "Maíz" not in mail.text
    assert "{{" not in mail.text
    assert "frame-ancestors 'self'" in mail.headers["Content-Security-Policy"]
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": "unsubscribed"}, "1 person has left"),
        ({"health": "bounced"}, "an address that bounced"),
    ],
)
def test_who_would_get_nothing_is_told_why(client, site, issue, values, said):
    a_reader(site.newsletter, "ana", "es", **values)
    page = client.post(url(issue), {"address": "ana@lectores.example"}).text
    assert said in page
    assert "data-gets" not in page


def test_a_reader_of_another_newsletter_is_told(client, site, issue):
    ana = a_reader(site.newsletter, "ana", "es")
    subscriber = ana.subscriber
    ana.delete()
    page = client.post(url(issue), {"address": subscriber.address}).text
    assert "does not read this newsletter" in page


@pytest.mark.parametrize("address", ["nobody@lectores.example", "x", "ñ\udce1@x"])
def test_who_is_unknown_is_unknown(client, issue, address):
    page = client.post(url(issue), {"address": address.encode(errors="replace")})
    assert "Nobody we know" in page.text


def test_an_issue_with_nothing_to_say_has_no_mail(client, site):
    ana = a_reader(site.newsletter, "ana", "es")
    issue = site.issue()
    assert client.get(mail_url(issue, ana)).status_code == 404
    page = client.post(url(issue), {"address": ana.subscriber.address}).text
    assert "reads a language in which nothing is sent" in page


def test_the_audience_of_a_planned_issue_counts(client, site, issue):
    project, _country = plant_topics(site.home)
    tom = a_reader(site.newsletter, "tom", "en")
    a_reader(site.newsletter, "eva", "en").projects.set([project])
    audience = Audience(frozenset([project.pk]), with_undecided=False)
    at = timezone.now() + timedelta(days=1)
    schedule_issue(issue=issue, at=at, audience=audience)
    page = client.post(url(issue), {"address": tom.subscriber.address}).text
    assert "1 person follows other things" in page


def test_no_address_stands_in_an_address(client, site, issue):
    ana = a_reader(site.newsletter, "ana", "es")
    page = client.get(url(issue), {"address": ana.subscriber.address}).text
    assert "ana@" not in page


def test_who_may_not_see_readers_sees_none(client, site, issue):
    ana = a_reader(site.newsletter, "ana", "es")
    client.force_login(person(roles.EDITOR))
    for where in (url(issue), mail_url(issue, ana)):
        assert client.get(where).status_code in {302, 403}
