"""The catcher takes real SMTP, keeps a Maildir and shows an inbox, on loopback only."""

from __future__ import annotations

import json
import smtplib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command

from mail.catcher.smtp import smtp_server
from mail.catcher.store import Store
from mail.catcher.web import web_server
from scripts.servers import free_port


@dataclass
class Running:
    """A catcher with its two ports."""

    smtp: int
    web: str

    def send(self, subject: str = "Hola") -> None:
        message = EmailMessage()
        message["From"] = "news@centro.example"
        message["To"] = "ana@centro.example"
        message["Subject"] = subject
        message.set_content("Buenos días\n.punto\n")
        message.add_alternative("<p>Buenos <script>x</script></p>", subtype="html")
        message["Content-Language"] = "es"
        with smtplib.SMTP("127.0.0.1", self.smtp) as client:
            client.send_message(message)

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple:
        request = urllib.request.Request(  # noqa: S310
            self.web + path, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return answer.status, answer.read().decode(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), error.headers

    def caught(self) -> list[dict]:
        return json.loads(self.get("/messages.json")[1])


@pytest.fixture
def catcher(tmp_path) -> Iterator[Running]:
    store = Store(tmp_path / "mail")
    port = free_port()
    smtp, web = smtp_server(store, port), web_server(store, 0)
    smtp.start()
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield Running(port, f"http://127.0.0.1:{web.server_port}")
    smtp.stop()
    web.shutdown()
    web.server_close()


def test_a_mail_arrives_whole(catcher):
    catcher.send("¿Llegó — sí?")
    (mail,) = catcher.caught()
    assert mail["to"] == "ana@centro.example"
    assert mail["subject"] == "¿Llegó — sí?"
    assert mail["text"].splitlines() == ["Buenos días", ".punto"]
    assert mail["language"] == "es"


@pytest.mark.parametrize(("lang", "empty"), [("es", "Todavía"), ("en", "No mail yet")])
def test_an_empty_inbox_says_what_to_do(catcher, lang, empty):
    status, page, _headers = catcher.get("/", **{"Accept-Language": lang})
    assert status == 200
    assert f'lang="{lang}"' in page
    assert empty in page


def test_the_html_of_a_mail_runs_nothing(catcher):
    catcher.send()
    key = catcher.caught()[0]["key"]
    _status, page, _headers = catcher.get(f"/mail/{key}")
    assert "sandbox=" in page
    policy = catcher.get(f"/html/{key}")[2]["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("tab", ["text", "source", "nonsense"])
def test_each_view_of_a_mail_answers(catcher, tab):
    catcher.send()
    key = catcher.caught()[0]["key"]
    assert catcher.get(f"/mail/{key}?tab={tab}")[0] == 200


@pytest.mark.parametrize(
    "path", ["/mail/..%2f..%2fetc", "/mail/x", "/nothing", "/html/"]
)
def test_what_is_not_there_is_a_404(catcher, path):
    assert catcher.get(path)[0] == 404


def test_reading_deletes_nothing_and_a_post_deletes_all(catcher):
    catcher.send()
    catcher.get("/delete")
    assert len(catcher.caught()) == 1
    catcher.get("/delete", method="POST")
    assert catcher.caught() == []


def test_another_site_cannot_delete_or_read(catcher):
    catcher.send()
    answer = catcher.get("/delete", method="POST", Origin="https://evil.example")
    assert answer[0] == 403
    assert catcher.get("/messages.json", Host="evil.example")[0] == 403
    assert len(catcher.caught()) == 1


def test_it_never_runs_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("mail_catcher")
