"""Outside links of an issue are asked by a worker, and told on the send page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.composing.linking import check_links, outside_links
from newsletter.composing.tasks import check_issue_links
from newsletter.models import LinkCheck
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, blocks, publish
from tests.newsletter.sending import a_reader
from tests.offices.factories import source_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with source_server() as answer:
        settings.OUTGOING_HTTP_ALLOW = [answer.url.split("/")[2]]
        yield answer


@pytest.fixture
def issue(server):
    site = SmallSite()
    a_reader(site.newsletter, "ana", "es")
    words = (
        f'<p>Lea <a href="{server.url}">esto</a> y <a href="mailto:a@b.c">eso</a></p>'
    )
    button = blocks(("button", {"text": "Aquí", "page": None, "url": server.url}))
    return site.issue(site.story("Agua"), intro_es=words, body_es=button)


@pytest.fixture(autouse=True)
def sender(client):
    client.force_login(person(roles.NEWSLETTER_SENDER))


def page_of(client, issue):
    return client.get(reverse("issue_sending:send", args=[issue.pk])).text


def test_only_what_lies_outside_is_asked(server, issue):
    assert check_links(issue) == len(server.asked) == 1
    assert LinkCheck.objects.get().trouble == ""


def test_a_link_that_answers_is_not_asked_again_for_a_while(server, issue):
    check_links(issue)
    assert check_links(issue) == 0
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=1))
    assert check_links(issue) == 1


def test_old_answers_are_forgotten(server, issue):
    LinkCheck.objects.create(
        url="x", key="x", checked_at=timezone.now() - timedelta(days=91)
    )
    check_links(issue)
    assert [row.url for row in LinkCheck.objects.all()] == [server.url]


@pytest.mark.parametrize("status", [404, 410, 500])
def test_a_dead_link_is_told_and_forgiven(client, server, issue, status):
    server.status = status
    check_issue_links(issue.pk)
    page = page_of(client, issue)
    assert 'data-problem="link-dead" data-language="es"' in page
    assert f"{server.url} does not work" in page
    assert str(status) in page
    assert "Send to 1 reader now" in page
    server.status = 200
    check_issue_links(issue.pk)
    assert "link-dead" not in page_of(client, issue)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_page_behind_a_guard_is_there(client, server, issue, status):
    server.status = status
    check_issue_links(issue.pk)
    assert "link-dead" not in page_of(client, issue)


def test_a_server_that_is_gone_is_told(client, server, issue, settings):
    settings.OUTGOING_HTTP_ALLOW = []
    check_issue_links(issue.pk)
    assert "link-dead" in page_of(client, issue)


def test_looking_asks_nobody(client, server, issue):
    page_of(client, issue)
    assert server.asked == []


def test_a_worker_is_woken_by_publishing_and_by_the_button(
    client, issue, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(
        "guards.waking.current_app.send_task", lambda *task: woken.append(task)
    )
    with django_capture_on_commit_callbacks(execute=True):
        issue.save_revision()
        publish(issue, "es")
    task = ("newsletter.tasks.check_issue_links", (issue.pk,))
    assert task in woken
    woken.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("issue_sending:links", args=[issue.pk]))
    assert woken == [task]


def test_an_issue_that_is_gone_is_not_asked_about():
    check_issue_links(99999)


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("https://a.example/x", ["https://a.example/x"]),
        ("http://testserver/es/", []),
        ("{{unsubscribe_url}}", []),
        ("mailto:a@b.example", []),
        ("https://[", []),
    ],
)
def test_what_counts_as_outside(href, found):
    assert outside_links(f'<a href="{href}">x</a><a>y</a>') == found
