"""What tests of the newsletter start from."""

from __future__ import annotations

import pytest

from guards import limits
from mail.actions import requeue_stuck, send_mail
from newsletter.models import Newsletter


class Inbox:
    """What the mail room has sent to readers, sent at the moment one looks."""

    def __init__(self, outbox):
        self._outbox = outbox

    def all(self):
        for mail_id in requeue_stuck():
            send_mail(mail_id=mail_id)
        return self._outbox

    def only(self):
        (mail,) = self.all()
        return mail

    def count(self):
        return len(self.all())

    def clear(self):
        self.all().clear()


@pytest.fixture
def inbox(mailoutbox) -> Inbox:
    return Inbox(mailoutbox)


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    limits.forget()


def _make_newsletter(key: str, **names: str) -> Newsletter:
    return Newsletter.objects.create(
        key=key, from_address=f"{key}@centre.example", **names
    )


@pytest.fixture
def newsletter(db) -> Newsletter:
    return _make_newsletter(
        "monthly",
        name_es="Boletín mensual de la región",
        name_en="Monthly letter from the region",
        description_es="Una vez al mes, lo más importante.",
        description_en="Once a month, what matters most.",
    )


@pytest.fixture
def second_newsletter(newsletter) -> Newsletter:
    return _make_newsletter("notices", name_es="Avisos", name_en="Notices")
