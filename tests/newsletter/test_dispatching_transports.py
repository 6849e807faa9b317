"""A newsletter may have a mail server of its own."""

from __future__ import annotations

import pytest

from newsletter.delivery.fakes import RecordingTransport
from newsletter.dispatching import running
from newsletter.errors import NoTransportError
from newsletter.models import Newsletter
from newsletter.viewsets import NewsletterViewSet
from tests.newsletter.sending import a_newsletter, counts_of, readers, started

pytestmark = pytest.mark.django_db
carried = RecordingTransport()


def made(*, name):
    """What an entry of NEWSLETTER_TRANSPORTS makes."""
    carried.name = name
    return carried


@pytest.fixture
def dispatch(settings):
    settings.NEWSLETTER_TRANSPORTS = {
        "bulk": {"MAKE": f"{__name__}.made", "OPTIONS": {"name": "x"}, "LIMIT": {}}
    }
    newsletter = a_newsletter(transport="bulk")
    newsletter.full_clean()
    readers(newsletter, 3)
    return started(newsletter)


def test_a_sending_goes_through_the_mail_server_its_newsletter_chose(dispatch):
    carried.accepted.clear()
    running.run_sender(dispatch.pk)
    assert (len(carried.accepted), carried.name) == (3, "x")
    assert counts_of(dispatch) == {"sent": 3}


def test_one_that_was_taken_away_is_named_and_nobody_is_lost(dispatch, settings):
    settings.NEWSLETTER_TRANSPORTS = {}
    with pytest.raises(NoTransportError):
        running.run_sender(dispatch.pk)
    dispatch.refresh_from_db()
    assert dispatch.failure.startswith("El servidor de correo «bulk» ya no está")
    assert counts_of(dispatch) == {"waiting": 3}


def test_a_site_with_one_mail_server_asks_nothing(settings):
    form = NewsletterViewSet().get_edit_handler().bind_to_model(Newsletter)
    assert "transport" not in form.get_form_options()["fields"]
