"""What tests of the newsletter start from."""

from __future__ import annotations

import asyncio
import threading

import pytest

from guards import limits
from mail.actions import requeue_stuck, send_mail
from newsletter.models import Newsletter
from tests.faults.sink import Sink


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


@pytest.fixture
def sink(tmp_path):
    """A mail server on `sink.port` that keeps its mails in `sink.mails`.

    All of the loop in a thread of its own: a browser's may run in this one.
    """
    server = Sink(tmp_path / "accepted.log")
    ready = threading.Event()

    async def serve():
        server.loop, server.stop = asyncio.get_running_loop(), asyncio.Event()
        async with await server.start(0) as listener:
            server.port = listener.sockets[0].getsockname()[1]
            ready.set()
            await server.stop.wait()

    thread = threading.Thread(target=asyncio.run, args=[serve()])
    thread.start()
    assert ready.wait(5)
    yield server
    server.loop.call_soon_threadsafe(server.stop.set)
    thread.join()


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
