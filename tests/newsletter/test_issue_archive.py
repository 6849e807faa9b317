"""The mail as it was sent stays in the archive, with its corrections beside it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from newsletter.composing.editions import build_edition
from newsletter.dispatching import actions
from pages.actions import unpublish_language
from tests.newsletter.issues import SmallSite, publish
from tests.newsletter.sending import a_reader, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SmallSite()


@pytest.fixture
def sent(site):
    """An issue that was sent in Spanish."""
    a_reader(site.newsletter, "ana", "es")
    issue = site.issue(site.story("Agua"))
    dispatch = actions.create_dispatch(
        newsletter=site.newsletter, title="Uno", issue_page=issue
    )
    editions = {"es": build_edition(issue, "es")}
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    run(actions.start_dispatch(dispatch_id=dispatch.pk))
    return issue


def mail_url(issue):
    edition = issue.dispatches.get().editions.get(language="es")
    return reverse("sent_mail", args=[edition.pk])


def test_the_archive_has_the_mail_as_it_was_sent(client, sent):
    page = client.get(sent.url_in("es")).text
    assert f'<iframe src="{mail_url(sent)}"' in page
    assert "El correo tal como se envió" in page
    sent.headline_es = "Otro titular"
    sent.save_revision()
    publish(sent, "es")
    answer = client.get(mail_url(sent))
    assert "Noviembre en la sierra" in answer.text
    assert "Otro titular" not in answer.text


def test_nothing_in_it_is_anybodys_and_nothing_runs(client, sent):
    answer = client.get(mail_url(sent))
    assert "{{" not in answer.text
    assert "lectores.example" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert '<base target="_blank">' in answer.text


def test_a_language_that_was_not_sent_has_no_mail(client, sent):
    assert "<iframe" not in client.get(sent.url_in("en")).text


def test_an_issue_that_is_taken_down_takes_its_mail_along(client, sent):
    unpublish_language(page=sent, language="es")
    assert client.get(mail_url(sent)).status_code == 404


@pytest.mark.parametrize("pk", [0, 99999, 10**18])
def test_no_other_mail_is_there(client, db, pk):
    assert client.get(reverse("sent_mail", args=[pk])).status_code == 404


def test_what_was_cancelled_was_not_sent(client, site):
    a_reader(site.newsletter, "ana", "es")
    issue = site.issue(site.story("Agua"))
    dispatch = actions.create_dispatch(
        newsletter=site.newsletter, title="Uno", issue_page=issue
    )
    editions = {"es": build_edition(issue, "es")}
    actions.freeze_dispatch(dispatch_id=dispatch.pk, editions=editions)
    assert client.get(mail_url(issue)).status_code == 404
    actions.cancel_dispatch(dispatch_id=dispatch.pk)
    assert client.get(mail_url(issue)).status_code == 404
    assert "<iframe" not in client.get(issue.url_in("es")).text


def test_a_correction_has_its_date_and_its_language(client, sent):
    sent.correction_es = "Son 300 familias, no 3000."
    sent.full_clean()
    sent.save_revision()
    publish(sent, "es")
    fresh = type(sent).objects.get(pk=sent.pk)
    assert fresh.corrected_on == timezone.localdate()
    page = client.get(sent.url_in("es")).text
    assert "Corrección, " in page
    assert "Son 300 familias" in page
    assert "Son 300" not in client.get(sent.url_in("en")).text
    assert "Son 300" not in client.get(mail_url(sent)).text
    assert "Son 300" not in build_edition(fresh, "es").html
